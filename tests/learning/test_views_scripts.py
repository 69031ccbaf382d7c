"""What the lesson's script asks and tells."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.content.models import Course, Lesson
from apps.learning import services
from apps.learning.models import LessonProgress
from tests.factories import NOW
from tests.learning.factories import ANCHORS, lesson_create, place_of, see

pytestmark = pytest.mark.django_db

ClientOf = Callable[[User | AnonymousUser], Client]
AT = int(NOW.timestamp() * 1000)


def row_for(lesson: Lesson, **fields: Any) -> dict[str, Any]:
    place = place_of(lesson)
    return {"course": place.course, "unit": place.unit, "lesson": place.lesson, **fields}


def send(client: Client, *rows: dict[str, Any], **headers: str) -> Any:
    body = json.dumps({"lessons": rows})
    address = reverse("learning:progress-record")
    return client.post(address, body, content_type="application/json", headers=headers)


def test_what_is_sent_comes_back_on_another_device(
    lesson: Lesson, student: User, client_of: ClientOf
) -> None:
    answer = send(client_of(student), row_for(lesson, seen=["one"], resume="two", at=AT))
    assert answer.json() == {"lessons": {"sco/history/invitation": "begun"}}
    found = client_of(student).get(reverse("learning:progress", args=["sco"]))
    said = found.json()
    assert len(said.pop("token")) == 64
    assert said == {
        "next": "history/invitation",
        "lessons": {"history/invitation": {"state": "begun", "resume": "two", "at": AT}},
    }
    assert "no-store" in found.headers["Cache-Control"]


def test_nobody_finds_what_another_has_read(
    lesson: Lesson, student: User, classmate: User, client_of: ClientOf
) -> None:
    see(classmate, lesson, *ANCHORS)
    found = client_of(student).get(reverse("learning:progress", args=["sco"])).json()
    assert (found["lessons"], found["next"]) == ({}, None)


def test_a_report_needs_the_token_that_the_answer_gave(lesson: Lesson, student: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(student, backend=settings.AUTHENTICATION_BACKENDS[-1])
    row = row_for(lesson, seen=["one"])
    assert send(client, row).status_code == 403
    token = client.get(reverse("learning:progress", args=["sco"])).json()["token"]
    assert send(client, row, **{"X-CSRFToken": token}).status_code == 200
    assert LessonProgress.objects.get().seen == {"one": 1}


def test_of_somebody_signed_out_nothing_is_kept(lesson: Lesson) -> None:
    answer = send(Client(), row_for(lesson, seen=["one"]))
    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")
    assert not LessonProgress.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"[" * 30_000,
        b'{"lessons": [' + b"{}," * 100 + b"{}]}",
        b'{"lessons": []}' + b" " * 65_536,
        b'{"lessons": [{"course": "sco", "unit": "history", "lesson": "invitation", "seen": NaN}]}',
    ],
)
def test_hostile_bodies_are_refused_in_json(
    body: bytes, lesson: Lesson, student: User, client_of: ClientOf
) -> None:
    address = reverse("learning:progress-record")
    answer = client_of(student).post(address, body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    assert not LessonProgress.objects.exists()


@pytest.mark.parametrize("count", [1, 30])
def test_asking_costs_the_same_for_any_number_of_lessons(
    count: int,
    course: Course,
    student: User,
    client_of: ClientOf,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(count):
        see(student, lesson_create(course, f"lesson-{number}"), "one")
    client = client_of(student)
    with django_assert_num_queries(4):  # session, person, course with its outline, progress
        found = client.get(reverse("learning:progress", args=["sco"])).json()
    assert len(found["lessons"]) == count


def test_next_is_the_lesson_after_the_last_one_read(
    course: Course, student: User, client_of: ClientOf
) -> None:
    first, second, third = (lesson_create(course, slug) for slug in ("first", "second", "third"))
    see(student, first, *ANCHORS)
    see(student, second, *ANCHORS, now=NOW + timedelta(hours=1))

    def following() -> str | None:
        found = client_of(student).get(reverse("learning:progress", args=["sco"])).json()
        return found["next"] and str(found["next"])

    assert following() == "history/third"
    services.lesson_declare(reader=student, lesson=third, now=NOW + timedelta(hours=2))
    assert following() is None
    services.lesson_retract(reader=student, lesson=first, now=NOW + timedelta(hours=3))
    assert following() == "history/first"
