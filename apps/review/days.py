"""Days as a learner counts them: from midnight to midnight where they are. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def day_of(moment: datetime, zone: str) -> date:
    """The learner's date at that moment."""
    return moment.astimezone(ZoneInfo(zone)).date()


def begins(day: date, zone: str) -> datetime:
    """The first moment of a day, in UTC; where the clocks skip midnight, the first there is."""
    return datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC)


def bounds(moment: datetime, zone: str) -> tuple[datetime, datetime]:
    """When the learner's day began and when the next one begins, in UTC."""
    day = day_of(moment, zone)
    return begins(day, zone), begins(day + timedelta(days=1), zone)


def days_between(earlier: datetime, later: datetime, zone: str) -> int:
    """How many midnights lie between, never less than none."""
    return max(0, (day_of(later, zone) - day_of(earlier, zone)).days)
