import threading
import uuid
from datetime import datetime

import pytest
from django.db import connections, transaction

from apps.core import services


def append(now: datetime) -> int:
    event = services.event_append(
        kind="grade.changed", subject_id=uuid.uuid4(), school_id=None, actor_id=None, now=now
    )
    return event.pk


def take(reader: str, limit: int = 100) -> list[int]:
    return [event.pk for event in services.events_take(reader=reader, limit=limit)]


@pytest.mark.django_db
def test_events_take_hands_each_event_once_to_each_reader(now: datetime) -> None:
    made = [append(now) for _number in range(5)]
    start = take("one", 2)
    assert start == made[:2]
    assert take("one") == made[2:]
    assert take("one") == []
    assert take("other") == made
    made.append(append(now))
    assert take("one") == made[-1:]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_events_take_waits_for_a_transaction_that_commits_late(now: datetime) -> None:
    has_written, may_commit = threading.Event(), threading.Event()
    late: list[int] = []

    def write_slowly() -> None:
        with transaction.atomic():
            late.append(append(now))
            has_written.set()
            may_commit.wait(10)
        connections.close_all()

    thread = threading.Thread(target=write_slowly)
    thread.start()
    has_written.wait(10)
    early = append(now)
    assert early > late[0]
    assert take("one") == []
    assert take("one") == []
    may_commit.set()
    thread.join()
    assert take("one") == [late[0], early]
