"""When somebody is written to, by their own clock. Pure; moments are aware, in UTC."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

FIRST_SECONDS = 60
LONGEST_SECONDS = 4 * 3600


@dataclass(frozen=True, slots=True)
class Clock:
    """How often somebody wants letters: at_once, daily, weekly or never; and when.

    hour: 0 to 23 of their own day.  weekday: 0 for Monday.  zone: of the IANA database.
    """

    frequency: str
    hour: int
    weekday: int
    zone: str


def letter_due(clock: Clock, *, is_urgent: bool, now: datetime) -> datetime | None:
    """When a letter may tell of what happens now.  None: never.

    The next digest is always later than `now`: what comes up at its very moment is for the one
    after, so that no period has two.
    """
    if clock.frequency == "never":
        return None
    if is_urgent and clock.frequency == "at_once":
        return now
    zone = zone_of(clock.zone)
    day = now.astimezone(zone).date()
    if clock.frequency == "weekly":
        day += timedelta(days=(clock.weekday - day.weekday()) % 7)
    step = timedelta(days=7 if clock.frequency == "weekly" else 1)
    while (moment := _at(day, clock.hour, zone)) <= now:
        day += step
    return moment


def wait_seconds(attempts: int, chance: float) -> float:
    """Seconds from failed attempt number `attempts` (from 1) to the next: doubling, spread by half.

    chance: in [0, 1); spreads what failed at the same moment.
    """
    doubled = min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** min(attempts - 1, 20))
    return doubled * (0.5 + chance)


def zone_of(name: str) -> ZoneInfo:
    """UTC for a zone that the database of zones no longer knows."""
    try:
        return ZoneInfo(name)
    except (ValueError, ZoneInfoNotFoundError):
        return ZoneInfo("UTC")


def _at(day: date, hour: int, zone: ZoneInfo) -> datetime:
    """The hour of a day: the one after where the clocks skip it, the first where they repeat it.

    Both follow from fold=0 (PEP 495): the offset from before the change holds.
    """
    return datetime.combine(day, time(hour), zone).astimezone(UTC)
