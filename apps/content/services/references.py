from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from apps.accounts.models import User
from apps.content import citations, search, selectors
from apps.content.errors import InvalidContent
from apps.content.models import Course, Reference
from apps.content.services.courses import (
    course_lock,
    course_outline_refresh,
    event_of,
    row_assign,
    row_save,
)
from apps.content.services.nouns import Noun, check_unused, noun_delete, nouns_rerender

REFERENCE_FIELDS = ("key", "csl", "kind", "is_listed", "note", "status")


@transaction.atomic
def reference_save(
    *, reference: Reference, fields: Mapping[str, Any], editor: User | None, now: datetime
) -> Reference:
    """Store a work; its APA entry is formatted here, once.

    A second work of the same people and year gives both a letter ("2021a"). Texts of the
    glossary, the timeline and the like that cite a work whose label changes are rendered again;
    lessons show it once they are published again.
    fields: any of REFERENCE_FIELDS; `csl` is a CSL-JSON item without `id` and `custom`.
    Raises: ValidationError, by field; InvalidContent when `csl` is not a CSL item, or for another
    key of a work that texts cite.  Locks: Course.
    """
    course = reference.course
    course_lock(course)
    old_key = reference.key if reference.pk else ""
    if old_key and fields.get("key", old_key) != old_key:
        check_unused(reference, field="key")
    if not row_assign(reference, fields, REFERENCE_FIELDS):
        return reference
    try:
        reference.csl = citations.clean_csl(reference.csl)
    except ValueError as error:
        raise InvalidContent(str(error), field="csl") from error
    reference.title = citations.title_of(reference.csl)
    reference.authors_short = citations.short_authors(reference.csl)
    reference.sort_key = citations.sort_key(reference.csl)
    row_save(reference, editor)
    if old_key and old_key != reference.key:
        search.forget(course=course, kind="reference", key=old_key)
    labels_refresh(course=course, changed=reference)
    event_of(course, "reference.saved", reference.public_id, editor, now)
    course_outline_refresh(course=course)
    return reference


def labels_refresh(*, course: Course, changed: Reference | None = None) -> None:
    """Format the entries of `changed` and of every work whose letter is another now ("2021b").

    Queries: 1, and about 12 for each of those works.
    """
    works = list(Reference.objects.filter(course=course))
    suffixes = citations.year_suffixes((work.key, work.csl) for work in works)
    affected = []
    for work in works:
        year = citations.year_of(work.csl) + suffixes.get(work.key, "")
        if work != changed and work.year == year:
            continue
        row = changed if changed is not None and work == changed else work
        row.year = year
        row.apa_html = citations.format_apa(row.csl, year_suffix=suffixes.get(row.key, ""))
        Reference.objects.filter(pk=row.pk).update(year=row.year, apa_html=row.apa_html)
        search.refresh_noun(row)
        affected.append(row)
    nouns = [noun for work in affected for noun in _citing_nouns(work)]
    if nouns:
        nouns_rerender(nouns=nouns, context=selectors.render_context(course))


def _citing_nouns(work: Reference) -> list[Noun]:
    return [
        *work.glossaryterms.select_related("course"),
        *work.actors.select_related("course"),
        *work.timelineevents.select_related("course"),
        *work.places.select_related("course"),
    ]


@transaction.atomic
def reference_delete(*, reference: Reference, editor: User | None, now: datetime) -> None:
    """Delete a work that nothing uses.  Raises: InvalidContent, counting the uses.

    Works that were told apart from it by a letter lose theirs.  Locks: Course.
    """
    course = reference.course
    course_lock(course)
    noun_delete(noun=reference, editor=editor, now=now)
    labels_refresh(course=course)
