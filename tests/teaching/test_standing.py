"""Who has stopped, to the second."""

from datetime import datetime, timedelta
from uuid import uuid4

from apps.teaching.standing import BEGINS_WITHIN, STOPPED_AFTER, Student, standing_of
from tests.factories import NOW

SECOND = timedelta(seconds=1)


def student(name: str, *, joined: datetime, last: datetime | None) -> Student:
    return Student(uuid4(), name, joined, last)


def test_edges_of_stopping_and_of_beginning() -> None:
    long_ago = NOW - timedelta(days=90)
    rows = [
        student("At work", joined=long_ago, last=NOW - STOPPED_AFTER),
        student("Stopped", joined=long_ago, last=NOW - STOPPED_AFTER - SECOND),
        student("Away longest", joined=long_ago, last=NOW - timedelta(days=60)),
        student("New", joined=NOW - BEGINS_WITHIN, last=None),
        student("Never", joined=NOW - BEGINS_WITHIN - SECOND, last=None),
    ]
    standing = standing_of(rows, NOW)
    assert [each.name for each in standing.stopped] == ["Away longest", "Stopped"]
    assert [each.name for each in standing.never] == ["Never"]
    assert (standing.count, standing.away) == (5, 3)
    assert standing.students[0].name == "Away longest"


def test_empty_class() -> None:
    standing = standing_of([], NOW)
    assert (standing.count, standing.away) == (0, 0)
