"""Days as the learner counts them."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from apps.review import days

ZONES = ["UTC", "Asia/Karachi", "America/New_York", "Pacific/Kiritimati", "Africa/Cairo"]
zones = st.sampled_from(ZONES)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(moments, zones)
def test_a_moment_lies_in_its_day(moment: datetime, zone: str) -> None:
    begin, end = days.bounds(moment, zone)
    assert begin <= moment < end
    assert timedelta(hours=22) <= end - begin <= timedelta(hours=26)
    assert days.days_between(begin, moment, zone) == 0
    assert days.days_between(moment, end, zone) == 1
    assert days.days_between(end, moment, zone) == 0


def test_midnight_is_the_learners() -> None:
    evening = datetime(2026, 3, 2, 19, 30, tzinfo=UTC)  # half past midnight in Karachi
    assert days.day_of(evening, "Asia/Karachi") == date(2026, 3, 3)
    assert days.bounds(evening, "Asia/Karachi")[0] == datetime(2026, 3, 2, 19, tzinfo=UTC)
    assert days.day_of(evening, "America/New_York") == date(2026, 3, 2)


def test_the_day_is_short_when_the_clocks_go_forward() -> None:
    noon = datetime(2026, 3, 8, 16, tzinfo=UTC)
    begin, end = days.bounds(noon, "America/New_York")
    assert end - begin == timedelta(hours=23)
