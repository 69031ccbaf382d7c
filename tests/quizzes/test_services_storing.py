from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.quizzes import services
from apps.quizzes.models import Response
from apps.quizzes.services import storing
from tests.factories import NOW
from tests.quizzes.factories import assignment_create, question_create, quiz_create

FIELDS = ("answer", "sequence", "saved_at", "confidence", "ratio", "is_flagged")


def told(rows: list[Response]) -> list[str]:
    """As they are written: to Python 1, 1.0 and True are equal."""
    return [repr([getattr(row, name) for name in FIELDS]) for row in rows]


@pytest.mark.parametrize(("at_once", "queries"), [(100, 1), (2, 2)])
def test_each_row_is_stored_as_it_is(
    at_once: int,
    queries: int,
    classroom: Classroom,
    instructor: User,
    student: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(storing, "_AT_ONCE", at_once)
    questions = [question_create(classroom.course) for _each in range(3)]
    quiz = quiz_create(classroom.course, *questions)
    assignment = assignment_create(classroom, instructor, quiz)
    attempt = services.assignment_start(assignment=assignment, student=student, now=NOW)
    rows = list(attempt.responses.all())
    answers: list[dict[str, Any]] = [{"n": 1}, {"n": True}, {"n": 1.5}]
    for row, answer in zip(rows, answers, strict=True):
        row.answer, row.sequence, row.saved_at = answer, row.position, NOW
        row.confidence = 3 if row.position == 2 else None
        row.ratio, row.is_flagged = Decimal("0.500000"), True
    with CaptureQueriesContext(connection) as captured:
        storing.rows_update(rows, FIELDS)
    assert len(captured) == queries
    assert told(list(attempt.responses.all())) == told(rows)
    storing.rows_update([], FIELDS)
