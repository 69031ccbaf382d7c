"""How opinion moved between the opening stance and the closing one."""

from collections.abc import Sequence
from dataclasses import dataclass

POINTS = range(-3, 4)


@dataclass(frozen=True, slots=True)
class Pair:
    """One student's two stances: value -3 to 3, confidence 1 to 5."""

    before: int
    after: int
    confidence_before: int
    confidence_after: int


@dataclass(frozen=True, slots=True)
class Shift:
    """matrix: rows by the stance before, columns by the stance after, from -3 to 3.

    The means are None where nobody gave both stances.
    """

    matrix: tuple[tuple[int, ...], ...]
    rose: int
    fell: int
    stayed: int
    mean_change: float | None
    mean_confidence_change: float | None


def shift(pairs: Sequence[Pair]) -> Shift:
    count = len(pairs)
    changes = [pair.after - pair.before for pair in pairs]
    confidence = sum(pair.confidence_after - pair.confidence_before for pair in pairs)
    return Shift(
        matrix=tuple(
            tuple(
                sum(pair.before == before and pair.after == after for pair in pairs)
                for after in POINTS
            )
            for before in POINTS
        ),
        rose=sum(change > 0 for change in changes),
        fell=sum(change < 0 for change in changes),
        stayed=changes.count(0),
        mean_change=sum(changes) / count if count else None,
        mean_confidence_change=confidence / count if count else None,
    )
