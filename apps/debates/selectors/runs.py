"""Runs of a class, and the viewer's place in one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from apps.classrooms.models import Enrolment
from apps.content.models import Reference
from apps.core.errors import NotFound
from apps.debates import phases, policies
from apps.debates.enums import ArgumentState, PhaseKind, Relation, StanceMoment
from apps.debates.models import (
    Argument,
    Debate,
    DebateRun,
    Draft,
    Participant,
    RunPhase,
    Side,
    Stance,
)
from apps.debates.phases import Moment
from apps.debates.visibility import Viewer

if TYPE_CHECKING:
    from apps.accounts.models import User
    from apps.classrooms.models import Classroom


@dataclass(frozen=True, slots=True)
class Seat:
    """Who looks at a run, and what it is at now.

    participant: None for staff, and for a student before their opening stance.
    has_closed: whether the closing stance is recorded.  phase: None between phases.
    moment: what it is at, and what comes next.
    is_over: whether every phase has closed.  has_begun: whether a draft of theirs is kept.
    arguments_owed, rebuttals_owed: what a participant still owes, never below 0.
    """

    run: DebateRun
    phase: str | None
    phases: list[RunPhase]
    viewer: Viewer
    participant: Participant | None
    has_closed: bool
    arguments_owed: int
    rebuttals_owed: int
    is_over: bool
    has_begun: bool
    moment: Moment

    @property
    def sees_openings(self) -> bool:
        """Model openings are the staff's; students who took part may get them at the end."""
        takes_part = self.participant is not None
        return self.viewer.is_staff or (takes_part and self.is_over and self.run.shows_openings)

    @property
    def phase_label(self) -> str:
        return str(PhaseKind(self.phase).label) if self.phase else ""

    @property
    def may_open(self) -> bool:
        return not self.viewer.is_staff and self.participant is None and self.phase is not None

    @property
    def may_close(self) -> bool:
        return self.participant is not None and not self.has_closed and self.phase == "closing"

    @property
    def may_argue(self) -> bool:
        return self.participant is not None and self.phase == "arguing"

    @property
    def may_answer(self) -> bool:
        return self.participant is not None and self.phase in {"arguing", "rebutting"}

    @property
    def may_rate(self) -> bool:
        return self.participant is not None and self.phase in {"arguing", "rebutting", "closing"}


@dataclass(frozen=True, slots=True)
class Sight:
    """A run and who looks at it: as much of a Seat as decides what they may see."""

    run: DebateRun
    viewer: Viewer


def sight_of(
    run_id: UUID, *, classrooms: QuerySet[Classroom], user: User | None, is_staff: bool = False
) -> Sight:
    """A run of one of `classrooms`, as `user` sees it; with it come its class, school and course.

    is_staff: whether it is a school's own program that looks, which has no place in a class.
    Raises: NotFound.  Queries: 1.
    """
    place = Enrolment.objects.active().filter(classroom=OuterRef("classroom"), user=user)
    own = Participant.objects.filter(run=OuterRef("pk"), user=user)
    stances = Stance.objects.filter(
        participant__run=OuterRef("pk"), participant__user=user, moment=StanceMoment.OPENING
    )
    written = Argument.objects.filter(run=OuterRef("pk"), author__user=user)
    run = (
        DebateRun.objects.filter(public_id=run_id, classroom__in=classrooms)
        .select_related("classroom__school", "classroom__course", "debate")
        .defer("classroom__course__outline", "classroom__course__loaded_manifest")
        .annotate(
            role=Subquery(place.values("role")[:1]),
            participant_key=Subquery(own.values("pk")[:1]),
            has_stance=Exists(stances),
            has_posted=Exists(written),
        )
        .first()
    )
    if run is None or not (is_staff or run.role in policies.SEEING):
        raise NotFound(_("There is no such debate."))
    is_teaching = is_staff or run.role in policies.STAFF
    return Sight(
        run,
        Viewer(
            is_staff=is_teaching,
            participant_id=None if is_teaching else run.participant_key,
            has_stance=run.has_stance,
            has_posted=run.has_posted,
        ),
    )


def runs_of(classroom: Classroom) -> QuerySet[DebateRun]:
    """The class's debates, the newest first, with phases and people counted.  Queries: 2."""
    return (
        DebateRun.objects.filter(classroom=classroom)
        .annotate(people=Count("participants"))
        .prefetch_related("phases")
    )


