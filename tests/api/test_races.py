"""Starts, saves and submissions at once, through the API, with real threads on PostgreSQL."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.grades.enums import GradeEventKind
from apps.grades.models import GradeEvent
from apps.quizzes.models import Attempt
from tests.api.conftest import personal_create
from tests.api.sitting import begin, given, given_at, save, send

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ROUNDS = 50 if os.environ.get("TEST_LONG") else 10
THREADS = 8


def together(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each of several requests was answered, THREADS at a time."""
    barrier = Barrier(min(THREADS, len(acts)))

    def run(act: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            barrier.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(barrier.parties) as pool:
        return list(pool.map(run, acts))


def test_hundred_starts_at_limit_one_begin_one_attempt(
    classroom: Classroom, instructor: User, student: User
) -> None:
    assignment = given(classroom, instructor, attempt_limit=1)
    client = personal_create(student)
    act = partial(send, client, "post", f"{given_at(assignment)}/attempts")
    answers = together([act] * 104)  # a multiple of THREADS, for the barrier
    assert {answer.json()["id"] for answer in answers} == {str(Attempt.objects.get().public_id)}
    assert sorted(answer.status_code for answer in answers) == [200] * 103 + [201]


def test_save_against_submission_loses_nothing_and_adds_nothing_late(
    classroom: Classroom, instructor: User, student: User
) -> None:
    assignment = given(classroom, instructor, attempt_limit=None, grading="last")
    client = personal_create(student)
    right = {"text": "Liaquat Ali Khan"}
    for number in range(1, ROUNDS + 1):
        attempt = begin(client, assignment)["id"]
        saved, first, second = together(
            [
                partial(save, client, attempt, 1, answer=right, sequence=1),
                partial(send, client, "post", f"attempts/{attempt}/submit"),
                partial(send, client, "post", f"attempts/{attempt}/submit"),
            ]
        )
        row: Any = Attempt.objects.get(public_id=attempt).responses.get()
        if saved.status_code == 200:
            assert (row.answer, row.points) == (right, 1)
        else:
            assert (saved.status_code, saved.json()["code"]) == (409, "attempt_closed")
            assert (row.answer, row.points) == ({}, 0)
        assert first.json() == second.json()
        assert first.json()["points"] == row.points
        events = GradeEvent.objects.filter(
            item=assignment.grade_item, kind=GradeEventKind.SCORE
        ).count()
        assert events <= number


def test_older_save_that_races_a_newer_one_loses(
    classroom: Classroom, instructor: User, student: User
) -> None:
    assignment = given(classroom, instructor, attempt_limit=None)
    client = personal_create(student)
    attempt = begin(client, assignment)["id"]
    for number in range(1, ROUNDS + 1):
        acts = [
            partial(save, client, attempt, 1, answer={"text": f"{n}"}, sequence=10 * number + n)
            for n in range(4)
        ]
        assert {answer.status_code for answer in together(acts)} == {200}
        row = Attempt.objects.get(public_id=attempt).responses.get()
        assert (row.sequence, row.answer) == (10 * number + 3, {"text": "3"})
