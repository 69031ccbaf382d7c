"""Which side a student argues."""

from collections.abc import Mapping, Sequence
from random import Random


def balanced(sizes: Mapping[int, int], lot: Random) -> int:
    """One of the smallest sides, by lot. sizes: {side id: people}, not empty."""
    least = min(sizes.values())
    return lot.choice(sorted(side for side, size in sizes.items() if size == least))


def against(leanings: Mapping[int, int], sizes: Mapping[int, int], stance: int, lot: Random) -> int:
    """The smallest side that leans away from `stance` (-3 to 3).

    Whoever is undecided, or finds no side that leans away, goes to the smallest of all.
    """
    opposed = [side for side, leaning in leanings.items() if leaning * stance < 0]
    return balanced({side: sizes[side] for side in opposed or leanings}, lot)


def drawn(sides: Sequence[int], lot: Random) -> int:
    return lot.choice(sides)
