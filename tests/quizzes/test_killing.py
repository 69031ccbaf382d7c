"""kill -9 in the middle of a save: no acknowledged answer is lost, nothing is half graded."""

import os
import secrets

import pytest

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from tests.quizzes.factories import assignment_create, question_create, quiz_create
from tests.quizzes.killing import rounds_run

pytestmark = pytest.mark.django_db(transaction=True)

KINDS = ["single_choice", "short_text", "matching", "ordering", "numeric"]


def kill(rounds: int, classroom: Classroom, instructor: User, student: User) -> None:
    questions = [question_create(classroom.course, kind) for kind in KINDS]
    assignment = assignment_create(
        classroom, instructor, quiz_create(classroom.course, *questions), attempt_limit=None
    )
    seed = 1 if os.environ.get("CI") else secrets.randbelow(2**32)
    verdict = rounds_run(rounds, assignment=assignment, student=student, seed=seed)
    assert verdict.losses == [], f"seed {seed}"
    assert verdict.rounds == rounds
    assert verdict.acknowledged >= rounds  # each round had something to lose


def test_killed_process_loses_no_acknowledged_answer(
    classroom: Classroom, instructor: User, student: User
) -> None:
    kill(12, classroom, instructor, student)


@pytest.mark.long
def test_process_killed_200_times_loses_no_acknowledged_answer(
    classroom: Classroom, instructor: User, student: User
) -> None:
    kill(200, classroom, instructor, student)
