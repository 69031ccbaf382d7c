"""Marking by hand over the API: by the rubric, without names, and never two over each other."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import School, User
from apps.classrooms.models import Classroom
from apps.core.models import Event
from apps.grades.models import CurrentGrade
from apps.integrations.models import Delivery
from apps.integrations.services import endpoint_create
from apps.integrations.services.deliveries import events_fan_out
from apps.quizzes import services
from apps.quizzes.models import Assignment, Attempt
from tests.api.conftest import client_create, personal_create
from tests.factories import NOW
from tests.quizzes.factories import assignment_create, question_create, quiz_create, right_saves

pytestmark = pytest.mark.django_db


@pytest.fixture
def essays(
    classroom: Classroom, instructor: User, student: User, classmate: User
) -> tuple[Assignment, list[Attempt]]:
    """An essay, marked without names, that two have handed in."""
    quiz = quiz_create(classroom.course, question_create(classroom.course, "essay"))
    assignment = assignment_create(classroom, instructor, quiz, max_points=10)
    attempts = []
    for person in (student, classmate):
        attempt = services.assignment_start(assignment=assignment, student=person, now=NOW)
        services.attempt_submit(
            attempt_id=attempt.public_id, student=person, saves=right_saves(attempt), now=NOW
        )
        attempts.append(attempt)
    return assignment, attempts


@pytest.fixture
def place(classroom: Classroom, essays: tuple[Assignment, list[Attempt]]) -> str:
    key = essays[0].public_id
    return f"/api/v1/classrooms/{classroom.public_id}/assignments/{key}/marking"


def mark(client: Client, address: str, tag: str, **wish: Any) -> Any:
    headers: Any = {"If-Match": tag}
    return client.put(address, wish, content_type="application/json", headers=headers)


def test_essay_is_marked_by_the_rubric_without_a_name(
    essays: tuple[Assignment, list[Attempt]], place: str, assistant: User
) -> None:
    marker = personal_create(assistant)
    (pile,) = marker.get(place).json()["results"]
    assert (pile["waiting"], [row["number"] for row in pile["answers"]]) == (2, [1, 2])
    address = f"{place}/{pile['answers'][0]['id']}"
    seen = marker.get(address)
    told, body = seen.content.decode(), seen.json()
    for attempt in essays[1]:  # nothing of whose it is, nor of when
        person = attempt.student
        assert not any(
            str(name) in told
            for name in (attempt.public_id, person.public_id, person.display_name, "2026-03")
        )
    assert (body["user_id"], body["count"], body["marks"], body["is_waiting"]) == (
        None,
        2,
        {},
        True,
    )
    levels = {row["id"]: row["levels"][1]["credit"] for row in body["rubric"]}
    assert levels == {"claim": "0.5", "evidence": "0.5"}
    wrong = mark(marker, address, seen["ETag"], marks={"claim": "0.7", "evidence": "1"})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "marks.claim")
    half = mark(marker, address, seen["ETag"], marks={"claim": "1"})
    assert (half.status_code, half.json()["errors"][0]["field"]) == (422, "marks.evidence")
    wish = {"marks": {"claim": "1", "evidence": "0.5"}, "comment": "Show more."}
    done = mark(marker, address, seen["ETag"], **wish)
    assert done.status_code == 200, done.content
    assert (done.json()["ratio"], done.json()["points"], done.json()["comment"]) == (
        0.75,
        0.75,
        "Show more.",
    )
    # Whose it was may be known from now on; the other still waits.
    people = {str(attempt.student.public_id): attempt.student for attempt in essays[1]}
    person = people[done.json()["user_id"]]
    grade = CurrentGrade.objects.get(item=essays[0].grade_item, student=person)
    assert grade.points == 7.5
    assert marker.get(place).json()["results"][0]["waiting"] == 1
    late = mark(marker, address, seen["ETag"], marks=levels)
    assert late.json()["code"] == "precondition_failed"
    again = mark(marker, address, done["ETag"], marks=levels)
    assert (again.status_code, again.json()["ratio"]) == (200, 0.5)


def test_marking_costs_the_same_whatever_waits(
    essays: tuple[Assignment, list[Attempt]],
    place: str,
    instructor: User,
    django_assert_num_queries: Any,
) -> None:
    marker = personal_create(instructor)
    address = f"{place}/{marker.get(place).json()['results'][0]['answers'][0]['id']}"
    # token with person, count, class, assignment, answers, questions
    with django_assert_num_queries(6):
        assert len(marker.get(place).json()["results"][0]["answers"]) == 2
    with django_assert_num_queries(9):  # the same, and the attempt, its items, and its class
        marker.get(address)


def test_what_a_school_is_told_leads_from_no_name_to_an_answer(
    essays: tuple[Assignment, list[Attempt]], school: School, instructor: User
) -> None:
    """Neither the feed nor a webhook knows an attempt by the id that its answers have."""
    began = NOW - timedelta(days=1)
    endpoint_create(school=school, fields={"url": "https://lms.example/hook"}, now=began)
    Event.objects.update(happened_at=timezone.now())
    events_fan_out(now=timezone.now())
    rows = client_create(school).get("/api/v1/changes?page_size=200").json()["results"]
    told = [row for row in rows if row["kind"].startswith("attempt.")]
    assert len(told) == 4  # begun and handed in, twice
    assert len({row["subject_id"] for row in told}) == 2
    bodies = "".join(Delivery.objects.values_list("body", flat=True))
    assert all(row["subject_id"] in bodies for row in told)
    for attempt in essays[1]:
        assert str(attempt.public_id) not in str(rows) + bodies
    named = assignment_create(
        essays[0].classroom, instructor, essays[0].quiz, is_marked_anonymously=False
    )
    open_one = services.assignment_start(
        assignment=named, student=essays[1][0].student, now=timezone.now()
    )
    last = client_create(school).get("/api/v1/changes?page_size=200").json()["results"][-1]
    assert last["subject_id"] == str(open_one.public_id)
