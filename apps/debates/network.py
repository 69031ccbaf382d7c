"""Who answered whom in a debate, and a picture of it.  Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, pi, sin


@dataclass(frozen=True, slots=True)
class Network:
    """links: {(who answers, who is answered): how often}; nobody is linked to themselves.

    mutual: pairs who answered each other.  unanswered: who wrote and was never answered.
    apart: who neither answered nor was answered.
    """

    links: dict[tuple[int, int], int]
    mutual: int
    unanswered: list[int]
    apart: list[int]


@dataclass(frozen=True, slots=True)
class Spot:
    """A person on the circle. x, y: in units of the picture."""

    person: int
    x: float
    y: float


def network(people: Sequence[int], answers: Iterable[tuple[int, int]]) -> Network:
    """answers: (author, author of what is answered) of each argument that answers another's.

    An answer to oneself, or of or to somebody not among `people`, is left out.
    """
    known = frozenset(people)
    links = Counter(
        (author, answered)
        for author, answered in answers
        if author != answered and author in known and answered in known
    )
    heard = {answered for _author, answered in links}
    linked = heard | {author for author, _answered in links}
    return Network(
        links=dict(links),
        mutual=sum((answered, author) in links for author, answered in links) // 2,
        unanswered=[person for person in people if person not in heard],
        apart=[person for person in people if person not in linked],
    )


def circle(people: Sequence[int], *, size: float = 400, margin: float = 30) -> list[Spot]:
    """The people evenly on a circle, from the top and clockwise."""
    middle, radius = size / 2, size / 2 - margin
    turn = 2 * pi / max(len(people), 1)
    return [
        Spot(
            person,
            round(middle + radius * sin(place * turn), 1),
            round(middle - radius * cos(place * turn), 1),
        )
        for place, person in enumerate(people)
    ]
