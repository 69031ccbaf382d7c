"""What a person marks: the answers to each question, in an order that says nothing of names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from apps.core.errors import NotFound
from apps.quizzes.enums import AttemptState
from apps.quizzes.models import Assignment, Question, Response


@dataclass(frozen=True, slots=True)
class MarkedAnswer:
    """An answer in the queue. number: from 1, among the answers to its question."""

    attempt_id: UUID
    position: int
    number: int
    is_waiting: bool


@dataclass(frozen=True, slots=True)
class MarkingPile:
    """All answers to one question that a person marks, those that are marked included."""

    question: Question
    stem: str  # sanitised HTML
    answers: Sequence[MarkedAnswer]

    @property
    def waiting(self) -> list[MarkedAnswer]:
        return [answer for answer in self.answers if answer.is_waiting]

    @property
    def first(self) -> MarkedAnswer:
        """Where to begin: what waits, or else the first."""
        return next(iter(self.waiting), self.answers[0])


@dataclass(frozen=True, slots=True)
class MarkingPlace:
    """One answer among those to its question. to_mark: the next that waits, of any question."""

    answer: MarkedAnswer
    count: int
    earlier: MarkedAnswer | None
    later: MarkedAnswer | None
    to_mark: MarkedAnswer | None


def marking_piles(assignment: Assignment) -> list[MarkingPile]:
    """By question. The order of answers follows neither names nor time.  Queries: 2."""
    rows = (
        Response.objects.filter(attempt__assignment=assignment, is_void=False)
        .exclude(attempt__state=AttemptState.OPEN)
        .filter(Q(needs_marking=True) | Q(marked_at__isnull=False))
        .values_list("question", "attempt__public_id", "position", "needs_marking")
    )
    # The end of a public id is random, its beginning may be its time.
    found: dict[int, list[tuple[str, UUID, int, bool]]] = {}
    for question_id, attempt_id, position, is_waiting in rows:
        key = attempt_id.hex[::-1]
        found.setdefault(question_id, []).append((key, attempt_id, position, is_waiting))
    questions = Question.objects.filter(pk__in=found).select_related("current_version")
    return [
        MarkingPile(
            question,
            question.current_version.html["stem"],
            [
                MarkedAnswer(attempt_id, position, number, is_waiting)
                for number, (_key, attempt_id, position, is_waiting) in enumerate(
                    sorted(found[question.pk]), start=1
                )
            ],
        )
        for question in questions.order_by("position", "pk")
    ]


def marking_place(assignment: Assignment, attempt_id: UUID, position: int) -> MarkingPlace:
    """Raises: NotFound, also for what no person marks.  Queries: 2."""
    piles = marking_piles(assignment)
    for pile in piles:
        for index, answer in enumerate(pile.answers):
            if (answer.attempt_id, answer.position) == (attempt_id, position):
                return MarkingPlace(
                    answer=answer,
                    count=len(pile.answers),
                    earlier=pile.answers[index - 1] if index else None,
                    later=pile.answers[index + 1] if index + 1 < len(pile.answers) else None,
                    to_mark=_next_waiting(piles, pile, index),
                )
    raise NotFound(_("There is no such answer to mark."))


def _next_waiting(
    piles: Sequence[MarkingPile], pile: MarkingPile, index: int
) -> MarkedAnswer | None:
    """The next that waits for the same question, from its beginning again, then of the others."""
    own = [*pile.answers[index + 1 :], *pile.answers[:index]]
    others = [answer for each in piles if each is not pile for answer in each.answers]
    return next((answer for answer in [*own, *others] if answer.is_waiting), None)
