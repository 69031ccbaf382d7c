"""Shares as ratios. Pure."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from apps.quizzes.types.contract import ONE, ZERO, Grade, Spec

# The process's own context may change; a grade may not.
_CONTEXT = Context(prec=30, rounding=ROUND_HALF_UP)
_STEP = Decimal("0.000001")


def ratio(share: Fraction) -> Decimal:
    """A share in [0, 1] with six decimals, so that a third of 3.00 points is 1.00."""
    share = min(max(share, Fraction(0)), Fraction(1))
    if share.denominator == 1:
        return Decimal(share.numerator)
    exact = _CONTEXT.divide(Decimal(share.numerator), Decimal(share.denominator))
    return exact.quantize(_STEP, context=_CONTEXT)


def graded(share: Fraction) -> Grade:
    return Grade(ratio(share))


def whole(is_right: bool) -> Decimal:  # noqa: FBT001 - the one thing it is about
    return ONE if is_right else ZERO


def rule_of(spec: Spec, rules: tuple[str, ...]) -> str:
    """The rule that a spec names, or the default."""
    name = spec.get("rule")
    return name if name in rules else rules[0]


def by_parts(right: int, parts: int, *, is_all_or_nothing: bool) -> Fraction:
    """The share of the parts that are right; or all, or nothing."""
    if is_all_or_nothing:
        return Fraction(int(right == parts))
    return Fraction(right, parts)


def right_minus_wrong(right: int, keys: int, wrong: int, distractors: int) -> Fraction:
    """right / keys - wrong / distractors, never below nothing."""
    taken = Fraction(wrong, distractors) if distractors else Fraction(0)
    return max(Fraction(right, keys) - taken, Fraction(0))
