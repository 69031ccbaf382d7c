"""Every write of quizzes. Admin, course files, pages and API call these."""

from apps.quizzes.services.attempts import (
    Save,
    Saved,
    answers_save,
    assignment_start,
    attempt_submit,
    practice_start,
)
from apps.quizzes.services.bank import (
    draft_faults,
    question_create,
    question_delete,
    question_duplicate,
    question_reinstate,
    question_retire,
    question_save,
)
from apps.quizzes.services.closing import attempts_close_due
from apps.quizzes.services.quizzes import quiz_create, quiz_delete, quiz_save

__all__ = [
    "Save",
    "Saved",
    "answers_save",
    "assignment_start",
    "attempt_submit",
    "attempts_close_due",
    "draft_faults",
    "practice_start",
    "question_create",
    "question_delete",
    "question_duplicate",
    "question_reinstate",
    "question_retire",
    "question_save",
    "quiz_create",
    "quiz_delete",
    "quiz_save",
]
