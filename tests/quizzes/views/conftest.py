"""A quiz with one question of every type, and a student at it."""

import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.quizzes import services
from apps.quizzes.models import Assignment, Attempt
from tests.quizzes.factories import assignment_create, question_create, quiz_create
from tests.quizzes.views.pages import KINDS


@pytest.fixture
def assignment(classroom: Classroom, instructor: User) -> Assignment:
    """One question of every type."""
    questions = [question_create(classroom.course, kind) for kind in KINDS]
    return assignment_create(classroom, instructor, quiz_create(classroom.course, *questions))


@pytest.fixture
def attempt(assignment: Assignment, student: User) -> Attempt:
    return services.assignment_start(assignment=assignment, student=student, now=timezone.now())
