"""What one student still owes in the debates of their classes: for their home and calendar."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery

from apps.accounts.models import User
from apps.debates.enums import ArgumentState, PhaseKind, Relation, StanceMoment
from apps.debates.models import (
    Argument,
    DebateRun,
    PeerReview,
    RunPhase,
    Stance,
)
from apps.debates.phases import Window, phase_at


@dataclass(frozen=True, slots=True)
class AgendaDebate:
    """A run of a class, and what a student has still to give to it; counts are never below 0."""

    run: DebateRun
    windows: list[Window] = field(repr=False)
    phase: str | None
    lacks_opening: bool
    lacks_closing: bool
    arguments_owed: int
    rebuttals_owed: int
    reviews_due: int

    @property
    def phase_label(self) -> str:
        return str(PhaseKind(self.phase).label) if self.phase else ""

    @property
    def phase_ends_at(self) -> datetime | None:
        return next((each.closes_at for each in self.windows if each.kind == self.phase), None)

    def owes_in(self, kind: str) -> bool:
        """Whether something is lacking that the phase of this kind is there for."""
        return {
            "opening": self.lacks_opening,
            "arguing": bool(self.arguments_owed),
            "rebutting": bool(self.rebuttals_owed),
            "closing": self.lacks_closing,
            "reflecting": bool(self.reviews_due),
        }[kind]

    @property
    def is_owing(self) -> bool:
        """Whether something can be given now: latecomers give an opening stance in any phase."""
        return self.phase is not None and (self.lacks_opening or self.owes_in(self.phase))


def debates_agenda(student: User, classrooms: Collection[int], now: datetime) -> list[AgendaDebate]:
    """Every run of these classes of the student, the one that ends first at the top.  Queries: 1.

    One row for each phase, each with its run and the student's counts.
    """
    stances = Stance.objects.filter(participant__user=student, participant__run=OuterRef("run"))
    given = Argument.objects.filter(
        author__user=student, run=OuterRef("run"), state=ArgumentState.VISIBLE
    )
    reviews = PeerReview.objects.filter(
        reviewer__user=student, reviewer__run=OuterRef("run"), written_at__isnull=True
    )
    rows = (
        RunPhase.objects.filter(run__classroom__in=classrooms)
        .select_related("run__classroom")
        .defer("run__background_html")
        .annotate(
            has_opened=Exists(stances.filter(moment=StanceMoment.OPENING)),
            has_closed=Exists(stances.filter(moment=StanceMoment.CLOSING)),
            argued=_count(given.exclude(relation=Relation.REBUTTAL), "run"),
            rebutted=_count(given.filter(relation=Relation.REBUTTAL), "run"),
            reviews_due=_count(reviews, "reviewer__run"),
        )
        .order_by("run_id", F("opens_at").asc())
    )
    found: dict[int, AgendaDebate] = {}
    windows: dict[int, list[Window]] = {}
    for row in rows:
        windows.setdefault(row.run_id, []).append(Window(row.kind, row.opens_at, row.closes_at))
        run = row.run
        found[run.pk] = AgendaDebate(
            run=run,
            windows=windows[run.pk],
            phase=phase_at(windows[run.pk], now),
            lacks_opening=not row.has_opened,
            lacks_closing=not row.has_closed,
            arguments_owed=max(0, run.arguments_owed - (row.argued or 0)),
            rebuttals_owed=max(0, run.rebuttals_owed - (row.rebutted or 0)),
            reviews_due=row.reviews_due or 0,
        )
    return sorted(found.values(), key=lambda each: (each.windows[-1].closes_at, each.run.pk))


def parts_owed(
    phases: Collection[RunPhase], students: Mapping[int, Collection[int]]
) -> set[tuple[int, int]]:
    """(phase, person) of the students who lack something that the phase is there for.

    What `AgendaDebate.owes_in` says of one student, for whole classes.
    phases: with their runs.  students: {class: its students}.  Queries: 3.
    """
    runs = {phase.run_id for phase in phases}
    stances = set(
        Stance.objects.filter(participant__run__in=runs).values_list(
            "participant__run_id", "participant__user_id", "moment"
        )
    )
    argued: Counter[tuple[int, int | None]] = Counter()
    rebutted: Counter[tuple[int, int | None]] = Counter()
    given = Argument.objects.filter(run__in=runs, state=ArgumentState.VISIBLE)
    for run, person, relation in given.values_list("run_id", "author__user_id", "relation"):
        (rebutted if relation == Relation.REBUTTAL else argued)[run, person] += 1
    unwritten = PeerReview.objects.filter(reviewer__run__in=runs, written_at__isnull=True)
    reviewing = set(unwritten.values_list("reviewer__run_id", "reviewer__user_id"))

    def owes(phase: RunPhase, person: int) -> bool:
        key = phase.run_id, person
        return {
            PhaseKind.OPENING: (*key, StanceMoment.OPENING) not in stances,
            PhaseKind.ARGUING: argued[key] < phase.run.arguments_owed,
            PhaseKind.REBUTTING: rebutted[key] < phase.run.rebuttals_owed,
            PhaseKind.CLOSING: (*key, StanceMoment.CLOSING) not in stances,
            PhaseKind.REFLECTING: key in reviewing,
        }[PhaseKind(phase.kind)]

    return {
        (phase.pk, person)
        for phase in phases
        for person in students.get(phase.run.classroom_id, ())
        if owes(phase, person)
    }


def _count(rows: QuerySet, by: str) -> Subquery:  # type: ignore[type-arg]
    return Subquery(rows.order_by().values(by).annotate(number=Count("pk")).values("number"))
