"""Deadlines for a calendar program: what stands in the file, and who gets it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from apps.accounts.models import User
from apps.classrooms import services as classes
from apps.classrooms.models import Classroom, Enrolment
from apps.learning import services
from apps.learning.calendars import Entry, calendar_of
from apps.learning.models import CalendarFeed
from tests.debates.factories import run_create
from tests.factories import NOW
from tests.quizzes.factories import assignment_create

HOSTILE = "A; b, c\nDTSTART:19700101T000000Z\r\nBEGIN:VEVENT \\ \u0645\u062c\u0644\u0633" + "x" * 90
DAY = timedelta(days=1)


def entry(**fields: Any) -> Entry:
    given: dict[str, Any] = {
        "uid": "quiz-1",
        "summary": "Quiz",
        "category": "Class",
        "url": "https://majlis.example/x/",
        "at": datetime(2026, 3, 5, 9, 0, tzinfo=UTC),
        "changed_at": NOW,
    }
    return Entry(**{**given, **fields})


def made(*entries: Entry) -> bytes:
    return calendar_of(entries, name="Dates", host="majlis.example", url="https://majlis.example/")


def events(body: bytes) -> list[Any]:
    return Calendar.from_ical(body).walk("VEVENT")


def test_file_is_what_the_standard_asks() -> None:
    body = made(entry())
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    (event,) = events(body)
    assert (str(event["uid"]), event["dtstart"].dt) == (
        "quiz-1@majlis.example",
        datetime(2026, 3, 5, 9, 0, tzinfo=UTC),
    )
    assert b"DTSTART:20260305T090000Z" in body
    assert "dtend" not in event


def test_hostile_titles_stay_text() -> None:
    (event,) = events(made(entry(summary=HOSTILE, category=HOSTILE)))
    assert str(event["summary"]) == HOSTILE.replace("\r\n", "\n")
    assert event["dtstart"].dt.year == 2026


def test_same_dates_make_the_same_bytes_in_any_order() -> None:
    one, other = entry(), entry(uid="quiz-2", at=NOW)
    assert made(one, other) == made(other, one)


@pytest.fixture
def address(student: User) -> str:
    return f"/home/calendar/{services.feed_renew(reader=student, now=NOW)}.ics"


@pytest.mark.django_db
def test_feed_holds_the_students_own_dates_and_nobody_elses(
    address: str,
    classroom: Classroom,
    student: User,
    instructor: User,
) -> None:
    quiz = assignment_create(classroom, instructor, title="History", due_at=NOW + DAY)
    assignment_create(classroom, instructor, title="Whenever")
    run_create(classroom, instructor)
    classes.accommodation_save(
        enrolment=Enrolment.objects.get(classroom=classroom, user=student),
        activity_id=quiz.public_id,
        fields={"due_at": NOW + 3 * DAY, "note": "ill"},
        actor=instructor,
        now=NOW,
    )
    body = Client().get(address).content
    moments = {str(each["summary"]): each["dtstart"].dt for each in events(body)}
    assert moments["Quiz: History"] == NOW + 3 * DAY
    # Each begins as a sentence does, whatever kind it is of.
    assert [each for each in moments if not each[0].isupper()] == []
    assert len(events(body)) == 6
    names = (student.display_name, student.email, instructor.display_name, "ill", "Whenever")
    assert [name for name in names if name.encode() in body] == []


@pytest.mark.django_db
def test_feed_that_did_not_change_is_not_sent_again(address: str) -> None:
    first = Client().get(address)
    assert first.headers["Content-Type"] == "text/calendar; charset=utf-8"
    again = Client().get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.django_db
def test_renewing_and_ending_close_the_address(address: str, student: User) -> None:
    assert address[15:-4] not in str(CalendarFeed.objects.values().get())
    newer = f"/home/calendar/{services.feed_renew(reader=student, now=NOW)}.ics"
    assert [Client().get(each).status_code for each in (address, newer)] == [404, 200]
    services.feed_revoke(reader=student)
    services.feed_revoke(reader=student)
    assert Client().get(newer).status_code == 404


@pytest.mark.django_db
def test_closed_account_has_no_calendar(address: str, student: User) -> None:
    User.objects.filter(pk=student.pk).update(is_active=False)
    assert Client().get(address).status_code == 404


@pytest.mark.django_db
def test_feed_is_asked_for_so_often_and_no_more(address: str) -> None:
    answers = [Client().get(address).status_code for _each in range(61)]
    assert answers == [200] * 60 + [429]
