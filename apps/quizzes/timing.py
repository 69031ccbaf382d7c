"""When an attempt may begin, when it ends, and how late it is. Pure; the clock is the server's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

# What the network may take: an answer sent in time may arrive this much after the end.
GRACE = timedelta(seconds=10)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What holds for one student, accommodations counted. None: no such limit. Aware moments."""

    opens_at: datetime | None = None
    due_at: datetime | None = None
    closes_at: datetime | None = None
    time_limit_seconds: int | None = None
    attempt_limit: int | None = None

    def for_student(
        self,
        *,
        time_ratio: Decimal = Decimal(1),
        extra_attempts: int = 0,
        opens_at: datetime | None = None,
        due_at: datetime | None = None,
        closes_at: datetime | None = None,
    ) -> Window:
        """The same with what a student is granted: more time, more attempts, other dates.

        A later due date moves a closing that would come before it.
        """
        due = due_at or self.due_at
        closes = closes_at or self.closes_at
        if due_at and closes and not closes_at:
            closes = max(closes, due_at)
        limit, attempts = self.time_limit_seconds, self.attempt_limit
        return replace(
            self,
            opens_at=opens_at or self.opens_at,
            due_at=due,
            closes_at=closes,
            time_limit_seconds=None if limit is None else round(limit * time_ratio),
            attempt_limit=None if attempts is None else attempts + extra_attempts,
        )

    def attempt_end(self, now: datetime) -> datetime | None:
        """When an attempt begun `now` is over: its time limit, or the closing if that is sooner."""
        ends = [self.closes_at] if self.closes_at else []
        if self.time_limit_seconds is not None:
            ends.append(now + timedelta(seconds=self.time_limit_seconds))
        return min(ends, default=None)

    def days_late(self, submitted_at: datetime) -> int:
        """Days begun after the due date; what the network took does not count."""
        if self.due_at is None or submitted_at <= self.due_at + GRACE:
            return 0
        return -((self.due_at - submitted_at) // DAY)


def is_over(closes_at: datetime | None, now: datetime) -> bool:
    """Whether an attempt takes no more answers: past its end and the grace for the network."""
    return closes_at is not None and now > closes_at + GRACE
