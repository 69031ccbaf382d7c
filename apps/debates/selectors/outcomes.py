"""What staff see of a run: who owes what, what waits, how opinion moved."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q

from apps.classrooms.selectors import students_of
from apps.debates.enums import (
    CLAIMS,
    ArgumentState,
    Criterion,
    EvidenceKind,
    Relation,
    StanceMoment,
)
from apps.debates.models import Argument, Evidence, Moved, Participant, Report, RubricScore, Stance
from apps.debates.shifts import POINTS, Pair, Shift, shift

if TYPE_CHECKING:
    from apps.accounts.models import User
    from apps.debates.models import DebateRun

_MANY = 10


@dataclass(frozen=True, slots=True)
class Owed:
    """What one student has given and still owes; never below 0.  points: None before marking."""

    participant: Participant
    arguments: int
    rebuttals: int
    arguments_owed: int
    rebuttals_owed: int
    points: int | None

    @property
    def is_done(self) -> bool:
        return not self.arguments_owed and not self.rebuttals_owed


@dataclass(frozen=True, slots=True)
class ReportedArgument:
    """An argument with the reports that wait, the oldest first."""

    argument: Argument
    reports: list[Report]


@dataclass(frozen=True, slots=True)
class Shown:
    """How a run went. rows: (label of the stance before, counts by the stance after).

    movers: visible arguments with the most people that they moved, and how many these are: by
    marking it or by naming it at the close.  kinds: evidence by kind.
    sources: the works and paragraphs that evidence was most often taken from.
    thin: sides with fewer than half the arguments of the largest.
    unanswered: visible arguments that claim something, well rated, that nobody has rebutted.
    """

    shift: Shift
    points: range
    rows: list[tuple[int, tuple[int, ...]]]
    pairs: int
    movers: list[tuple[Argument, int]]
    unanswered: list[Argument]
    kinds: list[tuple[str, int]]
    sources: list[tuple[str, int]]
    sides: list[tuple[str, int, bool]]
    own_reasoning: int
    arguments: int


def assessed(run: DebateRun) -> list[Owed]:
    """Each participant with what they gave, by name.  Queries: 2."""
    counted = Q(arguments__state=ArgumentState.VISIBLE)
    people = (
        Participant.objects.filter(run=run)
        .select_related("user", "side")
        .annotate(
            given=Count("arguments", filter=counted & ~Q(arguments__relation=Relation.REBUTTAL)),
            rebutted=Count("arguments", filter=counted & Q(arguments__relation=Relation.REBUTTAL)),
        )
        .order_by("user__display_name", "pk")
    )
    points: dict[int, int] = defaultdict(int)
    levels = RubricScore.objects.filter(participant__run=run)
    for key, level in levels.values_list("participant_id", "level"):
        points[key] += level
    return [
        Owed(
            participant=person,
            arguments=person.given,
            rebuttals=person.rebutted,
            arguments_owed=max(0, run.arguments_owed - person.given),
            rebuttals_owed=max(0, run.rebuttals_owed - person.rebutted),
            points=points.get(person.pk),
        )
        for person in people
    ]


def absent(run: DebateRun) -> list[User]:
    """Students of the class without an opening stance, by name.  Queries: 1."""
    joined = Participant.objects.filter(run=run).values("user")
    return [enrolment.user for enrolment in students_of(run.classroom).exclude(user__in=joined)]


def next_unmarked(participant: Participant) -> Participant | None:
    """Who comes next in the order of `assessed` and has no marks; then from its beginning.

    Queries: 1.
    """
    rows = Participant.objects.filter(run=participant.run_id).order_by("user__display_name", "pk")
    marked = RubricScore.objects.filter(participant=OuterRef("pk"))
    people = list(rows.annotate(is_marked=Exists(marked)))
    here = next(place for place, each in enumerate(people) if each.pk == participant.pk)
    return next((each for each in people[here + 1 :] + people[:here] if not each.is_marked), None)


def comments_given(run: DebateRun) -> dict[str, list[str]]:
    """{criterion: comments}: those given most often in this debate, to be used again.

    Queries: 1.
    """
    given: dict[str, Counter[str]] = defaultdict(Counter)
    rows = RubricScore.objects.filter(participant__run=run).exclude(comment="")
    for criterion, comment in rows.order_by("pk").values_list("criterion", "comment"):
        given[criterion][comment] += 1
    return {
        criterion: [comment for comment, _count in counts.most_common(_MANY)]
        for criterion, counts in given.items()
    }


def reported(run: DebateRun) -> list[ReportedArgument]:
    """What waits for a moderator, the oldest report first.  Queries: 1."""
    rows = (
        Report.objects.filter(argument__run=run, decided_at=None)
        .select_related("argument__author__user", "participant__user")
        .order_by("reported_at", "pk")
    )
    waiting: dict[int, ReportedArgument] = {}
    for row in rows:
        entry = waiting.setdefault(row.argument_id, ReportedArgument(row.argument, []))
        entry.reports.append(row)
    return list(waiting.values())


def contributions(participant: Participant) -> tuple[list[Argument], dict[str, RubricScore]]:
    """What one student wrote, in order, and their marks by criterion.  Queries: 3."""
    arguments = list(
        participant.arguments.exclude(state=ArgumentState.WITHDRAWN)
        .select_related("parent")
        .prefetch_related("evidence__reference", "evidence__paragraph")
    )
    scores = {score.criterion: score for score in participant.scores.all()}
    return arguments, {name: scores[name] for name in Criterion.values if name in scores}


def results(run: DebateRun) -> Shown:
    """How opinion moved, and what moved it.  Queries: 6."""
    stances: dict[int, dict[str, Stance]] = defaultdict(dict)
    # Who marks an argument and names it at the close as well is moved by it once.
    moved_people: dict[int, set[int]] = defaultdict(set)
    for stance in Stance.objects.filter(participant__run=run):
        stances[stance.participant_id][stance.moment] = stance
        if stance.moved_by_id:
            moved_people[stance.moved_by_id].add(stance.participant_id)
    marks = Moved.objects.filter(argument__run=run)
    for key, person in marks.values_list("argument_id", "participant_id"):
        moved_people[key].add(person)
    pairs = [
        Pair(before.value, after.value, before.confidence, after.confidence)
        for both in stances.values()
        if (before := both.get(StanceMoment.OPENING)) and (after := both.get(StanceMoment.CLOSING))
    ]
    moved = shift(pairs)
    arguments = list(
        Argument.objects.filter(run=run, state=ArgumentState.VISIBLE).select_related(
            "side", "author__user"
        )
    )
    rebutted = {row.parent_id for row in arguments if row.relation == Relation.REBUTTAL}
    movers = [(row, len(moved_people[row.pk])) for row in arguments if moved_people[row.pk]]
    by_rating = sorted(arguments, key=lambda row: (-_mean(row), row.pk))
    evidence = Evidence.objects.filter(argument__run=run, argument__state=ArgumentState.VISIBLE)
    pieces = list(evidence.select_related("reference", "paragraph"))
    kinds = Counter(piece.kind for piece in pieces)
    # Two works may read alike, as two of one author and year do.
    named = {
        (piece.reference_id, piece.paragraph_id): str(piece.reference or piece.paragraph)
        for piece in pieces
        if piece.reference_id or piece.paragraph_id
    }
    used = Counter((piece.reference_id, piece.paragraph_id) for piece in pieces)
    sources = sorted(((named[key], used[key]) for key in named), key=lambda each: -each[1])
    return Shown(
        shift=moved,
        points=POINTS,
        rows=list(zip(POINTS, moved.matrix, strict=True)),
        pairs=len(pairs),
        movers=sorted(movers, key=lambda each: (-each[1], each[0].pk))[:_MANY],
        unanswered=[row for row in by_rating if row.pk not in rebutted and row.relation in CLAIMS][
            :_MANY
        ],
        kinds=[(str(kind.label), kinds[kind]) for kind in EvidenceKind],
        sources=sources[:_MANY],
        sides=_sides(run, arguments),
        own_reasoning=sum(row.is_own_reasoning for row in arguments),
        arguments=len(arguments),
    )


def _mean(row: Argument) -> float:
    return row.rating_sum / row.rating_count if row.rating_count else 0.0


def _sides(run: DebateRun, arguments: list[Argument]) -> list[tuple[str, int, bool]]:
    counts = Counter(row.side_id for row in arguments)
    sides = list(run.debate.sides.all())
    most = max((counts[side.pk] for side in sides), default=0)
    return [(side.label, counts[side.pk], 2 * counts[side.pk] < most) for side in sides]
