"""Who of a class is at work, who has stopped, and who never began. Pure.

Source: docs/class-needs.md
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

STOPPED_AFTER = timedelta(days=14)
# Whoever joined later has had no time to begin.
BEGINS_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Student:
    """last_at: when they last read, answered or argued; None for never."""

    public_id: UUID  # of the enrolment
    name: str
    joined_at: datetime
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """stopped: the longest away first.  never: joined a while ago and have not begun.

    students: everybody, those away longest first, then by name.
    """

    students: Sequence[Student]
    stopped: Sequence[Student]
    never: Sequence[Student]

    @property
    def count(self) -> int:
        return len(self.students)

    @property
    def away(self) -> int:
        return len(self.stopped) + len(self.never)


def standing_of(students: Iterable[Student], now: datetime) -> Standing:
    """now: aware UTC. Exactly STOPPED_AFTER ago still counts as at work."""
    rows = sorted(students, key=lambda each: (each.last_at or each.joined_at, each.name))
    return Standing(
        students=rows,
        stopped=[each for each in rows if each.last_at and now - each.last_at > STOPPED_AFTER],
        never=[
            each for each in rows if each.last_at is None and now - each.joined_at > BEGINS_WITHIN
        ],
    )
