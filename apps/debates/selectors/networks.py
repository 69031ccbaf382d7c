"""Who took part how much, and who answered whom."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from apps.debates import network
from apps.debates.enums import ArgumentState, Relation
from apps.debates.models import Argument, Participant

if TYPE_CHECKING:
    from apps.debates.models import DebateRun


@dataclass(frozen=True, slots=True)
class Share:
    """How much one person wrote. rebuttals, answers: of `written`, those to others.

    heard: how often others answered them.  x, y: their place in the picture.
    """

    name: str
    written: int
    rebuttals: int
    answers: int
    heard: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Link:
    """A line of the picture; width in its units."""

    x1: float
    y1: float
    x2: float
    y2: float
    count: int
    width: float


@dataclass(frozen=True, slots=True)
class Replies:
    """shares: by name.  The counts are of people, `mutual` of pairs."""

    shares: list[Share]
    links: list[Link]
    mutual: int
    unanswered: int
    apart: int


def replies(run: DebateRun) -> Replies:
    """Participation, and who answered whom, of what is visible.  Queries: 2."""
    people = list(
        Participant.objects.filter(run=run)
        .select_related("user")
        .order_by("user__display_name", "pk")
    )
    rows = Argument.objects.filter(run=run, state=ArgumentState.VISIBLE).values_list(
        "author", "relation", "parent__author"
    )
    arguments = list(rows)
    found = network.network(
        [person.pk for person in people],
        [(author, answered) for author, _relation, answered in arguments if answered],
    )
    spots = {spot.person: spot for spot in network.circle([person.pk for person in people])}
    written = Counter(author for author, _relation, _answered in arguments)
    rebuttals = Counter(
        author for author, relation, _answered in arguments if relation == Relation.REBUTTAL
    )
    answers, heard = Counter[int](), Counter[int]()
    for (author, answered), count in found.links.items():
        answers[author] += count
        heard[answered] += count
    wrote_unheard = [key for key in found.unanswered if written[key]]
    return Replies(
        shares=[
            Share(
                name=person.user.display_name or _("Somebody without a name"),
                written=written[person.pk],
                rebuttals=rebuttals[person.pk],
                answers=answers[person.pk],
                heard=heard[person.pk],
                x=spots[person.pk].x,
                y=spots[person.pk].y,
            )
            for person in people
        ],
        links=_links(found, spots),
        mutual=found.mutual,
        unanswered=len(wrote_unheard),
        apart=len(found.apart),
    )


def _links(found: network.Network, spots: dict[int, network.Spot]) -> list[Link]:
    return [
        Link(
            spots[author].x,
            spots[author].y,
            spots[answered].x,
            spots[answered].y,
            count,
            min(1 + 0.75 * (count - 1), 6),
        )
        for (author, answered), count in sorted(found.links.items())
    ]
