"""Two at once, fifty times, with real threads: row locks and constraints decide on PostgreSQL."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.core.errors import DomainError
from apps.grades.enums import GradeEventKind
from apps.grades.models import CurrentGrade, GradeEvent
from apps.quizzes import services
from apps.quizzes.enums import AttemptState, CorrectionKind
from apps.quizzes.models import Assignment, Attempt
from tests.factories import NOW
from tests.quizzes.factories import (
    assignment_create,
    question_create,
    quiz_create,
    right_saves,
)

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ROUNDS = 50


def together(*acts: Callable[[], Any]) -> list[Any]:
    """What each of several calls gave that began at once, or the code of the rule that refused."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            barrier.wait()
            return act()
        except DomainError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def given(classroom: Classroom, instructor: User, *kinds: str, **fields: Any) -> Assignment:
    questions = [question_create(classroom.course, kind) for kind in kinds]
    return assignment_create(
        classroom, instructor, quiz_create(classroom.course, *questions), **fields
    )


def test_starts_at_once_open_one_attempt(
    classroom: Classroom, instructor: User, student: User
) -> None:
    for _round in range(ROUNDS):
        assignment = given(classroom, instructor, "short_text", attempt_limit=1)
        opened = together(
            *[partial(services.assignment_start, assignment=assignment, student=student, now=NOW)]
            * 4
        )
        assert opened == [Attempt.objects.get(assignment=assignment)] * 4


def test_submissions_at_once_give_one_grade(
    classroom: Classroom, instructor: User, student: User
) -> None:
    assignment = given(classroom, instructor, "short_text", attempt_limit=None, grading="last")
    for number in range(1, ROUNDS + 1):
        attempt = services.assignment_start(assignment=assignment, student=student, now=NOW)
        saves = right_saves(attempt) if number % 2 else {}
        done = together(
            *[
                partial(
                    services.attempt_submit,
                    attempt_id=attempt.public_id,
                    student=student,
                    saves=saves,
                    now=NOW,
                )
            ]
            * 4
        )
        assert {each.points for each in done} == {number % 2}
        scores = GradeEvent.objects.filter(
            item=assignment.grade_item, kind=GradeEventKind.SCORE
        ).order_by("pk")
        assert [event.points for event in scores] == [
            100 if each % 2 else 0 for each in range(1, number + 1)
        ]


def test_save_against_submission_loses_nothing_and_adds_nothing_late(
    classroom: Classroom, instructor: User, student: User
) -> None:
    assignment = given(classroom, instructor, "short_text", attempt_limit=None)
    for _round in range(ROUNDS):
        attempt = services.assignment_start(assignment=assignment, student=student, now=NOW)
        saves = right_saves(attempt)
        saved, submitted = together(
            partial(
                services.answers_save,
                attempt_id=attempt.public_id,
                student=student,
                saves=saves,
                now=NOW,
            ),
            partial(
                services.attempt_submit, attempt_id=attempt.public_id, student=student, now=NOW
            ),
        )
        was_saved = saved != "attempt_closed"
        response = attempt.responses.get()
        assert bool(response.answer) is was_saved
        assert response.points == (1 if was_saved else 0)
        assert submitted.points == response.points


def test_worker_against_submission_closes_once(
    classroom: Classroom, instructor: User, student: User
) -> None:
    late = NOW + timedelta(hours=1)
    assignment = given(
        classroom, instructor, "short_text", attempt_limit=None, time_limit_seconds=60
    )
    for number in range(1, ROUNDS + 1):
        attempt = services.assignment_start(assignment=assignment, student=student, now=NOW)
        together(
            partial(services.attempts_close_due, now=late),
            partial(
                services.attempt_submit, attempt_id=attempt.public_id, student=student, now=late
            ),
        )
        attempt.refresh_from_db()
        assert (attempt.state, attempt.submitted_at) == (
            AttemptState.GRADED,
            NOW + timedelta(seconds=60),
        )
        assert Attempt.objects.filter(assignment=assignment).count() == number


