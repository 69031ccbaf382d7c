"""A student's own grades over the API: what their page shows them, and nothing held."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import School, User
from apps.classrooms.models import Classroom
from apps.grades import services as grades
from tests.api.conftest import personal_create, program_create
from tests.grades.factories import manual_create, score, source_create

pytestmark = pytest.mark.django_db


def test_student_reads_what_is_shown_and_what_led_to_it(
    classroom: Classroom,
    instructor: User,
    student: User,
    classmate: User,
    school: School,
    other_school: School,
    django_assert_num_queries: Any,
) -> None:
    quiz, essay = source_create(classroom), manual_create(classroom, actor=instructor)
    by: dict[str, Any] = {"actor": instructor, "now": timezone.now()}
    score(quiz, student, "4")
    score(quiz, classmate, "1")
    grades.grade_override(item=quiz, student=student, points=Decimal(5), reason="Canary", **by)
    grades.marks_save(item=essay, marks={student.pk: grades.Mark(Decimal(7), "Zanzibar")}, **by)
    place = f"/api/v1/classrooms/{classroom.public_id}/grades/mine"
    client = personal_create(student)
    client.get(place)  # the day of its use is noted
    # Token, count of requests; class, columns, grades, ledger.
    with django_assert_num_queries(6):
        shown = client.get(place)
    (line,) = shown.json()["grades"]
    assert (line["title"], line["points"], line["is_overridden"]) == (quiz.title, 5, True)
    assert [(each["kind"], each["points"], each["reason"]) for each in line["events"]] == [
        ("score", 4, ""),
        ("override", 5, "Canary"),
    ]
    assert "Zanzibar" not in shown.content.decode()
    assert str(instructor.public_id) not in shown.content.decode()
    known: Any = {"If-None-Match": shown["ETag"]}
    assert client.get(place, headers=known).status_code == 304
    grades.item_release(item=essay, **by)
    later = client.get(place, headers=known).json()["grades"]
    assert [each["points"] for each in later] == [5, 7]
    assert program_create(school, student).get(place).json()["grades"] == later
    assert program_create(other_school, student).get(place).status_code == 404
    grades.item_hold(item=quiz, **by)
    assert [each["points"] for each in client.get(place).json()["grades"]] == [7]
    theirs: Client = personal_create(classmate)
    assert [each["points"] for each in theirs.get(place).json()["grades"]] == [None]
