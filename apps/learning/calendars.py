"""Deadlines as iCalendar (RFC 5545, RFC 7986). Pure: the same deadlines make the same bytes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

REFRESH = timedelta(hours=6)
_PRODUCT = "-//Majlis//Deadlines//EN"


@dataclass(frozen=True, slots=True)
class Entry:
    """One deadline.

    uid: without a host, the same as long as the thing exists.  at, changed_at: aware.
    """

    uid: str
    summary: str
    category: str
    url: str
    at: datetime
    changed_at: datetime


def calendar_of(entries: Iterable[Entry], *, name: str, host: str, url: str) -> bytes:
    """A calendar of moments in UTC, the earliest first.

    A deadline takes no time, so it has no end and leaves its owner free. DTSTAMP is when the
    thing itself was last changed, so that a calendar which did not change has the same bytes.
    """
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)  # what most programs read instead of NAME
    calendar.add("url", url)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    for entry in sorted(entries, key=lambda each: (each.at, each.uid)):
        event = Event()
        event.add("uid", f"{entry.uid}@{host}")
        event.add("dtstamp", entry.changed_at.astimezone(UTC))
        event.add("dtstart", entry.at.astimezone(UTC))
        event.add("summary", entry.summary)
        event.add("categories", [entry.category])
        event.add("url", entry.url)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return calendar.to_ical()
