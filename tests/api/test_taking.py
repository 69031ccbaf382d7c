"""Taking a quiz over the API: nothing lost, and each thing once."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from apps.accounts.models import School, User
from apps.classrooms.models import Classroom
from apps.quizzes import services
from apps.quizzes.models import Assignment, Attempt, Contest
from tests.api.conftest import ClientOf, client_create, personal_create, program_create
from tests.api.sitting import KINDS, V1, begin, given, given_at, save, send
from tests.quizzes.factories import (
    right_answer,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["session", "personal token", "program"])
def learner(request: Any, student: User, school: School, client_of: ClientOf) -> Client:
    """The student by each way that a person may call."""
    if request.param == "session":
        return client_of(student)
    return (
        personal_create(student) if "personal" in request.param else program_create(school, student)
    )


def test_whole_quiz_of_every_type_is_taken(
    classroom: Classroom, instructor: User, learner: Client
) -> None:
    assignment = given(classroom, instructor, *KINDS)
    listed = learner.get(f"{V1}/classrooms/{classroom.public_id}/assignments").json()["results"]
    assert [(row["id"], row["mine"]["state"]) for row in listed] == [
        (str(assignment.public_id), "open")
    ]
    begun = begin(learner, assignment)
    assert [item["kind"] for item in begun["items"]] == list(KINDS)
    again = send(learner, "post", f"{given_at(assignment)}/attempts")
    assert (again.status_code, again.json()["id"]) == (200, begun["id"])
    rows = Attempt.objects.get().responses.select_related("version")
    for row in rows:
        answer = save(learner, begun["id"], row.position, answer=right_answer(row), sequence=1)
        assert answer.json()["is_stored"] is True, (row.version.kind, answer.content)
    shown = learner.get(f"{V1}/attempts/{begun['id']}").json()
    assert [item["answer"] for item in shown["items"]] == [right_answer(row) for row in rows.all()]
    done = send(learner, "post", f"attempts/{begun['id']}/submit").json()
    assert (done["state"], done["points"], done["items"]) == ("submitted", None, [])
    review = learner.get(f"{V1}/attempts/{begun['id']}/review").json()
    assert [item["review"]["ratio"] for item in review["items"]] == [1] * 11 + [None]
    assert send(learner, "post", f"attempts/{begun['id']}/submit").json() == done


def test_late_save_does_not_undo_a_newer_one(
    classroom: Classroom, instructor: User, student: User
) -> None:
    client = personal_create(student)
    attempt = begin(client, given(classroom, instructor))["id"]
    newer = save(client, attempt, 1, answer={"text": "newer"}, sequence=5, seconds=3)
    assert (newer.json()["sequence"], newer.json()["seconds_left"]) == (5, None)
    older = save(client, attempt, 1, answer={"text": "older"}, sequence=4).json()
    assert (older["sequence"], older["is_stored"]) == (5, False)
    flag = save(client, attempt, 1, sequence=6, is_flagged=True, confidence=2)
    assert flag.status_code == 200
    (item,) = client.get(f"{V1}/attempts/{attempt}").json()["items"]
    assert (item["answer"], item["is_flagged"], item["confidence"]) == (
        {"text": "newer"},
        True,
        2,
    )


@pytest.mark.parametrize("count", [1, 12])
def test_saving_costs_six_queries_besides_access(
    count: int,
    classroom: Classroom,
    instructor: User,
    student: User,
    django_assert_num_queries: Callable[..., Any],
) -> None:
    client = personal_create(student)
    attempt = begin(client, given(classroom, instructor, *KINDS[-count:]))["id"]
    save(client, attempt, 1, answer={}, sequence=1)
    # access: token, count; then savepoint, attempt, response, update, release
    with django_assert_num_queries(7):
        assert save(client, attempt, 1, sequence=2, is_flagged=True).status_code == 200
    with django_assert_num_queries(4):  # access, attempt, its items
        assert client.get(f"{V1}/attempts/{attempt}").status_code == 200


BAD_ANSWERS: tuple[tuple[Any, int, str], ...] = (
    ({}, 400, "sequence"),
    ({"sequence": 0}, 400, "sequence"),
    ({"sequence": 2**53 + 1}, 400, "sequence"),
    ({"sequence": 1, "answer": []}, 400, "answer"),
    ({"sequence": 1, "answer": "x"}, 400, "answer"),
    ({"sequence": 1, "answer": {"text": "\0"}}, 400, "answer"),
    ({"sequence": 1, "answer": {"text": "\ud800"}}, 400, "answer"),
    ({"sequence": 1, "points": 1}, 400, "points"),
    ({"sequence": 1, "ratio": 1}, 400, "ratio"),
    ({"sequence": 1, "saved_at": "2020-01-01T00:00Z"}, 400, "saved_at"),
    ({"sequence": 1, "confidence": 9}, 400, "confidence"),
    ({"sequence": 1, "is_flagged": "perhaps"}, 400, "is_flagged"),
    ({"sequence": 1, "seconds": -1}, 400, "seconds"),
    ({"sequence": 1, "answer": {"nonsense": 1}}, 422, "1."),
    ({"sequence": 1, "answer": {"text": ["x"]}}, 422, "1.text"),
)


def test_answer_that_is_none_is_refused_and_named(
    classroom: Classroom, instructor: User, student: User
) -> None:
    client = personal_create(student)
    attempt = begin(client, given(classroom, instructor))["id"]
    for body, status, field in BAD_ANSWERS:
        answer = save(client, attempt, 1, **body)
        assert answer.status_code == status, (body, answer.content)
        assert [fault["field"] for fault in answer.json()["errors"]] == [field], body
    assert not Attempt.objects.get().responses.get().answer


def test_abyss_of_json_is_no_error_of_ours(
    classroom: Classroom, instructor: User, student: User
) -> None:
    client = personal_create(student)
    attempt = begin(client, given(classroom, instructor))["id"]
    for text in ("[" * 100_000, '{"answer":' * 100_000, "\xff", '{"sequence": NaN}', ""):
        answer = client.put(
            f"{V1}/attempts/{attempt}/items/1", text, content_type="application/json"
        )
        assert answer.status_code == 400, text[:20]
    deep = {"text": json.loads("[" * 50 + "]" * 50)}
    assert save(client, attempt, 1, answer=deep, sequence=1).status_code == 400


def test_times_and_limits_have_codes_of_their_own(
    classroom: Classroom, instructor: User, student: User, outsider: User
) -> None:
    now = timezone.now()
    client = personal_create(student)
    hour = timedelta(hours=1)

    def refusal(assignment: Assignment, whose: Client = client) -> tuple[int, str]:
        answer = send(whose, "post", f"{given_at(assignment)}/attempts")
        return answer.status_code, answer.json()["code"]

    early = given(classroom, instructor, opens_at=now + hour)
    late = given(classroom, instructor, closes_at=now - hour)
    once = given(classroom, instructor)
    hidden = given(classroom, instructor)
    Assignment.objects.filter(pk=hidden.pk).update(published_at=None)
    assert refusal(early) == (409, "not_open")
    assert refusal(late) == (409, "closed")
    assert refusal(hidden) == (404, "not_found")
    assert refusal(once, personal_create(outsider)) == (404, "not_found")
    assert refusal(once, personal_create(instructor)) == (404, "not_found")
    assert refusal(once, client_create(classroom.school)) == (403, "person_needed")
    attempt = begin(client, once)["id"]
    still = client.get(f"{V1}/attempts/{attempt}/review")
    assert (still.status_code, still.json()["code"]) == (409, "still_open")
    send(client, "post", f"attempts/{attempt}/submit")
    assert refusal(once) == (409, "no_attempts_left")
    closed = save(client, attempt, 1, answer={"text": "x"}, sequence=9)
    assert (closed.status_code, closed.json()["code"]) == (409, "attempt_closed")
    timed = begin(client, given(classroom, instructor, time_limit_seconds=60))["id"]
    with time_machine.travel(now + hour, tick=False):
        client = personal_create(student)
        over = save(client, timed, 1, answer={"text": "x"}, sequence=9)
        assert (over.status_code, over.json()["code"]) == (409, "time_over")
        shown = client.get(f"{V1}/attempts/{timed}").json()
        assert (shown["state"], shown["closed_by"], shown["items"]) == ("graded", "deadline", [])
        assert shown["submitted_at"] == shown["closes_at"]


@pytest.mark.parametrize("count", [1, 200])
def test_lists_cost_the_same_whatever_their_length(
    count: int,
    classroom: Classroom,
    instructor: User,
    student: User,
    django_assert_num_queries: Callable[..., Any],
) -> None:
    assignment = given(classroom, instructor, attempt_limit=None)
    now = timezone.now()

    def many(model: type[Model], rows: Any) -> None:
        model._default_manager.bulk_create(rows)

    many(
        Attempt,
        [
            Attempt(
                student=student,
                quiz=assignment.quiz,
                assignment=assignment,
                number=number,
                state="graded",
                started_at=now,
                submitted_at=now,
                max_points=1,
            )
            for number in range(1, count + 1)
        ],
    )
    many(
        Assignment,
        [
            Assignment(classroom=classroom, quiz=assignment.quiz, title=f"{n}", published_at=now)
            for n in range(count)
        ],
    )
    learner, staff = personal_create(student), personal_create(instructor)
    attempts, all_of_them = f"{given_at(assignment)}/attempts", "classrooms/{}/assignments"
    costs = {
        # Two are access: the token with its person, and the count of requests.
        (staff, attempts): 5,  # and class, assignment, rows
        (learner, attempts): 8,  # and class, rows, what the student may see of these (4)
        (learner, "attempts"): 3,  # and rows
        (staff, all_of_them.format(classroom.public_id)): 4,  # and class, rows
        (learner, all_of_them.format(classroom.public_id)): 8,  # and what holds for them (4)
    }
    learner.get(f"{V1}/courses")
    staff.get(f"{V1}/courses")
    learner.get(f"{V1}/attempts")
    staff.get(f"{V1}/attempts")
    for (client, address), cost in costs.items():
        with django_assert_num_queries(cost):
            answer = client.get(f"{V1}/{address}?page_size=200")
        assert answer.status_code == 200
    assert Contest.objects.count() == 0


def test_service_and_api_agree(classroom: Classroom, instructor: User, student: User) -> None:
    """What the API begins the site goes on with."""
    attempt = begin(personal_create(student), given(classroom, instructor))["id"]
    row = Attempt.objects.get(public_id=attempt)
    assert row.assignment is not None
    assert (
        services.assignment_start(assignment=row.assignment, student=student, now=timezone.now())
        == row
    )
