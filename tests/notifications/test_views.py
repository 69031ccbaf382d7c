"""The list, its number in the masthead, opening, and the settings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.classrooms import services as classrooms
from apps.classrooms.models import Classroom, Enrolment
from apps.debates import services as debates
from apps.grades import services as grades
from apps.notifications import services
from apps.notifications.models import Notification, Preference, Rhythm
from tests.debates.factories import during, join, post, run_create
from tests.factories import NOW
from tests.notifications.factories import LATER, forget, grade_release
from tests.quizzes.factories import assignment_create

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User | AnonymousUser], Client]
LIST, UNREAD = "/notifications/", "/notifications/unread/"


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def told(classroom: Classroom, instructor: User, student: User, classmate: User) -> Notification:
    """Both students have a grade; this is what the first one is told."""
    forget()
    grade_release(classroom, instructor, student, classmate, title="The <presentation>")
    services.events_tell(now=LATER)
    return Notification.objects.get(recipient=student)


def test_list_shows_one_own_by_day_and_class_and_not_the_grade(
    told: Notification, student: User, client_of: ClientOf
) -> None:
    page = client_of(student).get(LIST).content.decode()
    assert page.count('class="told__line told__line--unread"') == 1
    assert "Your grade for “The &lt;presentation&gt;” is out." in page
    assert "International relations" in page
    assert ">2 March 2026</time>" in page
    assert "7.25" not in page
    assert ">1 new</h2>" in page


def test_number_is_that_of_the_list_and_costs_nothing_where_it_stands(
    told: Notification, student: User, classmate: User, client_of: ClientOf
) -> None:
    client = client_of(student)
    answer = client.get(UNREAD)
    assert answer.json() == {"unread": 1}
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Cookie" in answer.headers["Vary"]
    tag = answer.headers["ETag"]
    assert client.get(UNREAD, headers={"If-None-Match": tag}).status_code == 304
    assert client.get(UNREAD, headers={"If-None-Match": f"W/{tag}"}).status_code == 304
    assert client_of(classmate).get(UNREAD).headers["ETag"] != tag
    client.post(reverse("notifications:read", args=[told.public_id]))
    assert client.get(UNREAD, headers={"If-None-Match": tag}).json() == {"unread": 0}


def test_opening_marks_as_read_and_leads_to_its_page(
    told: Notification, student: User, client_of: ClientOf, classroom: Classroom
) -> None:
    client = client_of(student)
    address = reverse("notifications:open", args=[told.public_id])
    assert client.head(address).status_code == 204
    ahead = [
        ("Sec-Purpose", "prefetch;prerender"),
        ("Purpose", "prefetch"),
        ("X-Purpose", "preview"),
        ("X-Moz", "prefetch"),
        ("Sec-Fetch-Dest", "empty"),
    ]
    for name, value in ahead:
        assert client.get(address, headers={name: value}).status_code == 204
    told.refresh_from_db()
    assert told.read_at is None
    answer = client.get(address)
    assert answer.headers["Location"] == f"/classes/{classroom.public_id}/grades/mine/"
    assert client.get(answer.headers["Location"]).status_code == 200
    row = Notification.objects.get(pk=told.pk)
    assert (row.read_at, row.letter_due_at) == (LATER, None)
    assert ">Earlier</h2>" in client.get(LIST).content.decode()


@pytest.mark.parametrize(
    "path",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", ""],
)
def test_opening_leads_nowhere_else(
    path: str, told: Notification, student: User, client_of: ClientOf
) -> None:
    Notification.objects.filter(pk=told.pk).update(path=path)
    answer = client_of(student).get(reverse("notifications:open", args=[told.public_id]))
    assert answer.headers["Location"] == "/"


def test_all_are_read_but_what_came_since(
    told: Notification,
    classroom: Classroom,
    instructor: User,
    student: User,
    classmate: User,
    client_of: ClientOf,
) -> None:
    client = client_of(student)
    page = client.get(LIST).content.decode()
    until = re.findall(r'name="until" value="([^"]+)"', page)[0]
    with time_machine.travel(LATER + timedelta(minutes=5), tick=False):
        item = grade_release(
            classroom, instructor, student, title="Another", now=LATER + timedelta(minutes=4)
        )
        services.events_tell(now=LATER + timedelta(minutes=5))
        client.post(reverse("notifications:read-all"), {"until": until})
        assert client.get(UNREAD).json() == {"unread": 1}
        assert client_of(classmate).get(UNREAD).json() == {"unread": 1}
        grades.item_hold(item=item, actor=instructor, now=LATER)
        assert client.get(UNREAD).json() == {"unread": 0}


CANARIES = ("A-CANARY", "Zainab", "7.25", "PRESENTATION-HELD", "LEFT-CLASS", "SECRET-ANSWER")


def test_no_page_and_no_answer_holds_what_its_reader_may_not_see(
    classroom: Classroom, instructor: User, student: User, classmate: User, client_of: ClientOf
) -> None:
    """A held grade, hidden words, an anonymous author's name, a class that one has left."""
    run = run_create(classroom, instructor, is_anonymous=True)
    author, other = join(run, student), join(run, classmate)
    opening = post(author)
    answer = post(other, opening, text="SECRET-ANSWER " + "word " * 30)
    post(other, opening, text="SECRET-ANSWER " + "word " * 30)
    item = grade_release(classroom, instructor, student, title="PRESENTATION-HELD")
    left = classroom_of(classroom, instructor, student)
    assignment_create(left, instructor, title="LEFT-CLASS")
    services.events_tell(now=during("arguing"))
    before = Notification.objects.filter(recipient=student).count()
    grades.item_hold(item=item, actor=instructor, now=LATER)
    debates.argument_moderate(
        argument=answer, kind="hide", reason="A-CANARY", actor=instructor, now=during("arguing")
    )
    enrolment = Enrolment.objects.get(user=student, classroom=left)
    classrooms.enrolment_remove(enrolment=enrolment, actor=instructor, now=LATER)
    assert before == 4
    with time_machine.travel(during("arguing"), tick=False):
        client = client_of(student)
        page = client.get(LIST).content.decode()
        assert [text for text in CANARIES if text in page] == []
        assert page.count("is answered.") == 2  # the text, and the label of its button
        assert client.get(UNREAD).json() == {"unread": page.count("told__line--unread")}


