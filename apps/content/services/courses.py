from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.content import selectors
from apps.content.errors import InvalidContent
from apps.content.models import Article, Course, Lesson, Reference, SourceParagraph, Unit
from apps.content.outline import build_outline
from apps.core import services as core

COURSE_FIELDS = (
    *("slug", "title", "summary", "language"),
    *("licence_name", "licence_url", "licence_notice", "school"),
)
ARTICLE_FIELDS = (
    *("title", "authors", "journal", "year", "volume", "issue", "pages", "doi"),
    *("published", "licence"),
)
UNIT_FIELDS = ("slug", "title", "summary", "position")
PARAGRAPH_FIELDS = ("number", "position", "heading", "page", "gist", "text", "note")


def row_assign(row: Any, fields: Mapping[str, Any], allowed: Sequence[str]) -> bool:
    """Set the allowed fields that differ; says whether anything did. Refuses unknown names."""
    unknown = set(fields) - set(allowed)
    if unknown:
        raise TypeError(
            f"{type(row).__name__} has no such field here: {', '.join(sorted(unknown))}"
        )
    changed = row.pk is None
    for name, value in fields.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
            changed = True
    return changed


def event_of(
    course: Course, kind: str, subject_id: UUID, editor: User | None, now: datetime, **more: bool
) -> None:
    """Tell the outbox of a change within `course`.  Queries: 1."""
    core.event_append(
        kind=kind,
        subject_id=subject_id,
        school_id=course.school.public_id if course.school else None,
        actor_id=editor.public_id if editor else None,
        now=now,
        **more,
    )


@transaction.atomic
def course_save(
    *, course: Course, fields: Mapping[str, Any], editor: User | None, now: datetime
) -> Course:
    """Store a new or changed course and tell the outbox.

    fields: any of COURSE_FIELDS.  Raises: ValidationError, by field.
    """
    if row_assign(course, fields, COURSE_FIELDS):
        course.full_clean(exclude=["outline", "loaded_manifest"])
        course.save()
        event_of(course, "course.saved", course.public_id, editor, now)
        course_outline_refresh(course=course)
    return course


@transaction.atomic
def article_save(
    *, course: Course, fields: Mapping[str, Any], editor: User | None, now: datetime
) -> Article:
    """Store the bibliographic data of the article that `course` retells.

    fields: any of ARTICLE_FIELDS.  Raises: ValidationError, by field.
    """
    article = Article.objects.filter(course=course).first() or Article(course=course)
    if row_assign(article, fields, ARTICLE_FIELDS):
        article.full_clean()
        article.save()
        event_of(course, "course.saved", course.public_id, editor, now)
        course_outline_refresh(course=course)
    return article


@transaction.atomic
def unit_save(*, unit: Unit, fields: Mapping[str, Any], editor: User | None, now: datetime) -> Unit:
    """Store a new or changed unit.  fields: any of UNIT_FIELDS.  Raises: ValidationError."""
    if row_assign(unit, fields, UNIT_FIELDS):
        unit.full_clean()
        unit.save()
        event_of(unit.course, "unit.saved", unit.public_id, editor, now)
        course_outline_refresh(course=unit.course)
    return unit


@transaction.atomic
def unit_delete(*, unit: Unit, editor: User | None, now: datetime) -> None:
    """Delete a unit that holds no lesson; the outbox keeps a tombstone.

    Raises: InvalidContent while it holds one.
    """
    if unit.lessons.exists():
        raise InvalidContent(
            _("“%(name)s” still holds lessons; move or delete them first.") % {"name": unit},
            field="__all__",
        )
    course = unit.course
    event_of(course, "unit.deleted", unit.public_id, editor, now, is_tombstone=True)
    unit.delete()
    course_outline_refresh(course=course)


@transaction.atomic
def units_reorder(*, course: Course, slugs: Sequence[str]) -> None:
    """Give the units of `course` the order of `slugs`; units not named follow as they were.

    Queries: 4, whatever the number of units.
    """
    order = {slug: index for index, slug in enumerate(slugs)}
    units = list(course.units.select_for_update().order_by("position", "pk"))
    units.sort(key=lambda unit: order.get(unit.slug, len(order)))
    for position, unit in enumerate(units):
        unit.position = position
    Unit.objects.bulk_update(units, ["position"])
    course_outline_refresh(course=course)


@transaction.atomic
def paragraph_save(
    *,
    paragraph: SourceParagraph,
    fields: Mapping[str, Any],
    cites: Sequence[str] | None,
    editor: User | None,
    now: datetime,
) -> SourceParagraph:
    """Store a paragraph's number, gist and note, and which works it cites.

    fields: any of PARAGRAPH_FIELDS.  cites: citation keys, or None to leave them.
    Raises: ValidationError, by field; Reference.DoesNotExist never: unknown keys are refused
    by the forms and checks that call this.
    """
    course = paragraph.article.course
    changed = row_assign(paragraph, fields, PARAGRAPH_FIELDS)
    if changed:
        paragraph.full_clean()
        paragraph.save()
    if cites is not None:
        works = Reference.objects.filter(course=course, key__in=cites)
        before = set(paragraph.cites.values_list("pk", flat=True))
        if before != {work.pk for work in works}:
            paragraph.cites.set(works)
            changed = True
    if changed:
        event_of(course, "paragraph.saved", course.public_id, editor, now)
        course_outline_refresh(course=course)
    return paragraph


@transaction.atomic
def paragraph_delete(*, paragraph: SourceParagraph, editor: User | None, now: datetime) -> None:
    """Delete a paragraph that nothing names.  Raises: InvalidContent, counting the uses."""
    uses = selectors.where_used(paragraph)
    if uses:
        raise InvalidContent(
            _("“%(number)s” is used in %(count)s places; change those first.")
            % {"number": paragraph.number, "count": len(uses)},
            field="number",
        )
    course = paragraph.article.course
    paragraph.delete()
    event_of(course, "paragraph.deleted", course.public_id, editor, now)
    course_outline_refresh(course=course)


def course_outline_refresh(*, course: Course) -> None:
    """Write the outline that readers see and count a new version of the course's pages.

    Called by every service that changes what a page's frame or a list shows.  Queries: 2.
    """
    rows = (
        Lesson.objects.filter(unit__course=course)
        .published()
        .order_by("unit__position", "unit__pk", "position", "pk")
        .values(
            "slug",
            unit_slug=F("unit__slug"),
            unit_title=F("unit__title"),
            unit_summary=F("unit__summary"),
            edition_title=F("published_edition__title"),
            minutes=F("published_edition__reading_minutes"),
            checksum=F("published_edition__checksum"),
        )
    )
    outline = build_outline(rows)
    Course.objects.filter(pk=course.pk).update(
        outline=outline, outline_version=F("outline_version") + 1
    )
    course.outline = outline
