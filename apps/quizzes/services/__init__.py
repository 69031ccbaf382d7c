"""Every write of quizzes. Admin, course files, pages and API call these."""

from apps.quizzes.services.assignments import (
    assignment_create,
    assignment_delete,
    assignment_publish,
    assignment_save,
    assignment_withdraw,
    scores_release_due,
)
from apps.quizzes.services.attempts import (
    Save,
    Saved,
    answers_save,
    assignment_start,
    attempt_close_over,
    attempt_submit,
    practice_start,
    read_answer,
)
from apps.quizzes.services.bank import (
    draft_faults,
    question_create,
    question_delete,
    question_duplicate,
    question_reinstate,
    question_retire,
    question_save,
    questions_reorder,
    questions_store,
)
from apps.quizzes.services.closing import attempts_close_due
from apps.quizzes.services.contests import (
    contest_accept,
    contest_decline,
    contest_open,
    contest_withdraw,
)
from apps.quizzes.services.corrections import (
    correction_apply,
    correction_make,
    correction_preview,
    corrections_finish,
    corrections_make,
)
from apps.quizzes.services.following import accommodations_follow
from apps.quizzes.services.marking import response_mark
from apps.quizzes.services.practice import hint_take, response_check
from apps.quizzes.services.quizzes import quiz_create, quiz_delete, quiz_save

__all__ = [
    "Save",
    "Saved",
    "accommodations_follow",
    "answers_save",
    "assignment_create",
    "assignment_delete",
    "assignment_publish",
    "assignment_save",
    "assignment_start",
    "assignment_withdraw",
    "attempt_close_over",
    "attempt_submit",
    "attempts_close_due",
    "contest_accept",
    "contest_decline",
    "contest_open",
    "contest_withdraw",
    "correction_apply",
    "correction_make",
    "correction_preview",
    "corrections_finish",
    "corrections_make",
    "draft_faults",
    "hint_take",
    "practice_start",
    "question_create",
    "question_delete",
    "question_duplicate",
    "question_reinstate",
    "question_retire",
    "question_save",
    "questions_reorder",
    "questions_store",
    "quiz_create",
    "quiz_delete",
    "quiz_save",
    "read_answer",
    "response_check",
    "response_mark",
    "scores_release_due",
]
