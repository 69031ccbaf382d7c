"""What an answer, an attempt and several attempts earn. Pure: the same in, the same out.

Points are Decimals with two places, rounded half up once, at the end of each sum.
Source of the rules: docs/grades.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from apps.quizzes.types import TYPES

ZERO, ONE = Decimal(0), Decimal(1)
CENT = Decimal("0.01")
RATIO = Decimal("0.000001")  # how finely a response's ratio is stored


@dataclass(frozen=True, slots=True)
class ItemResult:
    """ratio: before hints.  points: None while a person has still to mark."""

    ratio: Decimal | None
    points: Decimal | None
    needs_marking: bool


@dataclass(frozen=True, slots=True)
class AttemptResult:
    """points: None while an item waits for a person.  Both without the items left out."""

    points: Decimal | None
    max_points: Decimal


@dataclass(frozen=True, slots=True)
class Counted:
    """An attempt as the gradebook counts it, in the order of its number."""

    points: Decimal
    max_points: Decimal
    days_late: int


def cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


def hints_cost(hints: Sequence[Mapping[str, Any]], taken: int) -> Decimal:
    """The share of an item's points that the first `taken` hints lose, in [0, 1]."""
    return min(ONE, sum((Decimal(hint["cost"]) for hint in hints[:taken]), ZERO))


def grade_answer(
    kind: str,
    spec: Mapping[str, Any],
    answer: Mapping[str, Any],
    *,
    max_points: Decimal,
    cost: Decimal = ZERO,
) -> ItemResult:
    """Grade one answer by its type's rule; `cost` is the share that hints lost.

    An answer that a person must mark has no points yet; one that was left empty earns 0 and
    troubles nobody.
    """
    if not answer:
        return ItemResult(ZERO, cents(ZERO), needs_marking=False)
    grade = TYPES[kind].grade(spec, answer)
    if grade.needs_marking:
        return ItemResult(None, None, needs_marking=True)
    return ItemResult(
        grade.ratio.quantize(RATIO, rounding=ROUND_HALF_UP),
        item_points(grade.ratio, max_points=max_points, cost=cost),
        needs_marking=False,
    )


def item_points(ratio: Decimal, *, max_points: Decimal, cost: Decimal = ZERO) -> Decimal:
    """points = max_points * max(0, ratio - cost): a hint never costs more than was earned."""
    return cents(max_points * max(ZERO, ratio - cost))


def rubric_ratio(spec: Mapping[str, Any], marks: Mapping[str, str]) -> Decimal:
    """The weighted mean of a rubric's marks: sum(weight * credit) / sum(weight), in [0, 1].

    Raises: KeyError when a criterion has no mark.
    """
    criteria = spec["rubric"]
    weights = [Decimal(criterion.get("weight", "1")) for criterion in criteria]
    earned = [Decimal(marks[criterion["id"]]) for criterion in criteria]
    total = sum(weights, ZERO)
    if not total:
        return ZERO
    return sum((w * e for w, e in zip(weights, earned, strict=True)), ZERO) / total


def attempt_result(items: Iterable[tuple[Decimal | None, Decimal, bool]]) -> AttemptResult:
    """Add up an attempt.  items: (points or None, max_points, is it left out)."""
    counted = [(points, most) for points, most, is_void in items if not is_void]
    most = sum((most for _points, most in counted), ZERO)
    points = [points for points, _most in counted]
    if any(point is None for point in points):
        return AttemptResult(None, cents(most))
    return AttemptResult(cents(sum((point or ZERO for point in points), ZERO)), cents(most))


def late_ratio(days_late: int, penalty: Decimal) -> Decimal:
    """What is left of the points: 1 - days * penalty, never below 0."""
    return max(ZERO, ONE - days_late * penalty)


def scaled(attempt: Counted, *, out_of: Decimal, penalty: Decimal) -> Decimal:
    """An attempt's points in the gradebook's measure, lateness counted; unrounded."""
    if not attempt.max_points:
        return ZERO
    share = attempt.points / attempt.max_points
    return share * out_of * late_ratio(attempt.days_late, penalty)


def counting_points(
    method: str, attempts: Sequence[Counted], *, out_of: Decimal, penalty: Decimal
) -> Decimal | None:
    """What several attempts come to: the best, last, first, or their mean. None without any.

    Attempts that still wait for a person's mark are not among `attempts`.
    """
    points = [scaled(attempt, out_of=out_of, penalty=penalty) for attempt in attempts]
    if not points:
        return None
    return cents(
        {
            "best": max(points),
            "last": points[-1],
            "first": points[0],
            "mean": sum(points, ZERO) / len(points),
        }[method]
    )
