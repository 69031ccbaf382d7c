"""When a lesson counts as read, and what a page says of reading. Pure.

Source: docs/decisions/0016-progress.md
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

MAX_LESSONS = 50
MAX_ANCHORS = 200
_MAX_NAME = 80


@dataclass(frozen=True, slots=True)
class Place:
    """A lesson by its address."""

    course: str
    unit: str
    lesson: str


@dataclass(frozen=True, slots=True)
class Report:
    """What one device saw of a lesson: sections, and where it stopped.

    resume: "" for nowhere.  at: aware; when the device was there.
    """

    place: Place
    seen: frozenset[str] = frozenset()
    resume: str = ""
    at: datetime | None = None


class Malformed(ValueError):
    """Not what this program's own page sends."""


def is_read(
    *,
    seen: Collection[str],
    sections: Collection[str],
    has_check_up: bool,
    tried_at: datetime | None,
    retracted_at: datetime | None,
) -> bool:
    """The rule: every section of the edition was seen, and the check-up, if there is one, tried.

    tried_at: when a check-up was last handed in.  retracted_at: when the reader last took it
    back; only what was tried after that counts, and without a check-up only their word.
    """
    if not sections or not set(sections) <= set(seen):
        return False
    if has_check_up:
        return tried_at is not None and (retracted_at is None or tried_at > retracted_at)
    return retracted_at is None


def reports_of(body: Any) -> list[Report]:
    """What a page's script sent: {"lessons": [{course, unit, lesson, seen, resume, at}]}.

    Two reports of one lesson become one.  Raises: Malformed.
    """
    rows = body.get("lessons") if isinstance(body, dict) else None
    if not isinstance(rows, list) or len(rows) > MAX_LESSONS:
        raise Malformed
    merged: dict[Place, Report] = {}
    for row in rows:
        report = _report(row)
        earlier = merged.get(report.place)
        merged[report.place] = join(earlier, report) if earlier else report
    return list(merged.values())


def join(one: Report, other: Report) -> Report:
    """Both reports of a lesson as one, whichever came first."""
    last = max((one, other), key=_recency)
    return Report(one.place, one.seen | other.seen, last.resume, last.at)


def _recency(report: Report) -> tuple[bool, datetime, str]:
    return report.at is not None, report.at or datetime.min.replace(tzinfo=UTC), report.resume


def _report(row: Any) -> Report:
    if not isinstance(row, dict):
        raise Malformed
    seen = row.get("seen", [])
    if not isinstance(seen, list) or len(seen) > MAX_ANCHORS:
        raise Malformed
    place = Place(*(_name(row, key) for key in ("course", "unit", "lesson")))
    anchors = frozenset(_text(each) for each in seen)
    resume = _text(row.get("resume", ""))
    return Report(place, anchors, resume, _moment(row.get("at")) if resume else None)


def _name(row: Mapping[str, Any], key: str) -> str:
    text = _text(row.get(key))
    if not text:
        raise Malformed
    return text


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _MAX_NAME or "\x00" in value:
        raise Malformed
    return value


def _moment(value: Any) -> datetime:
    """value: milliseconds since 1970, as a browser's clock counts them."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise Malformed
    try:
        return datetime.fromtimestamp(value // 1000, UTC).replace(microsecond=value % 1000 * 1000)
    except (OverflowError, OSError, ValueError):
        raise Malformed from None
