"""Totals of one student in one class. Pure, exact, and rounded once, at the end.

A mark m of an item worth M points has the ratio r = m / M. It counts unless it is missing (no
points yet), excused, or of an item with weight 0 or worth 0 points.

A category's ratio is R = Σ wᵢ·rᵢ / Σ wᵢ over its marks that count, without its `drop_lowest`
lowest. Lowest is by ratio; of equal ratios the heavier goes first, then the one further back. One
mark always stays.

The course's ratio is Σ Wⱼ·Rⱼ / Σ Wⱼ over the categories that have a ratio, each with its weight,
and the marks that count of items without a category, each with its item's weight.

Totals are percentages: 100·R with two places, halves up. Without anything that counts there is no
total: None, not zero.
Source: docs/grades.md
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor

MOST = Decimal("999999.99")  # what the database holds
OUT_OF = Decimal(100)  # the points of a total


@dataclass(frozen=True, slots=True)
class Column:
    """An item: `key` is whatever the caller knows it by; `group` the key of its category."""

    key: int
    max_points: Decimal
    weight: Decimal
    group: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A category."""

    key: int
    weight: Decimal
    drop_lowest: int = 0


@dataclass(frozen=True, slots=True)
class Totals:
    """total, groups: percentages, None where nothing counts.

    shares: what each mark that counts adds to the total, in percentage points; they add up to the
    total but for their own rounding.
    dropped: the columns that count for nothing because they are among the lowest.
    """

    total: Decimal | None
    groups: Mapping[int, Decimal | None]
    shares: Mapping[int, Decimal]
    dropped: frozenset[int]


def compute(
    columns: Sequence[Column], groups: Iterable[Group], marks: Mapping[int, Decimal]
) -> Totals:
    """The totals of one student.

    columns: in the gradebook's order.  marks: {column key: points}; a column that is missing or
    excused is not in it.
    """
    counted: dict[int | None, list[tuple[Column, Fraction]]] = {}
    for column in columns:
        points = marks.get(column.key)
        if points is not None and column.weight and column.max_points:
            ratio = Fraction(points) / Fraction(column.max_points)
            counted.setdefault(column.group, []).append((column, ratio))

    dropped: set[int] = set()
    parts: list[tuple[Fraction, list[tuple[Column, Fraction]]]] = [
        (Fraction(column.weight), [(column, ratio)]) for column, ratio in counted.get(None, ())
    ]
    percentages: dict[int, Decimal | None] = {}
    for group in groups:
        kept, lowest = _without_lowest(counted.get(group.key, []), group.drop_lowest)
        dropped.update(lowest)
        percentages[group.key] = percent(_mean(kept)) if kept else None
        if kept and group.weight:
            parts.append((Fraction(group.weight), kept))

    whole = sum(weight for weight, _part in parts)
    if not whole:
        return Totals(None, percentages, {}, frozenset(dropped))
    shares = {
        column.key: weight * Fraction(column.weight) * ratio / (_weight(part) * whole)
        for weight, part in parts
        for column, ratio in part
    }
    return Totals(
        total=percent(sum(shares.values(), Fraction(0))),
        groups=percentages,
        shares={key: percent(share) for key, share in shares.items()},
        dropped=frozenset(dropped),
    )


def percent(ratio: Fraction) -> Decimal:
    """`ratio`, which is not negative, as a percentage with two places, halves up."""
    hundredths = floor(ratio * 10_000 + Fraction(1, 2))
    return min(Decimal(hundredths).scaleb(-2), MOST)


def mean(values: Sequence[Decimal]) -> Decimal | None:
    """The mean with two places, halves up; None of nothing."""
    if not values:
        return None
    return percent(Fraction(sum(values, Decimal(0))) / len(values) / 100)


def _without_lowest(
    marks: list[tuple[Column, Fraction]], drop: int
) -> tuple[list[tuple[Column, Fraction]], list[int]]:
    """Marks that stay, in their order, and the keys of the others."""
    worst_first = sorted(
        range(len(marks)), key=lambda place: (marks[place][1], -marks[place][0].weight, -place)
    )
    gone = set(worst_first[: min(drop, len(marks) - 1)] if marks else ())
    kept = [mark for place, mark in enumerate(marks) if place not in gone]
    return kept, [marks[place][0].key for place in gone]


def _weight(marks: Iterable[tuple[Column, Fraction]]) -> Fraction:
    return sum((Fraction(column.weight) for column, _ratio in marks), Fraction(0))


def _mean(marks: Sequence[tuple[Column, Fraction]]) -> Fraction:
    added = sum((Fraction(column.weight) * ratio for column, ratio in marks), Fraction(0))
    return added / _weight(marks)
