"""Letters: when, to whom, with what; sent again under the same id, and never more than needed."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts import services as accounts
from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.debates import services as debates
from apps.grades import services as grades
from apps.notifications import services
from apps.notifications.enums import Kind
from apps.notifications.models import Letter, Notification, Rhythm
from tests.classrooms.factories import students_add
from tests.debates.factories import during, join, post, run_create
from tests.factories import NOW, person_create
from tests.notifications.factories import LATER, forget, grade_release
from tests.quizzes.factories import assignment_create

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DIGEST = NOW.replace(hour=18, minute=0)
AFTER = DIGEST + timedelta(seconds=3)


def sent() -> list[EmailMultiAlternatives]:
    return [each for each in mail.outbox if isinstance(each, EmailMultiAlternatives)]


def both(message: EmailMultiAlternatives) -> tuple[str, str]:
    """As text and as HTML."""
    return str(message.body), str(message.alternatives[0][0])


@pytest.fixture
def released(classroom: Classroom, instructor: User, student: User) -> Notification:
    """The student is told of a grade, and of nothing else."""
    forget()
    grade_release(classroom, instructor, student, title="The presentation")
    services.events_tell(now=LATER)
    return Notification.objects.get()


def test_digest_comes_at_its_hour_once(released: Notification, student: User) -> None:
    assert services.letters_send_due(now=DIGEST - timedelta(seconds=1)) == 0
    assert services.letters_send_due(now=AFTER) == 1
    assert services.letters_send_due(now=AFTER + 25 * HOUR) == 0
    (message,) = sent()
    letter = Letter.objects.get()
    assert (letter.state, letter.attempt_count, letter.slot_at) == ("sent", 1, DIGEST)
    assert message.to == [student.email]
    assert message.subject == "[Majlis] Your grade for “The presentation” is out."
    assert message.extra_headers["Message-ID"] == f"<letter-{letter.public_id}@testserver>"
    text, html = both(message)
    link = f"http://testserver/notifications/{released.public_id}/"
    for body in (text, html):
        assert link in body
        assert "Your grade for “The presentation” is out." in body
        assert "International relations" in body
        assert "7.25" not in body
    assert "<img" not in html
    assert "src=" not in html


@pytest.mark.parametrize("why", ["read", "held", "inactive", "unconfirmed", "never", "unwanted"])
def test_letter_is_dropped_where_nothing_is_left_to_tell(
    why: str, released: Notification, student: User, instructor: User
) -> None:
    services.letters_make(now=AFTER)
    if why == "read":
        services.notification_read(notification=released, now=AFTER)
    elif why == "held":
        item = student.current_grades.get(item__kind="manual").item
        grades.item_hold(item=item, actor=instructor, now=AFTER)
    elif why == "inactive":
        User.objects.filter(pk=student.pk).update(is_active=False)
    elif why == "unconfirmed":
        EmailAddress.objects.filter(user=student).update(verified=False)
    elif why == "never":
        services.letters_end(user=student)
    else:
        services.choices_save(
            user=student,
            choices={Kind.GRADE: services.Choice(by_email=False)},
            frequency="daily",
            hour=18,
            weekday=6,
            now=AFTER,
        )
    assert services.letters_send_due(now=AFTER) == 0
    assert (sent(), Letter.objects.get().state) == ([], "dropped")


def test_nobody_without_a_confirmed_address_is_to_be_written_to(
    classroom: Classroom, instructor: User, student: User
) -> None:
    forget()
    EmailAddress.objects.filter(user=student).update(verified=False)
    grade_release(classroom, instructor, student)
    services.events_tell(now=LATER)
    row = Notification.objects.get()
    assert (row.is_listed, row.letter_due_at) == (True, None)


def test_what_is_urgent_comes_at_once_and_then_there_is_quiet(
    classroom: Classroom, instructor: User, student: User
) -> None:
    run = run_create(classroom, instructor)
    forget()
    author = join(run, student)
    moment = during("arguing")

    def warn(now: Any) -> None:
        debates.argument_moderate(
            argument=post(author),
            kind="warn",
            reason="A-CANARY-IN-A-REASON",
            actor=instructor,
            now=now,
        )
        services.events_tell(now=now)

    warn(moment)
    assert services.letters_send_due(now=moment) == 1
    for minutes in (1, 2, 9):
        warn(moment + timedelta(minutes=minutes))
        assert services.letters_send_due(now=moment + timedelta(minutes=minutes)) == 0
    assert services.letters_send_due(now=moment + timedelta(minutes=10)) == 1
    first, second = sent()
    assert first.subject.startswith("[Majlis] A moderator warns you about your argument in")
    # Three that say the same are one line, which leads to the list of them.
    assert second.subject.startswith("[Majlis] A moderator warns you about your argument in")
    for body in both(second):
        assert (body.count("A moderator warns"), body.count("(3 times)")) == (1, 1)
        assert 'http://testserver/notifications/"' in body or "/notifications/\n" in body
    assert not any("CANARY" in body for each in (first, second) for body in both(each))


def test_deadline_that_is_over_or_met_makes_no_letter(
    classroom: Classroom, instructor: User, student: User, classmate: User
) -> None:
    forget()
    assignment_create(classroom, instructor, due_at=NOW + HOUR)
    forget()
    services.deadlines_tell(now=NOW)
    assert services.letters_send_due(now=NOW + 2 * HOUR) == 0
    assert {each.state for each in Letter.objects.all()} == {"dropped"}


def test_letter_is_in_the_readers_language_and_time(
    classroom: Classroom, instructor: User, student: User
) -> None:
    assignment_create(classroom, instructor, title="The first quiz", due_at=NOW + HOUR)
    forget()
    accounts.profile_save(
        user=student, display_name="Bilal", language="ur", time_zone="Asia/Karachi", now=NOW
    )
    services.deadlines_tell(now=NOW)
    services.letters_send_due(now=NOW)
    (message,) = [each for each in sent() if each.to == [student.email]]
    text, html = both(message)
    assert "3:30 شام (PKT)" in text
    assert '<html lang="ur" dir="rtl">' in html


def test_moving_to_another_time_zone_moves_the_digest(
    released: Notification, student: User
) -> None:
    accounts.profile_save(
        user=student, display_name="Bilal", language="en", time_zone="Asia/Karachi", now=LATER
    )
    services.events_tell(now=LATER)
    released.refresh_from_db()
    assert released.letter_due_at == NOW.replace(hour=13, minute=0)


def test_settings_move_and_end_what_waits(released: Notification, student: User) -> None:
    given: dict[str, Any] = {"frequency": "weekly", "hour": 7, "weekday": 4, "now": LATER}
    services.choices_save(user=student, choices={}, **given)
    released.refresh_from_db()
    assert released.letter_due_at == NOW.replace(day=6, hour=7, minute=0)
    off = {Kind.GRADE: services.Choice(by_email=False)}
    services.choices_save(user=student, choices=off, **given)
    released.refresh_from_db()
    assert released.letter_due_at is None


# The mail server


class Server(EmailBackend):
    """Takes a letter, or does not; `answers` are what it says to one after the other."""

    answers: list[Exception | None] = []

    def send_messages(self, messages: Any) -> int:
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer
        return super().send_messages(messages)


@pytest.fixture
def server(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    settings.EMAIL_BACKEND = "tests.notifications.test_letters.Server"

    def answer(*answers: Exception | None) -> None:
        monkeypatch.setattr(Server, "answers", list(answers))

    return answer


def test_failed_letter_is_sent_again_under_the_same_id(
    released: Notification, server: Callable[..., None]
) -> None:
    refused = smtplib.SMTPDataError(451, b"Try later, student@quaid.example")
    server(refused, smtplib.SMTPServerDisconnected("gone"))
    moment = AFTER
    for _attempt in range(3):
        services.letters_send_due(now=moment)
        moment += timedelta(minutes=5)
    letter = Letter.objects.get()
    assert (letter.state, letter.attempt_count, letter.error) == ("sent", 3, "")
    (message,) = sent()
    assert message.extra_headers["Message-ID"] == services.message_id(letter)


def test_error_is_kept_without_an_address_and_given_up_in_time(
    released: Notification, server: Callable[..., None]
) -> None:
    refused = smtplib.SMTPRecipientsRefused({"student@quaid.example": (550, b"No such")})
    server(*[refused] * 100)
    moment = AFTER
    while Letter.objects.filter(state="pending").exists() or not Letter.objects.exists():
        services.letters_send_due(now=moment)
        moment += timedelta(hours=3)
    letter = Letter.objects.get()
    assert (letter.state, letter.error) == ("failed", "SMTPRecipientsRefused")
    assert letter.finished_at is not None
    assert letter.finished_at - letter.made_at <= timedelta(days=2, hours=3)


def test_one_letter_that_cannot_be_sent_stops_no_other(
    classroom: Classroom,
    instructor: User,
    student: User,
    classmate: User,
    server: Callable[..., None],
) -> None:
    forget()
    grade_release(classroom, instructor, student, classmate)
    services.events_tell(now=LATER)
    server(smtplib.SMTPDataError(554, b"No"))
    assert services.letters_send_due(now=AFTER) == 1
    assert sorted(Letter.objects.values_list("state", flat=True)) == ["pending", "sent"]


def test_unreachable_server_costs_one_attempt_a_sweep(
    classroom: Classroom, instructor: User, student: User, classmate: User
) -> None:
    forget()
    grade_release(classroom, instructor, student, classmate)
    services.events_tell(now=LATER)
    with mock.patch.object(EmailBackend, "open", side_effect=ConnectionRefusedError) as opened:
        assert services.letters_send_due(now=AFTER) == 0
    assert opened.call_count == 1
    assert set(Letter.objects.values_list("attempt_count", "error")) == {
        (1, "ConnectionRefusedError")
    }
    assert services.letters_send_due(now=AFTER + timedelta(minutes=2)) == 2


def test_letter_of_a_worker_that_died_falls_due_by_itself(released: Notification) -> None:
    services.letters_make(now=AFTER)
    services.letters._take(AFTER)  # and nothing after it
    assert services.letters_send_due(now=AFTER + timedelta(minutes=9)) == 0
    assert services.letters_send_due(now=AFTER + timedelta(minutes=11)) == 1


def test_what_is_committed_late_for_a_period_that_had_its_letter_is_told_after_it(
    released: Notification, classroom: Classroom, instructor: User, student: User
) -> None:
    services.letters_send_due(now=AFTER)
    grade_release(classroom, instructor, student, title="Another")
    services.events_tell(now=LATER)  # by a worker whose clock stood before the digest
    assert services.letters_send_due(now=AFTER + timedelta(minutes=1)) == 0
    assert services.letters_send_due(now=AFTER + timedelta(minutes=11)) == 1
    assert [each.subject for each in sent()] == [
        "[Majlis] Your grade for “The presentation” is out.",
        "[Majlis] Your grade for “Another” is out.",
    ]


@pytest.mark.parametrize("count", [1, 30])
def test_making_letters_takes_the_same_queries_for_one_and_for_many(
    count: int, classroom: Classroom, instructor: User
) -> None:
    forget()
    people = students_add(classroom, count, actor=instructor)
    grade_release(classroom, instructor, *people)
    services.events_tell(now=LATER)
    with CaptureQueriesContext(connection) as queries:
        assert services.letters_make(now=AFTER) == count
    # Whom, what is theirs (locked), letters of the same period, the letters, what they tell.
    seen = [each["sql"] for each in queries if "SAVEPOINT" not in each["sql"]]
    assert len(seen) == 5, seen
    assert Notification.objects.filter(letter__isnull=False).count() == count


# Unsubscribing


def test_letter_can_be_ended_from_the_mailbox_by_one_click(
    released: Notification, student: User, instructor: User, client: Client
) -> None:
    services.letters_send_due(now=AFTER)
    headers = sent()[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = headers["List-Unsubscribe"].strip("<>").removeprefix("http://testserver")
    strict = Client(enforce_csrf_checks=True)
    assert strict.get(link).status_code == 200
    assert not Rhythm.objects.exists()  # a scanner that follows links ends nothing
    answer = strict.post(link, {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.cookies.get("sessionid")) == (200, None)
    assert list(Rhythm.objects.values_list("user", "frequency")) == [(student.pk, "never")]
    assert strict.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert strict.post(link.replace("/unsubscribe/", "/unsubscribe/x")).status_code == 404
    forged = services.unsubscribe_url(instructor).removeprefix("http://testserver")
    mixed = link.rsplit(":", 1)[0] + ":" + forged.rsplit(":", 1)[1]
    assert strict.post(mixed).status_code == 404
    nobody = person_create()
    gone = services.unsubscribe_url(nobody).removeprefix("http://testserver")
    nobody.delete()
    assert strict.post(gone).status_code == 200


# Hostile titles


HOSTILE = "Hello\r\nBcc: everybody@example.org\r\n\r\n<script>alert(1)</script> \u202e“%(title)s”"


def test_title_cannot_add_a_header_or_markup(
    classroom: Classroom, instructor: User, student: User
) -> None:
    assignment = assignment_create(classroom, instructor, due_at=NOW + HOUR)
    type(assignment).objects.filter(pk=assignment.pk).update(title=HOSTILE)
    Classroom.objects.update(title=f"Class {HOSTILE}")
    User.objects.filter(pk=student.pk).update(display_name="A\r\nB <b>")
    forget()
    services.deadlines_tell(now=NOW)
    services.letters_send_due(now=NOW)
    (message,) = [each for each in sent() if each.to == [student.email]]
    raw = message.message().as_bytes()
    head = raw.split(b"\n\n", 1)[0]
    assert b"\nBcc:" not in raw
    assert b"everybody@example.org" not in head.replace(b"Bcc: everybody@example.org", b"", 1)
    text, html = both(message)
    assert "\u202e" not in text + html + message.subject
    assert "\n" not in message.subject
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "“%(title)s”" in text
