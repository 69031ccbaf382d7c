"""Giving a quiz to a class over the API, and what follows: objections, and the figures."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.grades.models import CurrentGrade
from apps.quizzes.models import Assignment, Attempt
from apps.quizzes.types.contract import Labels
from tests.api.conftest import client_create, personal_create
from tests.api.sitting import HOSTILE, V1, begin, change, given, given_at, save, send
from tests.quizzes.factories import quiz_create

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(instructor: User) -> Client:
    return personal_create(instructor)


def test_quiz_is_given_published_changed_and_taken_back(
    author: Client, classroom: Classroom, student: User
) -> None:
    learner = personal_create(student)
    class_at = f"classrooms/{classroom.public_id}"
    quiz = quiz_create(classroom.course, title="Unit one")
    (offered,) = author.get(f"{V1}/{class_at}/quizzes").json()["results"]
    assert (offered["id"], offered["title"]) == (str(quiz.public_id), "Unit one")
    body = {"quiz_id": offered["id"], "key_when": "closed"}
    never = send(author, "post", f"{class_at}/assignments", body)
    assert (never.status_code, never.json()["code"]) == (422, "invalid_draft")
    assert "key_when" in [fault["field"] for fault in never.json()["errors"]]
    body |= {"closes_at": "2199-01-01T12:00:00Z", "late_penalty_ratio": "0.125"}
    made = send(author, "post", f"{class_at}/assignments", body, **{"Idempotency-Key": "a"})
    again = send(author, "post", f"{class_at}/assignments", body, **{"Idempotency-Key": "a"})
    assert (made.status_code, again.json(), Assignment.objects.count()) == (201, made.json(), 1)
    assert (made.json()["published_at"], made.json()["mine"]) == (None, None)
    address = f"{class_at}/assignments/{made.json()['id']}"
    assert learner.get(f"{V1}/{address}").status_code == 404
    assert learner.get(f"{V1}/{class_at}/assignments").json()["results"] == []
    lms = client_create(classroom.school).get(f"{V1}/{class_at}/assignments").json()["results"]
    assert [row["id"] for row in lms] == [made.json()["id"]]
    assert send(author, "post", f"{address}/publish").json()["published_at"] is not None
    mine = learner.get(f"{V1}/{address}").json()["mine"]
    assert (mine["state"], mine["attempts_left"], mine["may_start"]) == ("open", 1, True)
    changed = change(author, address, {"title": "Changed", "attempt_limit": None})
    assert (changed.json()["title"], changed.json()["attempt_limit"]) == ("Changed", None)
    assert change(author, address, {"title": "x"}, made["ETag"]).status_code == 412
    assert send(author, "post", f"{address}/withdraw").json()["published_at"] is None
    tag = author.get(f"{V1}/{address}")["ETag"]
    assert send(author, "delete", address, **{"If-Match": tag}).status_code == 204
    assert not Assignment.objects.exists()


BAD_ASSIGNMENTS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"quiz_id": "nonsense"}, "quiz_id"),
    ({"closes_at": "soon"}, "closes_at"),
    ({"time_limit_seconds": 1}, "time_limit_seconds"),
    ({"time_limit_seconds": 10**12}, "time_limit_seconds"),
    ({"attempt_limit": 0}, "attempt_limit"),
    ({"max_points": -1}, "max_points"),
    ({"max_points": "1e999"}, "max_points"),
    ({"late_penalty_ratio": 2}, "late_penalty_ratio"),
    ({"grading": "worst"}, "grading"),
    ({"score_when": "now"}, "score_when"),
    ({"published_at": "2020-01-01T00:00:00Z"}, "published_at"),
    ({"title": ""}, "title"),
    ({"instructions": "\0"}, "instructions"),
)


def test_assignment_that_is_none_is_refused_and_named(author: Client, classroom: Classroom) -> None:
    quiz_id = str(quiz_create(classroom.course).public_id)
    address = f"classrooms/{classroom.public_id}/assignments"
    for body, field in BAD_ASSIGNMENTS:
        answer = send(author, "post", address, {"quiz_id": quiz_id, **body})
        assert answer.status_code == 400, (body, answer.content)
        assert [fault["field"] for fault in answer.json()["errors"]] == [field], body
    assert not Assignment.objects.exists()


def test_quiz_of_another_course_is_not_found(
    author: Client, classroom: Classroom, foreign_classroom: Classroom
) -> None:
    foreign = quiz_create(foreign_classroom.course)
    address = f"classrooms/{classroom.public_id}/assignments"
    for quiz_id in (foreign.public_id, "11111111-1111-4111-8111-111111111111"):
        answer = send(author, "post", address, {"quiz_id": str(quiz_id)})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


# Objections and figures


def test_accepted_objection_regrades_everybody(
    author: Client, classroom: Classroom, instructor: User, student: User, classmate: User
) -> None:
    assignment = given(classroom, instructor)
    learner = personal_create(student)
    attempts = {}
    for person, client in ((student, learner), (classmate, personal_create(classmate))):
        attempts[person] = begin(client, assignment)["id"]
        send(client, "post", f"attempts/{attempts[person]}/submit")
    address = f"attempts/{attempts[student]}/items/1/contest"
    assert send(learner, "post", address, {"text": "Why?"}).json()["code"] == "invalid_draft"
    unknown = send(learner, "post", address, {"text": "Why?", "paragraph": "P99"})
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (400, "paragraph")
    body = {"text": HOSTILE, "reference": "khan1961", "locator": "p. 33"}
    made = send(learner, "post", address, body)
    assert (made.status_code, made.json()["reference"]) == (201, "khan1961")
    assert send(learner, "post", address, body).json()["code"] == "contested"
    assert learner.get(f"{V1}/{address}").json() == made.json()
    class_at = f"classrooms/{classroom.public_id}/contests"
    assert author.get(f"{V1}/{class_at}?state=open").json()["results"] == [made.json()]
    decision = f"{class_at}/{made.json()['id']}/decision"
    for wrong, field in (
        ({"state": "accepted", "reason": "So."}, "kind"),
        ({"state": "accepted", "reason": "So.", "kind": "full", "scope": "course"}, "scope"),
        ({"state": "accepted", "reason": "So.", "kind": "rekey", "version": 7}, "version"),
        ({"state": "open", "reason": "So."}, "state"),
        ({"state": "declined", "reason": ""}, "reason"),
    ):
        answer = send(author, "post", decision, wrong)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)
    accepted = {"state": "accepted", "reason": "So it is.", "kind": "full"}
    decided = send(author, "post", decision, accepted)
    assert (decided.json()["state"], decided.json()["correction"]) == ("accepted", "full")
    assert send(author, "post", decision, accepted).json()["code"] == "decided"
    grades = CurrentGrade.objects.filter(item=assignment.grade_item)
    assert {row.student_id: row.points for row in grades} == {student.pk: 100, classmate.pk: 100}
    assert learner.get(f"{V1}/attempts/{attempts[student]}").json()["points"] == 1
    assert send(learner, "delete", address).json()["code"] == "decided"


def test_objection_is_taken_back_and_refused_where_the_quiz_says_so(
    classroom: Classroom, instructor: User, student: User
) -> None:
    learner = personal_create(student)
    for may, code in ((True, "still_open"), (False, "no_contests")):
        attempt = begin(learner, given(classroom, instructor, may_contest=may))["id"]
        address = f"attempts/{attempt}/items/1/contest"
        refused = send(learner, "post", address, {"text": "Why?", "paragraph": "P01"})
        assert (refused.status_code, refused.json()["code"]) == (409, code)
    attempt = begin(learner, given(classroom, instructor))["id"]
    send(learner, "post", f"attempts/{attempt}/submit")
    address = f"attempts/{attempt}/items/1/contest"
    send(learner, "post", address, {"text": "Why?", "paragraph": "P01"})
    assert send(learner, "delete", address).status_code == 204
    assert learner.get(f"{V1}/{address}").json()["state"] == "withdrawn"


def test_figures_are_those_of_the_analysis_page(
    author: Client, classroom: Classroom, instructor: User, student: User, classmate: User
) -> None:
    assignment = given(classroom, instructor, "single_choice", "short_text")
    for person, is_right in ((student, True), (classmate, False)):
        client = personal_create(person)
        attempt = begin(client, assignment)["id"]
        row = Attempt.objects.get(public_id=attempt).responses.select_related("version")[0]
        label = Labels(row.seed).of("a" if is_right else "b")
        save(client, attempt, 1, answer={"choice": label}, sequence=1, seconds=0)
        send(client, "post", f"attempts/{attempt}/submit")
    body = author.get(f"{V1}/{given_at(assignment)}/statistics").json()
    choice, text = body["results"]
    assert (body["quiz"]["count"], body["waiting"]) == (2, 0)
    assert (choice["facility"], choice["is_small"], text["facility"]) == (0.5, True, 0)
    assert [(line["is_key"], line["count"]) for line in choice["choices"]] == [
        (True, 1),
        (False, 1),
        (False, 0),
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_figures_cost_the_same_whatever_was_asked(
    count: int,
    author: Client,
    classroom: Classroom,
    instructor: User,
    student: User,
    django_assert_num_queries: Callable[..., Any],
) -> None:
    assignment = given(classroom, instructor, *["short_text"] * count)
    learner = personal_create(student)
    send(learner, "post", f"attempts/{begin(learner, assignment)['id']}/submit")
    author.get(f"{V1}/attempts")
    with django_assert_num_queries(6):  # access (2), class, assignment, attempts, responses
        body = author.get(f"{V1}/{given_at(assignment)}/statistics").json()
    assert len(body["results"]) == count
