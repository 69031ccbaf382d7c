"""What answers tell of items and quizzes. Pure; docs/item-analysis.md explains every figure.

Only the first submitted attempt of each student counts: later ones have seen the items. Scores
are ratios in [0, 1]; an item that was left empty earned 0 and counts.

Sources: facility, discrimination index and discriminative efficiency as Moodle's quiz report
defines them; the item-rest correlation and alpha after Cronbach (1951), "Coefficient alpha and
the internal structure of tests", Psychometrika 16; upper and lower groups of 27 per cent after
Kelley (1939), "The selection of upper and lower groups for the validation of test items".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isnan, sqrt
from statistics import fmean, median

SMALL_SAMPLE = 30  # below it, figures are shown with a warning
GROUP_RATIO = 0.27


@dataclass(frozen=True, slots=True)
class Answer:
    """One student's answer to an item.

    ratio: what it earned, before hints.  rest: the mean ratio of the student's other items,
    weighted by points; None where the quiz has no other.  codes: what was chosen (`tally`).
    """

    student: int
    ratio: float
    rest: float | None
    codes: tuple[str, ...] = ()
    seconds: int = 0
    confidence: int | None = None


@dataclass(frozen=True, slots=True)
class ChoiceFigures:
    """How often a choice was taken: by all, and by the upper, middle and lower groups."""

    code: str
    count: int
    upper: int
    middle: int
    lower: int

    @property
    def is_attractive_to_strong(self) -> bool:
        """More of the upper than of the lower group chose it."""
        return self.upper > self.lower


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """Everything about one version of an item. None: cannot be computed from these answers.

    facility: mean ratio.  deviation: standard deviation of the ratio (n - 1).
    discrimination: Pearson's correlation of item and rest, in [-1, 1].
    efficiency: discrimination as a share of the highest that these marks allow.
    """

    count: int
    facility: float | None = None
    deviation: float | None = None
    discrimination: float | None = None
    efficiency: float | None = None
    median_seconds: float | None = None
    empty_ratio: float | None = None
    mean_confidence: float | None = None
    choices: tuple[ChoiceFigures, ...] = field(default=())

    @property
    def is_small(self) -> bool:
        return self.count < SMALL_SAMPLE


@dataclass(frozen=True, slots=True)
class QuizFigures:
    """A whole quiz. Points are shares of its total, in [0, 1]; None: too little to go by."""

    count: int
    mean: float | None = None
    median: float | None = None
    deviation: float | None = None
    items: int = 0
    alpha: float | None = None  # Cronbach's alpha
    error: float | None = None  # standard error of measurement

    @property
    def is_small(self) -> bool:
        return self.count < SMALL_SAMPLE


def variance(values: Sequence[float]) -> float | None:
    """Unbiased, over n - 1; None for fewer than two values."""
    if len(values) < 2:
        return None
    mean = fmean(values)
    return sum((value - mean) ** 2 for value in values) / (len(values) - 1)


def covariance(left: Sequence[float], right: Sequence[float]) -> float | None:
    """Unbiased, over n - 1; None for fewer than two pairs."""
    if len(left) < 2:
        return None
    mean_left, mean_right = fmean(left), fmean(right)
    pairs = zip(left, right, strict=True)
    return sum((x - mean_left) * (y - mean_right) for x, y in pairs) / (len(left) - 1)


def correlation(left: Sequence[float], right: Sequence[float]) -> float | None:
    """Pearson's r in [-1, 1]; None where either side does not vary."""
    shared, spread_left, spread_right = covariance(left, right), variance(left), variance(right)
    if shared is None or not spread_left or not spread_right:
        return None
    ratio = shared / sqrt(spread_left) / sqrt(spread_right)
    return None if isnan(ratio) else max(-1.0, min(1.0, ratio))


def efficiency(items: Sequence[float], rests: Sequence[float]) -> float | None:
    """The covariance of item and rest over the covariance of both sorted: at most 1."""
    shared, most = covariance(items, rests), covariance(sorted(items), sorted(rests))
    if shared is None or not most or most < 1e-12:
        return None
    return shared / most


