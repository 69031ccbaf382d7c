"""What cards can be made from: the terms and dates of a course, where each is taught."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.content.models import (
    Course,
    GlossaryTerm,
    Section,
    SourceParagraph,
    TimelineEvent,
    Unit,
)
from apps.core.errors import NotFound
from apps.notes.models import Note
from apps.review.enums import OriginKind
from apps.review.models import ReviewCard
from apps.review.selectors.questions import missed_by


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something is taught, and the paragraph that it rests on; None and "" where unknown."""

    lesson_id: int | None = None
    anchor: str = ""
    paragraph: str = ""


@dataclass(frozen=True, slots=True)
class UnitOffer:
    """unit: None stands for the whole course. terms, events: how many have no card yet."""

    unit: Unit | None
    terms: int
    events: int


@dataclass(frozen=True, slots=True)
class Offer:
    course: Course
    whole: UnitOffer
    units: Sequence[UnitOffer]
    missed: int


def courses_readable() -> QuerySet[Course]:
    rows: QuerySet[Course] = (
        Course.objects.with_published_lessons()
        .defer("outline", "loaded_manifest")
        .order_by("title")
    )
    return rows


def course_of(slug: str) -> Course:
    """A course that can be read.  Raises: NotFound.  Queries: 1."""
    course = courses_readable().filter(slug=slug).first()
    if course is None:
        raise NotFound(_("There is no such course."))
    return course


def unit_of(course: Course, slug: str) -> Unit | None:
    """None for "": the whole course.  Raises: NotFound.  Queries: 1, or 0 for ""."""
    if not slug:
        return None
    unit = Unit.objects.filter(course=course, slug=slug).first()
    if unit is None:
        raise NotFound(_("There is no such unit."))
    return unit


def note_of(owner: User, public_id: UUID) -> Note:
    """One's own note.  Raises: NotFound.  Queries: 1."""
    rows = Note.objects.filter(author=owner, public_id=public_id)
    note = rows.select_related("lesson__unit").first()
    if note is None:
        raise NotFound(_("There is no such note."))
    return note


def terms_of(course: Course, unit: Unit | None) -> QuerySet[GlossaryTerm]:
    """The terms of a course; of a unit, those that its published lessons name."""
    rows = GlossaryTerm.objects.filter(course=course)
    if unit is None:
        return rows
    named = Section.terms.through.objects.filter(
        section__lesson__unit=unit, section__lesson__published_edition__isnull=False
    )
    return rows.filter(pk__in=named.values("glossaryterm"))


def events_of(course: Course, unit: Unit | None) -> QuerySet[TimelineEvent]:
    """The dates of a course; of a unit, those that rest on what its published lessons retell."""
    rows = TimelineEvent.objects.filter(course=course)
    if unit is None:
        return rows
    retold = SourceParagraph.objects.filter(
        sections__lesson__unit=unit, sections__lesson__published_edition__isnull=False
    )
    resting = TimelineEvent.sources.through.objects.filter(sourceparagraph__in=retold)
    return rows.filter(pk__in=resting.values("timelineevent"))


def known_origins(owner: User, kind: str) -> set[UUID]:
    """What this person has cards of already.  Queries: 1."""
    rows = ReviewCard.objects.filter(owner=owner, origin_kind=kind, origin_id__isnull=False)
    return {each for each in rows.values_list("origin_id", flat=True) if each is not None}


def offers(owner: User, course: Course, now: datetime) -> Offer:
    """What of a course this person could add.

    Queries: 7; and those of `missed_by`.
    """
    terms, events = known_origins(owner, OriginKind.TERM), known_origins(owner, OriginKind.EVENT)
    missed = known_origins(owner, OriginKind.QUESTION)
    in_course = Section.objects.filter(
        lesson__unit__course=course, lesson__published_edition__isnull=False
    )
    named = _by_unit(in_course.values_list("lesson__unit", "terms__public_id").distinct())
    dated = _by_unit(
        in_course.values_list("lesson__unit", "paragraphs__timelineevents__public_id").distinct()
    )
    all_terms = set(terms_of(course, None).values_list("public_id", flat=True))
    all_events = set(events_of(course, None).values_list("public_id", flat=True))
    return Offer(
        course=course,
        whole=UnitOffer(None, len(all_terms - terms), len(all_events - events)),
        units=[
            UnitOffer(
                unit,
                len(named.get(unit.pk, set()) - terms),
                len(dated.get(unit.pk, set()) - events),
            )
            for unit in course.units.all()
        ],
        missed=sum(each.public_id not in missed for each in missed_by(owner, now, course=course)),
    )


def spots_of_terms(terms: Iterable[GlossaryTerm]) -> dict[int, Spot]:
    """{term's pk: the first published section that names it, and its first paragraph}.

    Queries: 2.
    """
    pks = [term.pk for term in terms]
    taught = _published().filter(terms__in=pks).values_list("terms", "lesson", "anchor")
    return _spots(pks, taught, _paragraphs(GlossaryTerm, pks))


def spots_of_events(events: Iterable[TimelineEvent]) -> dict[int, Spot]:
    """{event's pk: the first published section that retells a paragraph of it, and that one}.

    Queries: 2.
    """
    pks = [event.pk for event in events]
    taught = (
        _published()
        .filter(paragraphs__timelineevents__in=pks)
        .values_list("paragraphs__timelineevents", "lesson", "anchor")
    )
    return _spots(pks, taught, _paragraphs(TimelineEvent, pks))


def _published() -> QuerySet[Section]:
    return Section.objects.filter(lesson__published_edition__isnull=False).order_by(
        "lesson__unit__position", "lesson__position", "position", "pk"
    )


def _paragraphs(model: type[GlossaryTerm | TimelineEvent], pks: list[int]) -> dict[int, str]:
    rows = model.objects.filter(pk__in=pks, sources__isnull=False)
    first: dict[int, str] = {}
    for pk, number in rows.order_by("sources__position").values_list("pk", "sources__number"):
        first.setdefault(pk, number)
    return first


def _spots(pks: list[int], taught: Iterable[Any], paragraphs: dict[int, str]) -> dict[int, Spot]:
    """In the order of `taught`, then those that are taught nowhere."""
    lessons: dict[int, tuple[int, str]] = {}
    for pk, lesson, anchor in taught:
        lessons.setdefault(pk, (lesson, anchor))
    found = {}
    for pk in [*lessons, *(pk for pk in pks if pk not in lessons)]:
        lesson, anchor = lessons.get(pk, (None, ""))
        found[pk] = Spot(lesson, anchor, paragraphs.get(pk, ""))
    return found


def _by_unit(pairs: Iterable[tuple[int, UUID | None]]) -> defaultdict[int, set[UUID]]:
    found: defaultdict[int, set[UUID]] = defaultdict(set)
    for unit, public_id in pairs:
        if public_id is not None:
            found[unit].add(public_id)
    return found
