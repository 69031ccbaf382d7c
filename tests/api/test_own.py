"""One's own notes, review cards and progress by the API: nobody else's, and each act once."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.content.models import Lesson
from apps.learning.models import LessonProgress
from apps.notes.models import Note
from apps.review.models import ReviewCard, ReviewLog
from tests.api.debates.asking import send
from tests.content.factories import lesson_publish, section

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User | AnonymousUser], Client]
NOTES, CARDS = "/api/v1/notes", "/api/v1/review/cards"


@pytest.fixture
def lesson(classroom: Classroom) -> Lesson:
    return lesson_publish(classroom.course, section(), slug="noted")


@pytest.fixture
def client(student: User, client_of: ClientOf) -> Client:
    return client_of(student)


def passage(lesson: Lesson, **more: Any) -> dict[str, Any]:
    return {
        "lesson_id": str(lesson.public_id),
        "section": "invitation",
        "exact": "first contact",
        "kind": "highlight",
        **more,
    }


def test_note_is_kept_changed_and_deleted(client: Client, lesson: Lesson) -> None:
    made = send(client, "post", NOTES, passage(lesson))
    assert made.status_code == 201, made.content
    note = made.json()
    assert (note["exact"], note["heading"], note["sources"]) == (
        "first contact",
        "Invitation",
        ["P01"],
    )
    place = f"{NOTES}/{note['id']}"
    seen = client.get(place)
    assert seen.headers["ETag"] == made.headers["ETag"]
    assert send(client, "patch", place, {"body": "Why *then*?"}).status_code == 428
    tag = seen.headers["ETag"]
    changed = send(client, "patch", place, {"body": "Why *then*?"}, if_match=tag)
    assert (changed.status_code, changed.json()["kind"]) == (200, "note")
    assert "<em>then</em>" in changed.json()["html"]
    assert send(client, "patch", place, {"body": "No"}, if_match=tag).status_code == 412
    assert send(client, "delete", place, if_match=changed.headers["ETag"]).status_code == 204
    assert not Note.objects.exists()


def test_note_sent_twice_is_one(client: Client, lesson: Lesson) -> None:
    wish = passage(lesson, client_id=str(uuid4()))
    first, second = (send(client, "post", NOTES, wish).json() for _each in range(2))
    assert first == second
    third = [
        send(client, "post", NOTES, passage(lesson), idempotency_key="k").json()["id"]
        for _each in range(2)
    ]
    assert len({first["id"], *third}) == Note.objects.count() == 2


def test_note_is_shared_with_a_class_of_ones_own_alone(
    client: Client, lesson: Lesson, classroom: Classroom, foreign_classroom: Classroom
) -> None:
    wish = passage(lesson, kind="note", body="Look", visibility="class")
    shared = send(client, "post", NOTES, wish | {"classroom_id": str(classroom.public_id)})
    assert (shared.status_code, shared.json()["visibility"]) == (201, "class")
    for key, status in ((foreign_classroom.public_id, 404), (uuid4(), 404), (None, 422)):
        wrong = wish | {"classroom_id": str(key) if key else None}
        assert send(client, "post", NOTES, wrong).status_code == status
    tag = shared.headers["ETag"]
    private = send(
        client, "patch", f"{NOTES}/{shared.json()['id']}", {"visibility": "private"}, if_match=tag
    )
    assert (private.status_code, private.json()["classroom_id"]) == (200, None)


def test_limits_are_those_of_the_pages(client: Client, lesson: Lesson, settings: Any) -> None:
    names = ("note_write", "note_edit", "review_write")
    settings.ACCOUNT_RATE_LIMITS = dict.fromkeys(names, "1/h/user")
    note = send(client, "post", NOTES, passage(lesson)).json()
    place = f"{NOTES}/{note['id']}"
    edited = send(client, "patch", place, {"body": "Why?"}, if_match="*")
    card = client.post(reverse("review:card-create"), {"front": "On the page", "back": "A"})
    assert (edited.status_code, card.status_code) == (200, 302)
    mine = f"{CARDS}/{ReviewCard.objects.get().public_id}"
    refused = [
        send(client, "post", NOTES, passage(lesson)),
        send(client, "patch", place, {"body": "And when?"}, if_match="*"),
        send(client, "post", CARDS, {"front": "Q?", "back": "A"}),
        send(client, "patch", mine, {"front": "Q?"}, if_match="*"),
    ]
    assert [(each.status_code, each.json()["code"]) for each in refused] == [(429, "too_often")] * 4
    assert all(0 < int(each.headers["Retry-After"]) <= 3600 for each in refused)
    # What is written in no words is no writing.
    assert send(client, "patch", mine, {"is_suspended": True}, if_match="*").status_code == 200


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"exact": "words that are not there"}, 422),
        ({"section": "nowhere"}, 422),
        ({"exact": ""}, 422),  # a highlight of nothing
        ({"kind": "loud"}, 400),
        ({"lesson_id": str(uuid4())}, 404),
        ({"author": "me"}, 400),
        ({"html": "<script>"}, 400),
        ({"body": "x" * 10_001}, 400),
    ],
)
def test_note_that_breaks_a_rule_is_refused(
    more: dict[str, Any], status: int, client: Client, lesson: Lesson
) -> None:
    answer = send(client, "post", NOTES, passage(lesson, **more))
    assert answer.status_code == status, answer.content
    assert not Note.objects.exists()


def test_what_is_ones_own_is_nobody_elses(
    client: Client, lesson: Lesson, classmate: User, instructor: User, client_of: ClientOf
) -> None:
    note = send(client, "post", NOTES, passage(lesson)).json()["id"]
    card = send(client, "post", CARDS, {"front": "Zanzibar?", "back": "There."}).json()["id"]
    for person in (classmate, instructor):
        other = client_of(person)
        for address in (f"{NOTES}/{note}", f"{CARDS}/{card}"):
            missing = address[:-36] + str(uuid4())
            assert other.get(address).content == other.get(missing).content
            answer = send(other, "delete", address, if_match='"x"')
            assert answer.status_code == 404
        for address in (NOTES, CARDS):
            assert other.get(address).json()["results"] == []
        rating = {"rating": 3, "version": 1, "client_id": str(uuid4())}
        assert send(other, "post", f"{CARDS}/{card}/ratings", rating).status_code == 404


def test_card_is_written_rated_once_and_put_aside(client: Client) -> None:
    made = send(client, "post", CARDS, {"front": "Q?", "back": "*A*", "tags": ["x"]})
    assert made.status_code == 201, made.content
    card = made.json()
    assert (card["status"], card["back_html"].strip()) == ("shown", "<p><em>A</em></p>")
    place = f"{CARDS}/{card['id']}"
    queue = client.get("/api/v1/review/queue").json()
    assert (queue["new"], queue["card"]) == (1, card["id"])
    rating = {"rating": 3, "version": card["version"], "client_id": str(uuid4())}
    outcomes = [send(client, "post", f"{place}/ratings", rating).json() for _each in range(2)]
    assert [each["outcome"] for each in outcomes] == ["applied", "repeated"]
    stale = send(client, "post", f"{place}/ratings", rating | {"client_id": str(uuid4())})
    assert stale.json()["outcome"] == "stale"
    assert ReviewLog.objects.count() == 1
    tag = client.get(place).headers["ETag"]
    aside = send(client, "patch", place, {"is_suspended": True, "back": "B"}, if_match=tag)
    assert aside.status_code == 200, aside.content
    assert (aside.json()["suspended_at"] is None, aside.json()["back"]) == (False, "B")
    tag = aside.headers["ETag"]
    for wrong in ({"due_at": "2026-01-01T00:00:00Z"}, {"reps": 9}, {"version": 9}):
        assert send(client, "patch", place, wrong, if_match=tag).status_code == 400
    assert send(client, "delete", place, if_match=tag).status_code == 204
    assert not ReviewCard.objects.exists()


@pytest.mark.parametrize("count", [1, 30])
def test_lists_of_ones_own_cost_the_same_whatever_their_length(
    count: int, client: Client, lesson: Lesson, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        send(client, "post", NOTES, passage(lesson))
        send(client, "post", CARDS, {"front": f"{number}?", "back": "A"})
    with django_assert_num_queries(4):  # session, person, count, rows
        assert len(client.get(NOTES).json()["results"]) == count
    with django_assert_num_queries(5):  # and the cards, for their sides
        assert len(client.get(CARDS).json()["results"]) == count


def test_progress_is_told_declared_and_taken_back(
    client: Client, lesson: Lesson, classmate: User, client_of: ClientOf
) -> None:
    course, unit = lesson.unit.course.slug, lesson.unit.slug
    place = f"/api/v1/courses/{course}"
    at = "2026-01-02T09:00:00Z"
    report = {"course": course, "unit": unit, "lesson": lesson.slug}
    lessons = [
        {**report, "seen": ["invitation"]},
        {**report, "seen": ["no-such"], "resume": "invitation", "at": at},  # the same lesson
        {**report, "lesson": "no-such", "seen": ["invitation"]},
    ]
    for _each in range(2):
        told = send(client, "post", "/api/v1/progress", {"lessons": lessons})
        assert (told.status_code, told.json()) == (200, {"lessons": [{**report, "state": "read"}]})

    def seen(by: Client) -> dict[str, Any]:
        rows = by.get(f"{place}/progress").json()["lessons"]
        found: dict[str, Any] = next(row for row in rows if row["lesson"] == lesson.slug)
        return found

    mine = seen(client)
    assert (mine["state"], mine["seen"], mine["resume"]) == ("read", ["invitation"], "invitation")
    assert mine["resume_at"] == at
    whole = client.get(f"{place}/progress")
    known: Any = {"headers": {"If-None-Match": whole["ETag"]}}
    assert client.get(f"{place}/progress", **known).status_code == 304
    assert client.get(f"{place}/progress?fields=read").json() == {"read": whole.json()["read"]}
    word = f"{place}/lessons/{unit}/{lesson.slug}/progress"
    unread = send(client, "put", word, {"is_read": False})
    assert (unread.status_code, unread.json()) == (200, seen(client))
    assert (unread.json()["state"], unread.json()["is_retracted"]) == ("begun", True)
    assert client.get(f"{place}/progress", **known).status_code == 200
    read = send(client, "put", word, {"is_read": True}).json()
    assert (read["state"], read["is_declared"], read["seen"]) == ("read", True, ["invitation"])
    other = seen(client_of(classmate))
    assert (other["state"], other["seen"], other["touched_at"]) == ("unread", [], None)
    assert LessonProgress.objects.count() == 1


@pytest.mark.parametrize(
    "more",
    [
        {"resume": "invitation"},  # without when
        {"seen": ["x"] * 201},
        {"seen": ["\0"]},
        {"at": "yesterday"},
        {"read_at": "2026-01-02T09:00:00Z"},
    ],
)
def test_report_that_cannot_be_understood_is_refused(
    more: dict[str, Any], client: Client, lesson: Lesson
) -> None:
    row = {"course": lesson.unit.course.slug, "unit": lesson.unit.slug, "lesson": lesson.slug}
    for rows in ([{**row, **more}], [row] * 51):
        assert send(client, "post", "/api/v1/progress", {"lessons": rows}).status_code == 400
    assert not LessonProgress.objects.exists()