def run_in(classroom: Classroom, run_id: UUID) -> DebateRun:
    """The caller has fetched the class for its viewer.  Raises: NotFound.  Queries: 2."""
    works = Reference.objects.filter(course=classroom.course_id).order_by("-updated_at")
    written = Argument.objects.filter(run=OuterRef("pk")).order_by("-pk")
    run = (
        DebateRun.objects.filter(classroom=classroom, public_id=run_id)
        .annotate(
            work_at=Subquery(works.values("updated_at")[:1]),
            debate_at=F("debate__updated_at"),
            last=Subquery(written.values("pk")[:1]),
        )
        .prefetch_related("phases")
        .first()
    )
    if run is None:
        raise NotFound(_("There is no such debate."))
    run.classroom = classroom
    run.named_at = (run.work_at, run.debate_at)
    run.newest = run.last or 0
    return run


def seat_of(run: DebateRun, user: User, *, is_staff: bool, now: datetime) -> Seat:
    """Queries: 0 for staff, otherwise 1."""
    participant, counts, has_opened, has_closed = None, (0, 0, 0), False, False
    has_begun = False
    if not is_staff:
        visible = Q(arguments__state=ArgumentState.VISIBLE)
        rebuttal = Q(arguments__relation=Relation.REBUTTAL)
        stances = Stance.objects.filter(participant=OuterRef("pk"))
        rows = Participant.objects.filter(run=run, user=user).select_related("side")
        participant = rows.annotate(
            written=Count("arguments"),
            given=Count("arguments", filter=visible & ~rebuttal),
            rebutted=Count("arguments", filter=visible & rebuttal),
            has_opened=Exists(stances.filter(moment=StanceMoment.OPENING)),
            has_closed=Exists(stances.filter(moment=StanceMoment.CLOSING)),
            has_begun=Exists(Draft.objects.filter(participant=OuterRef("pk"))),
        ).first()
    if participant is not None:
        participant.run = run
        has_opened, has_closed = participant.has_opened, participant.has_closed
        has_begun = participant.has_begun
        counts = (participant.written, participant.given, participant.rebutted)
    return Seat(
        run=run,
        phase=policies.phase_of(run, now),
        phases=list(run.phases.all()),
        viewer=Viewer(
            is_staff=is_staff,
            participant_id=participant.pk if participant else None,
            has_stance=has_opened,
            has_posted=counts[0] > 0,
        ),
        participant=participant,
        has_closed=has_closed,
        arguments_owed=max(0, run.arguments_owed - counts[1]),
        rebuttals_owed=max(0, run.rebuttals_owed - counts[2]),
        is_over=phases.is_over(policies.windows_of(run), now),
        has_begun=has_begun,
        moment=phases.moment_at(policies.windows_of(run), now),
    )


def participant_in(run: DebateRun, participant_id: UUID) -> Participant:
    """For staff.  Raises: NotFound.  Queries: 1."""
    participant = (
        Participant.objects.filter(run=run, public_id=participant_id)
        .select_related("user", "side")
        .first()
    )
    if participant is None:
        raise NotFound(_("Nobody of this debate is known by this."))
    participant.run = run
    return participant


def debates_offered(classroom: Classroom) -> QuerySet[Debate]:
    """The motions of the class's course, and those that its school wrote for itself.

    Each says as `is_held` whether a class holds it.
    """
    own = Q(school=None) | Q(school=classroom.school_id)
    held = DebateRun.objects.filter(debate=OuterRef("pk"))
    return Debate.objects.filter(own, course=classroom.course_id).annotate(is_held=Exists(held))


def debate_offered(classroom: Classroom, debate_id: UUID) -> Debate:
    """Raises: NotFound.  Queries: 1."""
    debate = debates_offered(classroom).filter(public_id=debate_id).first()
    if debate is None:
        raise NotFound(_("There is no such debate in the course of this class."))
    return debate


def debate_written(classroom: Classroom, debate_id: UUID) -> Debate:
    """A motion that the class's school wrote and no class holds yet.

    Raises: NotFound.  Queries: 1.
    """
    own = Debate.objects.filter(course=classroom.course_id, school=classroom.school_id, runs=None)
    debate = own.filter(public_id=debate_id).prefetch_related("sides").first()
    if debate is None:
        raise NotFound(_("There is no such motion of your school."))
    return debate


def motion_words(debate: Debate) -> dict[str, str]:
    """What its author wrote of a motion, by the names of MotionForm's fields."""
    labels = {f"label_{side.key}": side.label for side in debate.sides.all()}
    return {"motion": debate.motion, "background": debate.background, **labels}


def sides_of(run: DebateRun) -> QuerySet[Side]:
    """With what each may begin from.  Queries: 2."""
    rows = Side.objects.filter(debate=run.debate_id).select_related("actor")
    return rows.prefetch_related("sources__reference")
