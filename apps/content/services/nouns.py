from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.accounts.models import User
from apps.content import search, selectors
from apps.content.dates import parse_edtf
from apps.content.errors import InvalidContent
from apps.content.markdown import RenderContext, Rendered, render_markdown
from apps.content.models import (
    Actor,
    GlossaryTerm,
    Place,
    Reference,
    SourceParagraph,
    TimelineEvent,
)
from apps.content.services.courses import (
    course_lock,
    course_outline_refresh,
    event_of,
    links_write,
    row_assign,
    row_delete,
    row_save,
)

Noun = GlossaryTerm | Actor | TimelineEvent | Place

TERM_FIELDS = ("slug", "term", "aliases", "definition")
ACTOR_FIELDS = ("slug", "name", "kind", "aliases", "description", "iso", "sco", "sco_since")
EVENT_FIELDS = ("slug", "date", "title", "description", "is_external")
PLACE_FIELDS = ("slug", "name", "kind", "latitude", "longitude", "description")
TEXT_FIELDS = {
    GlossaryTerm: "definition",
    Actor: "description",
    TimelineEvent: "description",
    Place: "description",
}
SEARCH_KINDS = {
    GlossaryTerm: "term",
    Actor: "actor",
    TimelineEvent: "event",
    Place: "place",
    Reference: "reference",
}


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
    with _noun_saving(term, editor, now) as change:
        change.made |= _text_write(term, fields, TERM_FIELDS, editor, context)
        change.made |= _sources_write(term, sources)
    return term


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
    with _noun_saving(actor, editor, now) as change:
        change.made |= _text_write(actor, fields, ACTOR_FIELDS, editor, context)
        change.made |= _sources_write(actor, sources)
    return actor


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
    with _noun_saving(event, editor, now) as change:
        change.made |= _text_write(event, fields, EVENT_FIELDS, editor, context)
        change.made |= _sources_write(event, sources)
        if actors is not None:
            found = Actor.objects.filter(course=event.course, slug__in=actors)
            change.made |= links_write(event.actors, found, "slug", actors, field="actors")
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
    with _noun_saving(place, editor, now) as change:
        change.made |= _text_write(place, fields, PLACE_FIELDS, editor, context)
        change.made |= _sources_write(place, sources)
    return place


@dataclass(slots=True)
class _Change:
    made: bool = False


@contextmanager
def _noun_saving(noun: Noun, editor: User | None, now: datetime) -> Iterator[_Change]:
    """Take the course, let the caller write, and tell the others if anything was changed."""
    course_lock(noun.course)
    old_slug = noun.slug if noun.pk else ""
    change = _Change()
    yield change
    if change.made:
        if old_slug and old_slug != noun.slug:
            search.forget(course=noun.course, kind=SEARCH_KINDS[type(noun)], key=old_slug)
        search.refresh_noun(noun)
        event_of(noun.course, f"{noun._meta.model_name}.saved", noun.public_id, editor, now)
        course_outline_refresh(course=noun.course)


def _text_write(
    noun: Noun,
    fields: Mapping[str, Any],
    allowed: Sequence[str],
    editor: User | None,
    context: RenderContext | None,
) -> bool:
    """Assign, render and store; says whether anything differed."""
    if not row_assign(noun, fields, allowed):
        return False
    field = TEXT_FIELDS[type(noun)]
    rendered = _rendered(noun, context or selectors.render_context(noun.course))
    errors = [problem for problem in rendered.problems if problem.is_error]
    if errors:
        raise InvalidContent("; ".join(problem.message for problem in errors), field=field)
    noun.html = _html(noun, rendered)
    row_save(noun, editor)
    works = Reference.objects.filter(course=noun.course, key__in=rendered.citations)
    noun.references.set(works)
    return True


def _rendered(noun: Noun, context: RenderContext) -> Rendered:
    context = replace(context, is_standalone=True)
    return render_markdown(getattr(noun, TEXT_FIELDS[type(noun)]), context)


def _html(noun: Noun, rendered: Rendered) -> str:
    with override(noun.course.language):
        return rendered.html_with_footnotes


def _sources_write(noun: Noun, numbers: Sequence[str] | None) -> bool:
    if numbers is None:
        return False
    found = SourceParagraph.objects.filter(article__course=noun.course, number__in=numbers)
    return links_write(noun.sources, found, "number", numbers, field="sources")


def nouns_rerender(*, nouns: Iterable[Noun], context: RenderContext) -> None:
    """Render texts again because what they name has changed; what they say has not.

    So neither their history nor the outbox hears of it.  Queries: about 5 for each that differs.
    """
    for noun in nouns:
        html = _html(noun, _rendered(noun, context))
        if html != noun.html:
            noun.html = html
            type(noun).objects.filter(pk=noun.pk).update(html=html)
            search.refresh_noun(noun)


def search_key(noun: Noun | Reference) -> str:
    return noun.key if isinstance(noun, Reference) else noun.slug


def check_unused(row: Noun | Reference, *, field: str = "__all__") -> None:
    """Raises: InvalidContent, counting the uses, while anything points to `row`."""
    uses = selectors.where_used(row)
    if uses:
        raise InvalidContent(
            _("“%(name)s” is used in %(count)s places; change those first.")
            % {"name": search_key(row), "count": len(uses)},
            field=field,
        )


@transaction.atomic
def noun_delete(*, noun: Noun | Reference, editor: User | None, now: datetime) -> None:
    """Delete a row that nothing uses; the outbox keeps a tombstone.

    Raises: InvalidContent, counting the uses.  Locks: Course.
    """
    course = noun.course
    course_lock(course)
    check_unused(noun)
    kind = f"{noun._meta.model_name}.deleted"
    event_of(course, kind, noun.public_id, editor, now, is_tombstone=True)
    search.forget(course=course, kind=SEARCH_KINDS[type(noun)], key=search_key(noun))
    row_delete(noun, editor)
    course_outline_refresh(course=course)
