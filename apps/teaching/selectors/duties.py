"""What there is to do in the classes that somebody runs or helps to run."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from uuid import UUID

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.classrooms.enums import STAFF_ROLES, Role
from apps.classrooms.models import Classroom, Enrolment
from apps.debates.enums import ArgumentState
from apps.debates.models import Argument, Report, RunPhase
from apps.learning import selectors as learning
from apps.quizzes.enums import AttemptState, ContestState
from apps.quizzes.models import Contest, Response
from apps.teaching.standing import Standing, Student, standing_of

# {primary key: public id} of classes
Places = Mapping[int, UUID]


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that waits. since: the oldest of it, None where it does not age."""

    text: str
    detail: str
    url: str
    count: int
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A class with what it needs. standing: of its students, by when they last did anything."""

    enrolment: Enrolment
    students: int
    duties: Sequence[Duty] = field(default_factory=list)
    standing: Standing | None = None

    @property
    def classroom(self) -> Classroom:
        classroom: Classroom = self.enrolment.classroom
        return classroom


@dataclass(frozen=True, slots=True)
class TeachingHome:
    """cards: running classes, those with the most to do first."""

    cards: Sequence[Card]

    @property
    def count(self) -> int:
        return sum(duty.count for card in self.cards for duty in card.duties)


def home_of(user: User, now: datetime) -> TeachingHome:
    """Every running class that `user` is on the staff of.

    Queries: 6, whatever the classes: the classes, answers to mark, objections, reports, arguments
    without a source, and when each student last did anything.
    """
    rows = list(
        Enrolment.objects.active()
        .filter(user=user, role__in=STAFF_ROLES, classroom__archived_at__isnull=True)
        .select_related("classroom__course")
        .defer("classroom__course__outline", "classroom__course__loaded_manifest")
        .annotate(
            students=Count(
                "classroom__enrolments",
                filter=Q(
                    classroom__enrolments__role=Role.STUDENT,
                    classroom__enrolments__removed_at__isnull=True,
                ),
            )
        )
        .order_by("-classroom__created_at", "-pk")
    )
    if not rows:
        return TeachingHome([])
    classrooms = [row.classroom for row in rows]
    duties = duties_of(classrooms, now)
    standings = standings_of(classrooms, now)
    cards = [
        Card(row, row.students, duties[row.classroom_id], standings[row.classroom_id])
        for row in rows
    ]
    return TeachingHome(sorted(cards, key=lambda card: not card.duties))


def card_of(classroom: Classroom, now: datetime) -> Card:
    """One class that the caller has fetched for its staff.  Queries: 5, as above."""
    standing = standings_of([classroom], now)[classroom.pk]
    return Card(
        classroom.viewer_enrolment,
        standing.count,
        duties_of([classroom], now)[classroom.pk],
        standing,
    )


def duties_of(classrooms: Collection[Classroom], now: datetime) -> dict[int, list[Duty]]:
    """{class: what waits there, marking first}.  Queries: 4."""
    places = {classroom.pk: classroom.public_id for classroom in classrooms}
    found: dict[int, list[Duty]] = {pk: [] for pk in places}
    for place, duty in chain(
        _to_mark(places), _objections(places), _reports(places), _without_source(places, now)
    ):
        found[place].append(duty)
    return found


def standings_of(classrooms: Collection[Classroom], now: datetime) -> dict[int, Standing]:
    """{class: when its students last did anything, and who has stopped}.  Queries: 1."""
    students: dict[int, list[Student]] = {classroom.pk: [] for classroom in classrooms}
    for enrolment, last_at in learning.activity_of(classrooms):
        students[enrolment.classroom_id].append(
            Student(
                public_id=enrolment.public_id,
                name=enrolment.user.get_short_name(),
                joined_at=enrolment.created_at,
                last_at=last_at,
            )
        )
    return {pk: standing_of(rows, now) for pk, rows in students.items()}


def _to_mark(places: Places) -> Iterator[tuple[int, Duty]]:
    rows = (
        Response.objects.filter(
            attempt__assignment__classroom__in=places, needs_marking=True, is_void=False
        )
        .exclude(attempt__state=AttemptState.OPEN)
        .values_list(
            "attempt__assignment__classroom",
            "attempt__assignment__public_id",
            "attempt__assignment__title",
        )
        .annotate(count=Count("pk"), since=Min("attempt__submitted_at"))
        .order_by("since")
    )
    for place, assignment, title, count, since in rows:
        text = ngettext("%(count)d answer to mark", "%(count)d answers to mark", count)
        url = reverse("quizzes:marking", args=[places[place], assignment])
        yield place, Duty(text % {"count": count}, title, url, count, since)


def _objections(places: Places) -> Iterator[tuple[int, Duty]]:
    rows = (
        Contest.objects.filter(
            response__attempt__assignment__classroom__in=places, state=ContestState.OPEN
        )
        .values_list("response__attempt__assignment__classroom")
        .annotate(count=Count("pk"), since=Min("created_at"))
        .order_by("since")
    )
    for place, count, since in rows:
        text = ngettext("%(count)d objection", "%(count)d objections", count)
        url = reverse("quizzes:objections", args=[places[place]])
        yield place, Duty(text % {"count": count}, _("to questions"), url, count, since)


def _reports(places: Places) -> Iterator[tuple[int, Duty]]:
    """Arguments that wait for a moderator, however many reported each."""
    rows = (
        Report.objects.filter(argument__run__classroom__in=places, decided_at__isnull=True)
        .values_list(
            "argument__run__classroom", "argument__run__public_id", "argument__run__motion"
        )
        .annotate(count=Count("argument", distinct=True), since=Min("reported_at"))
        .order_by("since")
    )
    for place, run, motion, count, since in rows:
        text = ngettext("%(count)d report", "%(count)d reports", count)
        url = reverse("debates:moderation", args=[places[place], run])
        yield place, Duty(text % {"count": count}, motion, url, count, since)


def _without_source(places: Places, now: datetime) -> Iterator[tuple[int, Duty]]:
    """Visible arguments of debates still held that rest on their author's own reasoning, or on a
    quotation that was not found in its source.
    """
    held = RunPhase.objects.filter(closes_at__gt=now).values("run")
    rows = (
        Argument.objects.filter(
            run__classroom__in=places, run__in=held, state=ArgumentState.VISIBLE
        )
        .filter(Q(is_own_reasoning=True) | Q(evidence__is_quotation_found=False))
        .values_list("run__classroom", "run__public_id", "run__motion")
        .annotate(count=Count("pk", distinct=True))
        .order_by("-count", "run__motion")
    )
    for place, run, motion, count in rows:
        text = ngettext(
            "%(count)d argument without a source", "%(count)d arguments without a source", count
        )
        url = reverse("debates:run", args=[places[place], run])
        yield place, Duty(text % {"count": count}, motion, url, count)
