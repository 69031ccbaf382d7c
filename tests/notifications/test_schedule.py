from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.notifications.schedule import Clock, letter_due, wait_seconds

ZONES = ("UTC", "Asia/Karachi", "Europe/Moscow", "America/New_York", "Australia/Lord_Howe")
DAY = timedelta(days=1)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


def daily(hour: int, zone: str) -> Clock:
    return Clock("daily", hour, 0, zone)


@pytest.mark.parametrize(
    ("frequency", "is_urgent", "due"),
    [
        ("at_once", True, utc(2026, 3, 2, 9, 30)),
        ("at_once", False, utc(2026, 3, 2, 13)),
        ("daily", True, utc(2026, 3, 2, 13)),
        ("weekly", True, utc(2026, 3, 8, 13)),
        ("never", True, None),
    ],
)
def test_due_by_frequency(frequency: str, *, is_urgent: bool, due: datetime | None) -> None:
    clock = Clock(frequency, 18, 6, "Asia/Karachi")  # 18:00 there is 13:00; a Monday
    assert letter_due(clock, is_urgent=is_urgent, now=utc(2026, 3, 2, 9, 30)) == due


def test_due_at_the_very_moment_is_for_the_next() -> None:
    at = utc(2026, 3, 2, 13)
    clock = daily(18, "Asia/Karachi")
    assert letter_due(clock, is_urgent=False, now=at) == at + DAY
    assert letter_due(clock, is_urgent=False, now=at - timedelta(microseconds=1)) == at


def test_due_across_a_night_that_skips_the_hour() -> None:
    """New York, 8 March 2026: from 02:00 to 03:00 at once."""
    due = letter_due(daily(2, "America/New_York"), is_urgent=False, now=utc(2026, 3, 8, 5))
    assert due == utc(2026, 3, 8, 7)
    assert due.astimezone(ZoneInfo("America/New_York")).hour == 3
    after = letter_due(daily(2, "America/New_York"), is_urgent=False, now=due)
    assert after == utc(2026, 3, 9, 6)


def test_due_across_a_night_that_repeats_the_hour() -> None:
    """New York, 1 November 2026: 01:00 comes twice, the letter once."""
    due = letter_due(daily(1, "America/New_York"), is_urgent=False, now=utc(2026, 11, 1, 4))
    assert due == utc(2026, 11, 1, 5)
    after = letter_due(daily(1, "America/New_York"), is_urgent=False, now=due)
    assert after == utc(2026, 11, 2, 6)


def test_due_in_a_zone_that_exists_no_more_is_by_utc() -> None:
    due = letter_due(daily(18, "Mars/Base"), is_urgent=False, now=utc(2026, 3, 2, 9))
    assert due == utc(2026, 3, 2, 18)


@given(
    start=st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    hour=st.integers(0, 23),
    weekday=st.integers(0, 6),
    zone=st.sampled_from(ZONES),
    frequency=st.sampled_from(["daily", "weekly"]),
)
def test_digests_follow_each_other_one_a_period(
    start: datetime, hour: int, weekday: int, zone: str, frequency: str
) -> None:
    clock = Clock(frequency, hour, weekday, zone)
    step = 1 if frequency == "daily" else 7
    now, days = start, []
    for _each in range(10):
        due = letter_due(clock, is_urgent=False, now=now)
        assert due is not None
        assert now < due <= now + step * DAY + timedelta(hours=2)
        local = due.astimezone(ZoneInfo(zone))
        # What the clocks skip comes within the hour after; anything else at its hour.
        assert (local.hour, local.minute) == (hour, 0) or local.hour - hour in {0, 1}
        assert frequency == "daily" or local.weekday() == weekday
        days.append(local.date())
        now = due
    assert [(later - day).days for day, later in pairwise(days)] == [step] * 9


@given(attempts=st.integers(1, 100), chance=st.floats(0, 1, exclude_max=True))
def test_wait_grows_and_stays_within_its_bounds(attempts: int, chance: float) -> None:
    wait = wait_seconds(attempts, chance)
    assert 30 <= wait <= 6 * 3600
    assert wait_seconds(attempts + 1, chance) >= wait
