from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.content.dates import parse_edtf


@pytest.mark.parametrize(
    ("text", "starts_on", "ends_on", "precision"),
    [
        ("2017-06-09", "2017-06-09", "2017-06-09", "day"),
        ("2024-02", "2024-02-01", "2024-02-29", "month"),
        ("2017", "2017-01-01", "2017-12-31", "year"),
        ("196X", "1960-01-01", "1969-12-31", "decade"),
        ("1979/1988", "1979-01-01", "1988-12-31", "interval"),
        ("1979-12/1988-05-15", "1979-12-01", "1988-05-15", "interval"),
    ],
)
def test_date_bounds_the_days_that_it_may_mean(
    text: str, starts_on: str, ends_on: str, precision: str
) -> None:
    parsed = parse_edtf(text)
    assert (parsed.starts_on.isoformat(), parsed.ends_on.isoformat()) == (starts_on, ends_on)
    assert (parsed.precision, parsed.is_approximate) == (precision, False)
    assert parse_edtf(f"{text}~").is_approximate


@pytest.mark.parametrize(
    "text",
    [
        "",
        "~",
        "yesterday",
        "17",
        "2017-13",
        "2017-02-30",
        "2017-6-9",
        "1988/1979",
        "000X",
        "196X/1970",
    ],
)
def test_what_is_not_a_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="“"):
        parse_edtf(text)


@given(st.dates(min_value=date(1000, 1, 1)))
def test_any_day_is_itself(day: date) -> None:
    parsed = parse_edtf(day.isoformat())
    assert (parsed.starts_on, parsed.ends_on) == (day, day)


@given(st.text(max_size=12))
def test_any_text_is_a_date_or_is_refused(text: str) -> None:
    try:
        parsed = parse_edtf(text)
    except ValueError:
        return
    assert parsed.starts_on <= parsed.ends_on