def test_regrade_against_submission_ends_by_the_correction(
    classroom: Classroom, instructor: User, student: User
) -> None:
    for _round in range(ROUNDS):
        assignment = given(classroom, instructor, "short_text")
        attempt = services.assignment_start(assignment=assignment, student=student, now=NOW)
        question = attempt.responses.get().question
        together(
            partial(
                services.attempt_submit, attempt_id=attempt.public_id, student=student, now=NOW
            ),
            partial(
                services.correction_make,
                question=question,
                kind=CorrectionKind.FULL,
                version=None,
                assignment=assignment,
                reason="No answer was right.",
                actor=instructor,
                now=NOW,
            ),
        )
        attempt.refresh_from_db()
        assert attempt.state == AttemptState.GRADED
        assert attempt.points == 1
        grade = CurrentGrade.objects.get(item=assignment.grade_item, student=student)
        assert grade.points == grade.last_event.points == 100


def test_two_markers_at_once_give_one_mark(
    classroom: Classroom, instructor: User, assistant: User, student: User
) -> None:
    """The second is told that the answer was marked; nothing of the first is written over."""
    for _ in range(ROUNDS):
        assignment = given(classroom, instructor, "essay", max_points=10)
        attempt = services.assignment_start(assignment=assignment, student=student, now=NOW)
        saves = right_saves(attempt)
        services.attempt_submit(attempt_id=attempt.public_id, student=student, saves=saves, now=NOW)
        response = attempt.responses.get()
        given_marks = {
            instructor: {"claim": "1", "evidence": "1"},
            assistant: {"claim": "0", "evidence": "0"},
        }
        results = together(
            *(
                partial(
                    services.response_mark,
                    response=response,
                    marks=marks,
                    ratio=None,
                    comment="",
                    expected_marked_at=None,
                    marker=marker,
                    now=NOW + timedelta(seconds=marker.pk),
                )
                for marker, marks in given_marks.items()
            )
        )
        assert sorted(isinstance(result, str) for result in results) == [False, True]
        response.refresh_from_db()
        marker = response.marked_by
        assert marker is not None
        assert response.rubric_marks == given_marks[marker]
        scores = GradeEvent.objects.filter(item=assignment.grade_item, kind=GradeEventKind.SCORE)
        assert [event.actor for event in scores] == [marker]
        grade = CurrentGrade.objects.get(item=assignment.grade_item)
        assert grade.points == (10 if marker == instructor else 0)


def test_new_rules_against_a_start_and_a_submission_wait_for_each_other_in_one_order(
    classroom: Classroom, instructor: User, student: User, classmate: User
) -> None:
    """Who changes takes the quiz, attempts and enrolments; who starts an enrolment and the quiz."""
    assignment = given(
        classroom, instructor, "short_text", attempt_limit=None, due_at=NOW + timedelta(days=1)
    )
    for person in (student, classmate):
        done = services.assignment_start(assignment=assignment, student=person, now=NOW)
        services.attempt_submit(
            attempt_id=done.public_id, student=person, saves=right_saves(done), now=NOW
        )
    for number in range(1, ROUNDS // 2 + 1):
        running = services.assignment_start(assignment=assignment, student=classmate, now=NOW)
        assignment.refresh_from_db()
        fields = {"max_points": 10 + number, "due_at": NOW + timedelta(days=1, hours=number)}
        _saved, opened, _done = together(
            partial(
                services.assignment_save,
                assignment=assignment,
                fields=fields,
                expected_revision=assignment.revision,
                actor=instructor,
                now=NOW,
            ),
            partial(services.assignment_start, assignment=assignment, student=student, now=NOW),
            partial(
                services.attempt_submit,
                attempt_id=running.public_id,
                student=classmate,
                saves=right_saves(running),
                now=NOW,
            ),
        )
        services.attempt_submit(attempt_id=opened.public_id, student=student, now=NOW)
        grades = CurrentGrade.objects.filter(item=assignment.grade_item)
        assert {grade.points for grade in grades} == {10 + number}
