"""Reads of quizzes. `bank` is for authors: what it returns holds keys."""

from apps.quizzes.selectors.attempts import (
    assignment_path,
    attempt_path,
    attempts_asked,
    attempts_asking,
    attempts_over,
    attempts_to_close,
    can_skip_locked,
    closing_of,
    window_of,
)
from apps.quizzes.selectors.bank import (
    draw_candidates,
    places_named,
    question_context,
    question_draft,
    questions_of,
    quiz_draft,
    quizzes_of,
    spec_filled,
)

__all__ = [
    "assignment_path",
    "attempt_path",
    "attempts_asked",
    "attempts_asking",
    "attempts_over",
    "attempts_to_close",
    "can_skip_locked",
    "closing_of",
    "draw_candidates",
    "places_named",
    "question_context",
    "question_draft",
    "questions_of",
    "quiz_draft",
    "quizzes_of",
    "spec_filled",
    "window_of",
]