def alpha(rows: Sequence[Sequence[float]]) -> float | None:
    """Cronbach's alpha: k / (k - 1) * (1 - sum of item variances / variance of the sums).

    rows: one for each student, with the points of each item in the same order.
    None with fewer than two items or two students, or when the sums do not vary.
    """
    if len(rows) < 2 or len(rows[0]) < 2:
        return None
    count = len(rows[0])
    total = variance([sum(row) for row in rows])
    if not total or total < 1e-12:
        return None
    parts = [variance(column) or 0.0 for column in zip(*rows, strict=True)]
    return count / (count - 1) * (1 - sum(parts) / total)


def item_figures(answers: Sequence[Answer], codes: Sequence[str] = ()) -> ItemFigures:
    """Analyse one version of an item.

    codes: what can be chosen, in the item's order; free answers add the ten commonest.
    """
    if not answers:
        return ItemFigures(count=0)
    ratios = [answer.ratio for answer in answers]
    paired = [(answer.ratio, answer.rest) for answer in answers if answer.rest is not None]
    items, rests = [item for item, _rest in paired], [rest for _item, rest in paired]
    spread = variance(ratios)
    timed = [answer.seconds for answer in answers if answer.seconds]
    sure = [answer.confidence for answer in answers if answer.confidence is not None]
    return ItemFigures(
        count=len(answers),
        facility=fmean(ratios),
        deviation=None if spread is None else sqrt(spread),
        discrimination=correlation(items, rests),
        efficiency=efficiency(items, rests),
        median_seconds=median(timed) if timed else None,
        empty_ratio=sum(not answer.codes for answer in answers) / len(answers),
        mean_confidence=fmean(sure) if sure else None,
        choices=_choices(answers, codes),
    )


def quiz_figures(points: Mapping[int, Sequence[float]], max_points: Sequence[float]) -> QuizFigures:
    """Analyse a quiz over the items that every counted student was asked.

    points: {student: points of each item, in one order}.  max_points: of the items.
    """
    rows = list(points.values())
    most = sum(max_points)
    if not rows or not most:
        return QuizFigures(count=len(rows), items=len(max_points))
    shares = [sum(row) / most for row in rows]
    spread = variance(shares)
    deviation = None if spread is None else sqrt(spread)
    reliability = alpha(rows)
    error = None
    if deviation is not None and reliability is not None:
        error = deviation * sqrt(max(0.0, 1 - reliability))
    return QuizFigures(
        count=len(rows),
        mean=fmean(shares),
        median=median(shares),
        deviation=deviation,
        items=len(max_points),
        alpha=reliability,
        error=error,
    )


def groups(answers: Sequence[Answer]) -> tuple[set[int], set[int]]:
    """The students of the upper and of the lower 27 per cent by their rest score."""
    ranked = sorted(
        (answer for answer in answers if answer.rest is not None),
        key=lambda answer: (answer.rest, answer.student),
    )
    size = max(1, round(len(ranked) * GROUP_RATIO)) if len(ranked) >= 2 else 0
    lower = {answer.student for answer in ranked[:size]}
    upper = {answer.student for answer in ranked[len(ranked) - size :]}
    return upper - lower, lower - upper


def _choices(answers: Sequence[Answer], codes: Sequence[str]) -> tuple[ChoiceFigures, ...]:
    upper, lower = groups(answers)
    everybody: Counter[str] = Counter()
    by_group = {"upper": Counter[str](), "lower": Counter[str]()}
    for answer in answers:
        everybody.update(answer.codes)
        if answer.student in upper:
            by_group["upper"].update(answer.codes)
        elif answer.student in lower:
            by_group["lower"].update(answer.codes)
    free = [code for code, _count in everybody.most_common() if code not in set(codes)]
    return tuple(
        ChoiceFigures(
            code=code,
            count=everybody[code],
            upper=by_group["upper"][code],
            middle=everybody[code] - by_group["upper"][code] - by_group["lower"][code],
            lower=by_group["lower"][code],
        )
        for code in (*codes, *free[:10])
    )
