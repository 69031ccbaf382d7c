from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.content import citations, search, selectors
from apps.content.dates import parse_edtf
from apps.content.errors import InvalidContent
from apps.content.markdown import RenderContext, render_markdown
from apps.content.models import (
    Actor,
    GlossaryTerm,
    Place,
    Reference,
    SourceParagraph,
    TimelineEvent,
)
from apps.content.services.courses import course_outline_refresh, event_of, row_assign

Noun = TypeVar("Noun", GlossaryTerm, Actor, TimelineEvent, Place)

TERM_FIELDS = ("slug", "term", "aliases", "definition")
ACTOR_FIELDS = ("slug", "name", "kind", "aliases", "description", "iso", "sco", "sco_since")
EVENT_FIELDS = ("slug", "date", "title", "description", "is_external")
PLACE_FIELDS = ("slug", "name", "kind", "latitude", "longitude", "description")
SEARCH_KINDS = {
    GlossaryTerm: "term",
    Actor: "actor",
    TimelineEvent: "event",
    Place: "place",
    Reference: "reference",
}
REFERENCE_FIELDS = ("key", "csl", "kind", "is_listed", "note", "status")


def search_key(noun: GlossaryTerm | Actor | TimelineEvent | Place | Reference) -> str:
    return noun.key if isinstance(noun, Reference) else noun.slug


@transaction.atomic
def reference_save(
    *, reference: Reference, fields: Mapping[str, Any], editor: User | None, now: datetime
) -> Reference:
    """Store a work; its APA entry is formatted here, once.

    fields: any of REFERENCE_FIELDS; `csl` is a CSL-JSON item without `id` and `custom`.
    Raises: ValidationError, by field; InvalidContent when `csl` is not a CSL item.
    """
    old_key = reference.key
    if row_assign(reference, fields, REFERENCE_FIELDS):
        try:
            reference.csl = citations.clean_csl(reference.csl)
        except ValueError as error:
            raise InvalidContent(str(error), field="csl") from error
        reference.title, reference.year = (
            citations.title_of(reference.csl),
            citations.year_of(reference.csl),
        )
        reference.authors_short = citations.short_authors(reference.csl)
        reference.sort_key = citations.sort_key(reference.csl)
        _format_entries(reference)
        reference.full_clean()
        reference.save()
        if old_key and old_key != reference.key:
            search.forget(course=reference.course, kind="reference", key=old_key)
        search.refresh_noun(reference)
        event_of(reference.course, "reference.saved", reference.public_id, editor, now)
        course_outline_refresh(course=reference.course)
    return reference


def _format_entries(reference: Reference) -> None:
    """Write the APA entry, and those of works that now need another letter ("2021b")."""
    others = list(Reference.objects.filter(course=reference.course).exclude(pk=reference.pk))
    before = citations.year_suffixes((work.key, work.csl) for work in others)
    works = [*others, reference]
    suffixes = citations.year_suffixes((work.key, work.csl) for work in works)
    for work in others:
        if before.get(work.key) != suffixes.get(work.key):
            work.apa_html = citations.format_apa(work.csl, year_suffix=suffixes.get(work.key, ""))
            work.save(update_fields=["apa_html", "updated_at"])
    reference.apa_html = citations.format_apa(
        reference.csl, year_suffix=suffixes.get(reference.key, "")
    )


@transaction.atomic
def reference_delete(*, reference: Reference, editor: User | None, now: datetime) -> None:
    """Delete a work that nothing uses.  Raises: InvalidContent, naming the uses."""
    uses = selectors.where_used(reference)
    if uses:
        raise InvalidContent(
            _("“%(key)s” is used in %(count)s places; change those first.")
            % {"key": reference.key, "count": len(uses)},
            field="key",
        )
    noun_delete(noun=reference, editor=editor, now=now)


@transaction.atomic
def term_save(
    *,
    term: GlossaryTerm,
    fields: Mapping[str, Any],
    sources: Sequence[str] | None = None,
    editor: User | None,
    now: datetime,
    context: RenderContext | None = None,
) -> GlossaryTerm:
    """Store a glossary term.  fields: any of TERM_FIELDS.  sources: paragraph numbers.

    Raises: ValidationError, by field; InvalidContent.
    """
    return _noun_save(term, fields, TERM_FIELDS, "definition", sources, editor, now, context)


