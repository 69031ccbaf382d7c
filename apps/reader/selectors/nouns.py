"""Glossary, actors and timeline."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.content.dates import EdtfDate, parse_edtf
from apps.content.enums import ActorKind
from apps.content.models import Actor, GlossaryTerm, SourceParagraph, TimelineEvent
from apps.core.errors import NotFound
from apps.reader.selectors.courses import CourseFrame, course_frame
from apps.reader.selectors.uses import SectionLink, Uses, course_uses

KIND_HEADINGS = {
    ActorKind.STATE: gettext_lazy("States"),
    ActorKind.ORGANISATION: gettext_lazy("Organisations"),
    ActorKind.PERSON: gettext_lazy("People"),
    ActorKind.PROJECT: gettext_lazy("Projects"),
    ActorKind.GROUP: gettext_lazy("Groups"),
}


@dataclass(frozen=True, slots=True)
class TermPage:
    frame: CourseFrame
    term: GlossaryTerm
    sources: list[SourceParagraph]
    used_in: list[SectionLink]


@dataclass(frozen=True, slots=True)
class ActorPage:
    """taught_in: the sections that retell a paragraph which names this actor."""

    frame: CourseFrame
    actor: Actor
    sources: list[SourceParagraph]
    taught_in: list[SectionLink]
    events: list[TimelineEntry]


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    event: TimelineEvent
    date: EdtfDate


@dataclass(frozen=True, slots=True)
class Timeline:
    """decades: (first year of the decade, its entries), by the first day each may mean.

    total: events of the course before any filter.  years: of the first and the last event.
    """

    frame: CourseFrame
    decades: list[tuple[int, list[TimelineEntry]]]
    shown: int
    total: int
    actors: list[Actor]
    years: tuple[int, int] | None


def glossary(course: str) -> tuple[CourseFrame, list[tuple[str, list[GlossaryTerm]]]]:
    """The terms under their first letters.  Raises: NotFound.  Queries: 2."""
    frame = course_frame(course)
    terms = sorted(
        GlossaryTerm.objects.filter(course=frame.pk), key=lambda term: term.term.casefold()
    )
    return frame, [
        (letter, list(group))
        for letter, group in groupby(terms, key=lambda term: term.term[0].upper())
    ]


def term_page(course: str, slug: str) -> TermPage:
    """One term, where it is from and where it is used.  Raises: NotFound.  Queries: 3 and uses."""
    frame = course_frame(course)
    term = GlossaryTerm.objects.filter(course=frame.pk, slug=slug).first()
    if term is None:
        raise NotFound(_("The glossary has no such term."))
    return TermPage(
        frame=frame,
        term=term,
        sources=list(term.sources.order_by("position").defer("text")),
        used_in=course_uses(frame).terms.get(slug, []),
    )


def actors_by_kind(course: str) -> tuple[CourseFrame, list[tuple[str, list[Actor]]]]:
    """(heading of the kind, its actors by name).  Raises: NotFound.  Queries: 2."""
    frame = course_frame(course)
    actors = list(Actor.objects.filter(course=frame.pk).order_by("name"))
    groups = [
        (str(label), [actor for actor in actors if actor.kind == kind])
        for kind, label in KIND_HEADINGS.items()
    ]
    return frame, [(label, group) for label, group in groups if group]


def actor_page(course: str, slug: str) -> ActorPage:
    """One actor and what the course tells of it.  Raises: NotFound.  Queries: 4 and uses."""
    frame = course_frame(course)
    actor = Actor.objects.filter(course=frame.pk, slug=slug).first()
    if actor is None:
        raise NotFound(_("The course has no such actor."))
    sources = list(actor.sources.order_by("position").defer("text"))
    return ActorPage(
        frame=frame,
        actor=actor,
        sources=sources,
        taught_in=_taught_in(course_uses(frame), sources),
        events=_entries(actor.timeline_events.order_by("starts_on", "ends_on", "slug")),
    )


def _taught_in(uses: Uses, sources: Iterable[SourceParagraph]) -> list[SectionLink]:
    links = (link for row in sources for link in uses.paragraphs.get(row.number, []))
    return list(dict.fromkeys(links))


def timeline(
    course: str, *, actor: str = "", first_year: int | None = None, last_year: int | None = None
) -> Timeline:
    """The events that touch the years asked for, and concern the actor asked for.

    actor: a slug, or "" for all.  first_year, last_year: None is open.
    Raises: NotFound.  Queries: 6, whatever the number of events.
    """
    frame = course_frame(course)
    everything = TimelineEvent.objects.filter(course=frame.pk)
    bounds = list(everything.values_list("starts_on", "ends_on"))
    events = everything.order_by("starts_on", "ends_on", "slug")
    if actor:
        events = events.filter(actors__slug=actor)
    if first_year is not None:
        events = events.filter(ends_on__gte=date(first_year, 1, 1))
    if last_year is not None:
        events = events.filter(starts_on__lte=date(last_year, 12, 31))
    entries = _entries(events.prefetch_related("actors", "sources"))
    return Timeline(
        frame=frame,
        decades=[
            (decade, list(group))
            for decade, group in groupby(entries, key=lambda e: e.date.starts_on.year // 10 * 10)
        ],
        shown=len(entries),
        total=len(bounds),
        actors=list(
            Actor.objects.filter(course=frame.pk, timeline_events__isnull=False)
            .distinct()
            .order_by("name")
        ),
        years=(min(bounds)[0].year, max(end for _start, end in bounds).year) if bounds else None,
    )


def _entries(events: Iterable[TimelineEvent]) -> list[TimelineEntry]:
    return [TimelineEntry(event, parse_edtf(event.date)) for event in events]
