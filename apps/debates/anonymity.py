"""Names by which classmates know each other in an anonymous run."""

from collections.abc import Collection
from random import Random


def number_deal(taken: Collection[int], lot: Random) -> int:
    """A free number from 1, drawn so that it does not tell in which order people joined.

    Drawn from a range of at least twice as many as are taken, so that one is always free.
    """
    upper = max(100, 2 * (len(taken) + 1))
    used = frozenset(taken)
    return lot.choice([number for number in range(1, upper + 1) if number not in used])


def is_named(*, is_anonymous: bool, is_own: bool, is_staff: bool) -> bool:
    """Whether the viewer is told the author's name: classmates are not, in an anonymous run."""
    return is_own or is_staff or not is_anonymous
