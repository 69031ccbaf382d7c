"""Item analysis of an assignment: what its answers tell of every question, and of the whole.

Computed from the first attempt of each student whenever it is looked at, so it is never out of
date; docs/item-analysis.md explains the figures.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from apps.quizzes import presentation, statistics
from apps.quizzes.enums import AttemptState
from apps.quizzes.models import Assignment, Attempt, Question, QuestionVersion, Response
from apps.quizzes.types import TYPES

BINS = 10
HISTORY = 1000  # attempts that an author's figures are drawn from
_BAR, _GAP, _HEIGHT = 26, 6, 120  # of the histogram, in units of its picture


@dataclass(frozen=True, slots=True)
class ChoiceLine:
    """A row of the distractor table."""

    part: str
    words: SafeString
    is_key: bool
    figures: statistics.ChoiceFigures


@dataclass(frozen=True, slots=True)
class ItemAnalysis:
    """One version of a question. readings: what the figures say, in plain words."""

    version: QuestionVersion
    stem: str
    figures: statistics.ItemFigures
    choices: Sequence[ChoiceLine]
    readings: Sequence[str | Promise]


@dataclass(frozen=True, slots=True)
class Bin:
    """A bar of the histogram: shares from `low` to `high` per cent; the rest is its picture."""

    low: int
    high: int
    count: int
    x: int
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class QuizAnalysis:
    """waiting: answers that are not marked yet and therefore left out."""

    figures: statistics.QuizFigures
    bins: Sequence[Bin]
    items: Sequence[ItemAnalysis]
    waiting: int

    @property
    def percent(self) -> Mapping[str, float | None]:
        """mean, median, deviation and error in percent of the points."""
        names = ("mean", "median", "deviation", "error")
        values = {name: getattr(self.figures, name) for name in names}
        return {name: None if value is None else 100 * value for name, value in values.items()}


def analysis_of(assignment: Assignment) -> QuizAnalysis:
    """Queries: 2, whatever the class."""
    firsts: dict[int, int] = {}
    submitted = Attempt.objects.filter(assignment=assignment).exclude(state=AttemptState.OPEN)
    for student, pk in submitted.order_by("student", "number").values_list("student", "pk"):
        firsts.setdefault(student, pk)
    responses = _responses(firsts.values())
    by_attempt = _graded_by_attempt(responses)
    graded = {row.pk for rows in by_attempt.values() for row in rows}
    by_version: dict[int, list[Response]] = {}
    for row in responses:
        if row.pk in graded:
            by_version.setdefault(row.version_id, []).append(row)
    figures, shares = _quiz(by_attempt)
    return QuizAnalysis(
        figures=figures,
        bins=_bins(shares),
        items=[_item(rows, by_attempt) for rows in by_version.values()],
        waiting=len(responses) - len(graded),
    )


def analysis_of_question(question: Question) -> list[ItemAnalysis]:
    """Each version as classes answered it, the newest first: the author's view.

    The first of each student's attempts that asked the question, among the latest HISTORY of all
    classes; figures of the whole bank's history would grow with it.  Queries: 2.
    """
    asked = Attempt.objects.filter(responses__question=question, assignment__isnull=False)
    latest = asked.exclude(state=AttemptState.OPEN).order_by("-pk").values_list("pk", "student")
    firsts = {student: pk for pk, student in latest[:HISTORY]}
    by_attempt = _graded_by_attempt(_responses(firsts.values()))
    by_version: dict[int, list[Response]] = {}
    for rows in by_attempt.values():
        for row in rows:
            if row.question_id == question.pk:
                by_version.setdefault(row.version_id, []).append(row)
    return [_item(by_version[pk], by_attempt) for pk in sorted(by_version, reverse=True)]


def _responses(attempts: Collection[int]) -> list[Response]:
    return list(
        Response.objects.filter(attempt__in=attempts, is_void=False)
        .select_related("version__question", "graded_by", "question")
        .order_by("question__position", "question", "version__number")
    )


def _graded_by_attempt(responses: Sequence[Response]) -> dict[int, list[Response]]:
    found: dict[int, list[Response]] = {}
    for row in responses:
        if row.ratio is not None and not row.needs_marking:
            found.setdefault(row.attempt_id, []).append(row)
    return found


def _quiz(
    by_attempt: Mapping[int, Sequence[Response]],
) -> tuple[statistics.QuizFigures, list[float]]:
    """The whole, over the questions that everybody was asked; and each share of the points."""
    shares = [
        sum(float(row.ratio or 0) * float(row.max_points) for row in rows) / most
        for rows in by_attempt.values()
        if (most := float(sum(row.max_points for row in rows)))
    ]
    if not by_attempt:
        return statistics.quiz_figures({}, []), shares
    asked = [{row.question_id for row in rows} for rows in by_attempt.values()]
    common = sorted(set.intersection(*asked))
    points: dict[int, list[float]] = {}
    worth: dict[int, float] = {}
    for attempt, rows in by_attempt.items():
        mine = {row.question_id: row for row in rows}
        points[attempt] = [float(mine[pk].ratio or 0) * float(mine[pk].max_points) for pk in common]
        worth = {pk: float(mine[pk].max_points) for pk in common}
    return statistics.quiz_figures(points, [worth[pk] for pk in common]), shares


def _item(rows: Sequence[Response], by_attempt: Mapping[int, Sequence[Response]]) -> ItemAnalysis:
    version = rows[0].version
    kind = TYPES[version.kind]
    choices = kind.choices(version.spec)
    answers = [
        statistics.Answer(
            student=row.attempt_id,
            ratio=float(row.ratio or 0),
            rest=_rest(row, by_attempt[row.attempt_id]),
            codes=tuple(kind.tally(version.spec, row.answer)) if row.answer else (),
            seconds=row.seconds,
            confidence=row.confidence,
        )
        for row in rows
    ]
    figures = statistics.item_figures(answers, [choice.code for choice in choices])
    known = {choice.code: choice for choice in choices}
    lines = []
    for found in figures.choices:
        choice = known.get(found.code)
        words = (
            presentation.shown_words(choice.words, version.html) if choice else escape(found.code)
        )
        part = version.html.get(choice.part, choice.part) if choice else ""
        lines.append(ChoiceLine(mark_safe(part), words, bool(choice and choice.is_key), found))
    return ItemAnalysis(
        version=version,
        stem=version.html["stem"],
        figures=figures,
        choices=lines,
        readings=list(_readings(figures, lines)),
    )


def _rest(row: Response, rows: Sequence[Response]) -> float | None:
    """The mean ratio of the other items of the attempt, weighted by points."""
    others = [other for other in rows if other.pk != row.pk]
    most = float(sum(other.max_points for other in others))
    if not most:
        return None
    return sum(float(other.ratio or 0) * float(other.max_points) for other in others) / most


def _readings(figures: statistics.ItemFigures, lines: Sequence[ChoiceLine]) -> Any:
    facility, telling = figures.facility or 0.0, figures.discrimination
    for least, words in (
        (0.9, _("Nearly everybody earns it: it warms up, and tells little apart.")),
        (0.7, _("Easy.")),
        (0.3, _("Neither easy nor hard.")),
        (0.0, _("Hard: look whether the lesson teaches it.")),
    ):
        if facility >= least:
            yield words
            break
    if telling is None:
        yield _("Whether it tells strong from weak cannot be said from these answers.")
    elif telling < 0:
        yield _("Whoever does well elsewhere does worse here: check the key first.")
    elif telling < 0.1:
        yield _("It hardly tells strong from weak.")
    elif telling < 0.3:
        yield _("It tells strong from weak a little.")
    else:
        yield _("It tells strong from weak well.")
    if any(not line.is_key and not line.figures.count for line in lines):
        yield _("One of its wrong choices is taken by nobody; a better one could be found.")
    if any(not line.is_key and line.figures.is_attractive_to_strong for line in lines):
        yield _("A wrong choice draws the strong more than the weak: is it really wrong?")
    if figures.is_small:
        yield _("Few answers yet: take all of this as a hint, not as a finding.")


def _bins(shares: Sequence[float]) -> list[Bin]:
    counts = [0] * BINS
    for share in shares:
        counts[min(BINS - 1, int(share * BINS))] += 1
    most = max(counts, default=0) or 1
    step = 100 // BINS
    return [
        Bin(
            low=place * step,
            high=(place + 1) * step,
            count=count,
            x=place * (_BAR + _GAP),
            y=_HEIGHT - round(_HEIGHT * count / most),
            height=round(_HEIGHT * count / most),
        )
        for place, count in enumerate(counts)
    ]
