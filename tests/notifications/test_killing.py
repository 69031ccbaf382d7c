"""The worker is killed at moments that chance chooses; everything is told once, every letter goes.

Each round forks a process that runs the sweeps a worker runs and is killed with SIGKILL. What it
had sent by then it told its parent through a pipe, as a mail server would have kept it.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connections

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.grades.models import CurrentGrade, GradeItem
from apps.notifications import services
from apps.notifications.models import Letter, Notification
from tests.classrooms.factories import students_add
from tests.factories import NOW
from tests.notifications.factories import grade_release
from tests.quizzes.factories import assignment_create

AFTER = NOW.replace(hour=18, minute=0, second=5)
LONGEST_SECONDS = 0.8


class Mailbox(BaseEmailBackend):
    """Keeps the Message-ID of what it takes, one a line; then the worker may die."""

    descriptor = -1
    pause: float = 0.02

    def send_messages(self, messages: Any) -> int:
        for message in messages:
            time.sleep(self.pause)  # most deaths fall before the letter is taken, or right after
            os.write(self.descriptor, f"{message.extra_headers['Message-ID']}\n".encode())
            time.sleep(self.pause)
        return len(messages)


def work_until_killed(now: datetime, seconds: float) -> list[str]:
    """Fork a worker, kill it after so long.  Returns: the ids of what it had sent."""
    connections.close_all()  # a connection must not be shared by two processes
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        Mailbox.descriptor = writing
        with contextlib.suppress(BaseException):
            while True:
                services.events_tell(now=now)
                services.deadlines_tell(now=now)
                services.letters_send_due(now=now)
        os._exit(0)
    os.close(writing)
    time.sleep(seconds)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    with os.fdopen(reading) as pipe:
        return pipe.read().split()


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rounds", [8, pytest.param(200, marks=pytest.mark.long)])
def test_everything_is_told_once_though_the_worker_is_killed(
    rounds: int, classroom: Classroom, instructor: User, settings: Any, monkeypatch: Any
) -> None:
    settings.EMAIL_BACKEND = "tests.notifications.test_killing.Mailbox"
    monkeypatch.setattr(services.telling, "EVENTS_AT_ONCE", 8)  # many transactions to die in
    chance = random.Random(rounds)
    people = students_add(classroom, 5, actor=instructor)
    now, sent = AFTER, []
    for number in range(rounds):
        if number % 2 == 0:
            grade_release(classroom, instructor, *people, title=f"Item {number}", now=now)
            title = f"Quiz {number}"
            assignment_create(classroom, instructor, title=title, due_at=now + timedelta(hours=23))
        sent += work_until_killed(now, chance.uniform(0.02, LONGEST_SECONDS))
        now += timedelta(minutes=11)
    # The last worker lives. It hears of nothing new.
    reading, writing = os.pipe()
    monkeypatch.setattr(Mailbox, "descriptor", writing)
    monkeypatch.setattr(Mailbox, "pause", 0)
    for _sweep in range(4):
        services.events_tell(now=now)
        services.deadlines_tell(now=now)
        services.letters_send_due(now=now)
        now += timedelta(days=1)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        sent += pipe.read().split()

    released = GradeItem.objects.filter(kind="manual").count()
    assert released == CurrentGrade.objects.filter(item__kind="manual").count() / 5
    everybody = 5 + 2  # the cast's two students have no grade
    counts = Counter(Notification.objects.values_list("kind", flat=True))
    assert counts["grade"] == released * 5
    assert counts["assignment"] == released * everybody
    assert counts["deadline"] == released * everybody
    told = Notification.objects.values_list("recipient", "cause")
    assert len(set(told)) == len(told)
    # Each belongs to one letter at most, and none waits any more.
    assert not Notification.objects.filter(letter_due_at__isnull=False).exists()
    assert not Letter.objects.filter(state="pending").exists()
    delivered = {services.message_id(each) for each in Letter.objects.filter(state="sent")}
    assert delivered == set(sent)
    lettered = Notification.objects.filter(kind="grade", letter__state="sent").count()
    assert lettered == counts["grade"]
