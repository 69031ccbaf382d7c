"""A debate as a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from apps.debates import picture
from apps.debates.enums import ArgumentState, Relation
from apps.debates.models import Argument

if TYPE_CHECKING:
    from apps.debates.models import DebateRun


def place_name(number: int, relation: str, answers: int | None, side: str) -> str:
    """An argument by its place, without its words and its author: “3, rebuttal to 1, No”."""
    words = f"{number}, {Relation(relation).label}"
    if answers:
        words += " " + _("to %(number)d") % {"number": answers}
    return f"{words}, {side}" if side else words


@dataclass(frozen=True, slots=True)
class Dot:
    """An argument in the picture. leaning: of its side, 1, -1 or 0; is_there: not hidden or gone.

    under, after: the part of the tree that begins with it.
    """

    public_id: UUID
    number: int
    answers: int | None
    relation: str
    side: str
    leaning: int
    is_there: bool
    strength: float | None
    radius: float
    spot: picture.Spot
    under: UUID | None
    after: int

    @property
    def name(self) -> str:
        """What it is, to those who do not look, or who point at it."""
        name = place_name(self.number, self.relation, self.answers, self.side)
        if not self.is_there:
            return f"{name}, {_('not shown')}"
        if self.strength is not None:
            return f"{name}, {_('strength %(mean).1f of 5') % {'mean': self.strength}}"
        return name


@dataclass(frozen=True, slots=True)
class Picture:
    dots: list[Dot]
    motion_x: int
    motion_y: float
    width: float
    height: float


def picture_of(run: DebateRun) -> Picture:
    """For somebody who may see the arguments; no words and no names are in it.  Queries: 1."""
    rows = list(
        Argument.objects.filter(run=run)
        .order_by("pk")
        .values_list(
            *("pk", "public_id", "parent_id", "relation", "state"),
            *("side__label", "side__leaning", "rating_sum", "rating_count"),
        )
    )
    placed = picture.layout([(row[0], row[2]) for row in rows])
    ids = {row[0]: row[1] for row in rows}
    numbers = {key: number for number, key in enumerate(ids, start=1)}
    dots = []
    for row, spot in zip(rows, placed.spots, strict=True):
        pk, public_id, parent, relation, state, side, leaning, total, count = row
        is_there = state == ArgumentState.VISIBLE
        strength = total / count if count and is_there else None
        dots.append(
            Dot(
                public_id=public_id,
                number=numbers[pk],
                answers=numbers.get(parent),
                relation=relation,
                side=side or "",
                leaning=leaning or 0,
                is_there=is_there,
                strength=strength,
                radius=picture.radius(strength),
                spot=spot,
                under=ids.get(parent),
                after=pk - 1,
            )
        )
    return Picture(dots, picture.MARGIN, placed.motion_y, placed.width, placed.height)
