"""Several workers and readers at once, with real threads: locks and constraints decide."""

from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.notifications import services
from apps.notifications.models import Letter, Notification
from tests.classrooms.factories import students_add
from tests.factories import NOW
from tests.notifications.factories import LATER, forget, grade_release
from tests.quizzes.factories import assignment_create
from tests.quizzes.test_races import together

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
AFTER = NOW.replace(hour=18, minute=0, second=5)


@pytest.mark.parametrize("rounds", [4, pytest.param(40, marks=pytest.mark.long)])
def test_workers_at_once_tell_each_thing_once_in_one_letter(
    rounds: int, classroom: Classroom, instructor: User, monkeypatch: Any
) -> None:
    monkeypatch.setattr(services.telling, "EVENTS_AT_ONCE", 4)
    people = students_add(classroom, 10, actor=instructor)
    forget()
    for number in range(rounds):
        now = AFTER + timedelta(minutes=15 * number)
        due_at = now + timedelta(hours=23)
        assignment_create(classroom, instructor, title=f"Quiz {number}", due_at=due_at)
        grade_release(classroom, instructor, *people, title=f"Item {number}", now=now)
        read = partial(services.notifications_read, user=people[0], until=now, now=now)
        together(
            *[partial(services.events_tell, now=now)] * 3,
            *[partial(services.deadlines_tell, now=now)] * 3,
            *[partial(services.letters_send_due, now=now)] * 3,
            read,
        )
    end = AFTER + timedelta(days=2)
    together(*[partial(services.events_tell, now=end)] * 3)
    together(*[partial(services.letters_send_due, now=end)] * 4)
    counts = Counter(Notification.objects.values_list("kind", flat=True))
    assert counts == {
        "assignment": 12 * rounds,
        "deadline": 12 * rounds,
        "grade": 10 * rounds,
    }
    sent = Letter.objects.filter(state="sent")
    ids = Counter(each.extra_headers["Message-ID"] for each in mail.outbox)
    assert ids == Counter(services.message_id(letter) for letter in sent)
    assert not Letter.objects.filter(state="pending").exists()
    assert not Notification.objects.filter(letter_due_at__isnull=False).exists()


def test_settings_and_letters_at_once_end_in_one_state(
    classroom: Classroom, instructor: User, student: User
) -> None:
    forget()
    for _round in range(5):
        Letter.objects.all().delete()
        grade_release(classroom, instructor, student)
        services.events_tell(now=LATER)
        save = partial(services.choices_save, user=student, choices={}, hour=18, weekday=0)
        together(
            partial(save, frequency="daily", now=LATER),
            partial(save, frequency="never", now=LATER),
            partial(services.letters_make, now=AFTER),
            partial(services.letters_end, user=student),
        )
        told = Notification.objects.filter(kind="grade")
        assert told.filter(letter__isnull=False, letter_due_at__isnull=False).count() == 0
