"""A bank of questions, quizzes made of them, and what students answered."""

from apps.quizzes.models.attempts import Attempt, Contest, Correction, Response
from apps.quizzes.models.questions import (
    Question,
    QuestionSource,
    QuestionVersion,
    Tag,
)
from apps.quizzes.models.quizzes import Assignment, Quiz, QuizItem

__all__ = [
    "Assignment",
    "Attempt",
    "Contest",
    "Correction",
    "Question",
    "QuestionSource",
    "QuestionVersion",
    "Quiz",
    "QuizItem",
    "Response",
    "Tag",
]