@transaction.atomic
def actor_save(
    *,
    actor: Actor,
    fields: Mapping[str, Any],
    sources: Sequence[str] | None = None,
    editor: User | None,
    now: datetime,
    context: RenderContext | None = None,
) -> Actor:
    """Store an actor.  fields: any of ACTOR_FIELDS.  sources: paragraph numbers.

    Raises: ValidationError, by field; InvalidContent.
    """
    return _noun_save(actor, fields, ACTOR_FIELDS, "description", sources, editor, now, context)


@transaction.atomic
def timeline_event_save(
    *,
    event: TimelineEvent,
    fields: Mapping[str, Any],
    sources: Sequence[str] | None = None,
    actors: Sequence[str] | None = None,
    editor: User | None,
    now: datetime,
    context: RenderContext | None = None,
) -> TimelineEvent:
    """Store an event of the timeline; its EDTF date gives the days that it may mean.

    fields: any of EVENT_FIELDS.  sources: paragraph numbers.  actors: slugs of actors.
    Raises: ValidationError, by field; InvalidContent.
    """
    if "date" in fields:
        try:
            parsed = parse_edtf(str(fields["date"]))
        except ValueError as error:
            raise InvalidContent(str(error), field="date") from error
        event.starts_on, event.ends_on = parsed.starts_on, parsed.ends_on
    _noun_save(event, fields, EVENT_FIELDS, "description", sources, editor, now, context)
    if actors is not None:
        found = list(Actor.objects.filter(course=event.course, slug__in=actors))
        unknown = set(actors) - {actor.slug for actor in found}
        if unknown:
            raise InvalidContent(
                _("The course has no actor “%(slug)s”.") % {"slug": ", ".join(sorted(unknown))},
                field="actors",
            )
        event.actors.set(found)
    return event


@transaction.atomic
def place_save(
    *,
    place: Place,
    fields: Mapping[str, Any],
    sources: Sequence[str] | None = None,
    editor: User | None,
    now: datetime,
    context: RenderContext | None = None,
) -> Place:
    """Store a place.  fields: any of PLACE_FIELDS.  sources: paragraph numbers.

    Raises: ValidationError, by field; InvalidContent.
    """
    return _noun_save(place, fields, PLACE_FIELDS, "description", sources, editor, now, context)


def _noun_save(
    noun: Noun,
    fields: Mapping[str, Any],
    allowed: Sequence[str],
    text_field: str,
    sources: Sequence[str] | None,
    editor: User | None,
    now: datetime,
    context: RenderContext | None,
) -> Noun:
    course = noun.course
    old_slug = noun.slug
    changed = row_assign(noun, fields, allowed)
    if changed:
        context = replace(context or selectors.render_context(course), is_standalone=True)
        rendered = render_markdown(getattr(noun, text_field), context)
        errors = [problem for problem in rendered.problems if problem.is_error]
        if errors:
            raise InvalidContent("; ".join(p.message for p in errors), field=text_field)
        noun.html = rendered.html_with_footnotes
        noun.full_clean()
        noun.save()
        noun.references.set(Reference.objects.filter(course=course, key__in=rendered.citations))
    if sources is not None:
        found = list(SourceParagraph.objects.filter(article__course=course, number__in=sources))
        unknown = set(sources) - {paragraph.number for paragraph in found}
        if unknown:
            raise InvalidContent(
                _("The article has no paragraph %(number)s.")
                % {"number": ", ".join(sorted(unknown))},
                field="sources",
            )
        noun.sources.set(found)
        changed = True
    if changed:
        if old_slug and old_slug != noun.slug:
            search.forget(course=course, kind=SEARCH_KINDS[type(noun)], key=old_slug)
        search.refresh_noun(noun)
        event_of(course, f"{noun._meta.model_name}.saved", noun.public_id, editor, now)
        course_outline_refresh(course=course)
    return noun


@transaction.atomic
def noun_delete(
    *,
    noun: GlossaryTerm | Actor | TimelineEvent | Place | Reference,
    editor: User | None,
    now: datetime,
) -> None:
    """Delete a row that no lesson needs; the outbox keeps a tombstone.

    Raises: InvalidContent while something still points to it.
    """
    kind = f"{noun._meta.model_name}.deleted"
    event_of(noun.course, kind, noun.public_id, editor, now, is_tombstone=True)
    course = noun.course
    search.forget(course=course, kind=SEARCH_KINDS[type(noun)], key=search_key(noun))
    try:
        noun.delete()
    except ProtectedError as error:
        raise InvalidContent(
            _("“%(name)s” is still in use; change that first.") % {"name": noun}, field="__all__"
        ) from error
    course_outline_refresh(course=course)
