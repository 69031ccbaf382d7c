"""Dates as historians know them: a subset of EDTF (ISO 8601-2). Pure.

Accepted: 2017-06-09, 2017-06, 2017, 196X, an interval A/B of any of the first three, and a
final ~ for approximate.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

Precision = Literal["day", "month", "year", "decade", "interval"]

_POINT = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")
_DECADE = re.compile(r"^(\d{3})X$")


@dataclass(frozen=True, slots=True)
class EdtfDate:
    """`starts_on` and `ends_on` are the first and last day that the date may mean."""

    text: str
    starts_on: date
    ends_on: date
    precision: Precision
    is_approximate: bool


def parse_edtf(text: str) -> EdtfDate:
    """Read one EDTF date.  Raises: ValueError, saying what is wrong and what is accepted."""
    is_approximate = text.endswith("~")
    core = text.removesuffix("~")
    if "/" in core:
        first, _slash, last = core.partition("/")
        starts_on, ends_on = _point(first)[0], _point(last)[1]
        precision: Precision = "interval"
        if ends_on < starts_on:
            raise ValueError(f"“{text}” ends before it begins.")
    elif match := _DECADE.match(core):
        year = int(match[1]) * 10
        if year < 10:
            raise ValueError(f"“{text}” is before the year 10.")
        starts_on, ends_on, precision = date(year, 1, 1), date(year + 9, 12, 31), "decade"
    else:
        starts_on, ends_on, precision = _point(core)
    return EdtfDate(text, starts_on, ends_on, precision, is_approximate)


def _point(text: str) -> tuple[date, date, Precision]:
    match = _POINT.match(text)
    if not match:
        raise ValueError(
            f"“{text}” is not a date; write 2017-06-09, 2017-06, 2017, 196X or 1979/1988."
        )
    year, month, day = int(match[1]), match[2], match[3]
    try:
        if day:
            exact = date(year, int(month), int(day))
            return exact, exact, "day"
        if month:
            last = calendar.monthrange(year, int(month))[1]
            return date(year, int(month), 1), date(year, int(month), last), "month"
        return date(year, 1, 1), date(year, 12, 31), "year"
    except (ValueError, calendar.IllegalMonthError):
        raise ValueError(f"“{text}” is not in the calendar.") from None
