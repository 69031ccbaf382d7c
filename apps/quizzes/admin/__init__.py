"""The bank's admin: a form for each type of question, quizzes made of them, files in and out."""

from apps.quizzes.admin import question, quiz

__all__ = ["question", "quiz"]