def classroom_of(classroom: Classroom, instructor: User, student: User) -> Classroom:
    """Another class of the same course."""
    other = classrooms.classroom_create(
        school=classroom.school,
        course=classroom.course,
        fields={"title": "LEFT-CLASS"},
        actor=instructor,
        now=NOW,
    )
    classrooms.enrolment_add(classroom=other, user=student, actor=instructor, now=NOW)
    return other


@pytest.mark.parametrize("count", [1, 30])
def test_list_takes_the_same_queries_for_one_and_for_many(
    count: int, classroom: Classroom, instructor: User, student: User, client_of: ClientOf
) -> None:
    forget()
    for number in range(count):
        grade_release(classroom, instructor, student, title=f"Item {number}")
    services.events_tell(now=LATER)
    client = client_of(student)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(LIST).content.decode()
    assert page.count("told__line--unread") == count
    # Session, person; the rows, the reader's classes, the grades; and for the number the same 3.
    assert len(queries) == 8
    with CaptureQueriesContext(connection) as queries:
        client.get(UNREAD)
    assert len(queries) == 5


def test_settings_are_kept_and_shown_again(
    classroom: Classroom, student: User, assistant: User, client_of: ClientOf
) -> None:
    client, address = client_of(student), reverse("notifications:settings")
    page = client.get(address).content.decode()
    assert page.count('type="checkbox"') == 18
    assert client_of(assistant).get(address).content.decode().count('type="checkbox"') == 24
    given: dict[str, Any] = {"frequency": "weekly", "hour": "7", "weekday": "4"}
    answer = client.post(address, {**given, "reply_in_site": "on"}, follow=True)
    assert "From now on you are told in this way." in answer.content.decode()
    assert Rhythm.objects.filter(user=student).values_list("frequency", "hour", "weekday")[0] == (
        "weekly",
        7,
        4,
    )
    chosen = Preference.objects.filter(user=student, in_site=True)
    assert list(chosen.values_list("kind", "by_email")) == [("reply", False)]
    assert Preference.objects.filter(user=student).count() == 9
    assert client.get(address).content.decode().count("checked") == 2
    assert client.post(address, {**given, "frequency": "hourly"}).status_code == 200
    assert client.post(address, {**given, "hour": "24"}).status_code == 200
    assert Rhythm.objects.get(user=student).hour == 7


def test_old_ones_are_forgotten(told: Notification, classmate: User) -> None:
    services.letters_send_due(now=NOW + timedelta(days=1))
    services.notification_read(notification=told, now=LATER)
    services.notifications_delete_old(now=LATER + timedelta(days=90))
    assert Notification.objects.count() == 2
    services.notifications_delete_old(now=LATER + timedelta(days=91, hours=1))
    assert [row.recipient for row in Notification.objects.all()] == [classmate]
    services.notifications_delete_old(now=NOW + timedelta(days=366))
    assert not Notification.objects.exists()
