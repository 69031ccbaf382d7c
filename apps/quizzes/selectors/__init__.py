"""Reads of quizzes. `bank` is for authors: what it returns holds keys."""

from apps.quizzes.selectors.attempts import (
    attempt_path,
    attempts_over,
    can_skip_locked,
    window_of,
)
from apps.quizzes.selectors.bank import (
    draw_candidates,
    question_context,
    question_draft,
    questions_of,
    quiz_draft,
    quizzes_of,
)

__all__ = [
    "attempt_path",
    "attempts_over",
    "can_skip_locked",
    "draw_candidates",
    "question_context",
    "question_draft",
    "questions_of",
    "quiz_draft",
    "quizzes_of",
    "window_of",
]
