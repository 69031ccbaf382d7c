"""What a student may answer next: strong arguments that nobody rebutted, and thin sides."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from apps.debates.enums import CLAIMS, ArgumentState, Relation
from apps.debates.models import Argument, Participant
from apps.debates.selectors.outlines import sees_outline
from apps.debates.tree import Node, reading_order

if TYPE_CHECKING:
    from apps.debates.selectors.runs import Seat

_MANY = 5


@dataclass(frozen=True, slots=True)
class Unanswered:
    """An argument of somebody else that no visible rebuttal answers.  strength: None: unrated."""

    public_id: UUID
    text: str
    side: str
    strength: float | None


@dataclass(frozen=True, slots=True)
class ThinSide:
    """A side with fewer than half the arguments of the largest.

    strongest: the argument of it that a support would help most; None where it has none open.
    """

    label: str
    count: int
    is_own: bool
    strongest: UUID | None


@dataclass(frozen=True, slots=True)
class Balance:
    unanswered: list[Unanswered]
    thin: list[ThinSide]


@dataclass(frozen=True, slots=True)
class _Row:
    pk: int
    parent: int | None
    is_locked: bool
    state: str
    relation: str
    side: int | None
    author: int
    total: int
    count: int

    @property
    def strength(self) -> float:
        return self.total / self.count if self.count else 0.0


def balance_of(seat: Seat, participant: Participant) -> Balance:
    """What waits, the other sides' strongest first; empty where others' words are not seen yet.

    Nothing of it depends on who wrote an argument, beyond whether the viewer did.
    Queries: 3, however many arguments.
    """
    if not sees_outline(seat):
        return Balance([], [])
    fields = ("pk", "parent", "is_locked", "state", "relation", "side", "author")
    found = Argument.objects.filter(run=seat.run).order_by("pk")
    rows = [_Row(*row) for row in found.values_list(*fields, "rating_sum", "rating_count")]
    nodes = [Node(row.pk, row.parent, row.is_locked) for row in rows]
    closed = {each.node.id for each in reading_order(nodes) if each.is_locked}
    there = [row for row in rows if row.state == ArgumentState.VISIBLE]
    rebutted = {row.parent for row in there if row.relation == Relation.REBUTTAL}
    others = [row for row in there if row.author != participant.pk and row.pk not in closed]
    waiting = sorted(
        (row for row in others if row.pk not in rebutted and row.relation in CLAIMS),
        key=lambda row: (row.side == participant.side_id, -row.strength, row.pk),
    )[:_MANY]
    sides = list(seat.run.debate.sides.all())
    counts = Counter(row.side for row in there)
    most = max((counts[side.pk] for side in sides), default=0)
    thin = [side for side in sides if 2 * counts[side.pk] < most]
    by_strength = sorted(others, key=lambda row: (-row.strength, row.pk))
    strongest = {row.side: row.pk for row in reversed(by_strength)}
    keys = {row.pk for row in waiting} | {
        strongest[side.pk] for side in thin if side.pk in strongest
    }
    texts = {
        pk: (public_id, text)
        for pk, public_id, text in Argument.objects.filter(pk__in=keys).values_list(
            "pk", "public_id", "text"
        )
    }
    labels = {side.pk: side.label for side in sides}
    return Balance(
        unanswered=[
            Unanswered(
                *texts[row.pk], labels.get(row.side or 0, ""), row.strength if row.count else None
            )
            for row in waiting
        ],
        thin=[
            ThinSide(
                label=side.label,
                count=counts[side.pk],
                is_own=side.pk == participant.side_id,
                strongest=texts[strongest[side.pk]][0] if side.pk in strongest else None,
            )
            for side in thin
        ],
    )
