"""What a run is at, by the server's clock, and what that allows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Window:
    """A phase from `opens_at`, up to and without `closes_at`."""

    kind: str
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Moment:
    """kind: of the phase that it is in, which lasts `until`; both None outside all phases.

    coming: the kind of the next phase, which begins at `opens_at`; both None after the last.
    """

    kind: str | None = None
    until: datetime | None = None
    coming: str | None = None
    opens_at: datetime | None = None


ORDER = ("opening", "arguing", "rebutting", "closing", "reflecting")
# Openings answer the motion; once it is time to rebut, only replies are taken.
_TAKES_OPENINGS = frozenset({"arguing"})
_TAKES_REPLIES = frozenset({"arguing", "rebutting"})
_TAKES_RATINGS = frozenset({"arguing", "rebutting", "closing"})


def phase_at(windows: Iterable[Window], now: datetime) -> str | None:
    """The kind of the window that holds `now`; None before, between and after all of them."""
    return next((each.kind for each in windows if each.opens_at <= now < each.closes_at), None)


def moment_at(windows: Iterable[Window], now: datetime) -> Moment:
    """What a run is at, and what comes next.  windows: the earliest first."""
    each = list(windows)
    current = next((window for window in each if window.opens_at <= now < window.closes_at), None)
    later = next((window for window in each if window.opens_at > now), None)
    return Moment(
        kind=current.kind if current else None,
        until=current.closes_at if current else None,
        coming=later.kind if later else None,
        opens_at=later.opens_at if later else None,
    )


def is_over(windows: Iterable[Window], now: datetime) -> bool:
    """Whether there were windows and every one of them has closed."""
    closings = [each.closes_at for each in windows]
    return bool(closings) and max(closings) <= now


def faults(windows: Iterable[Window]) -> list[str]:
    """The kinds that are unknown, doubled, empty, out of order or begin before the last ended."""
    found = []
    last: Window | None = None
    for window in windows:
        is_late = last is not None and (
            window.kind in ORDER
            and last.kind in ORDER
            and ORDER.index(window.kind) <= ORDER.index(last.kind)
        )
        overlaps = last is not None and window.opens_at < last.closes_at
        if window.kind not in ORDER or window.closes_at <= window.opens_at or is_late or overlaps:
            found.append(window.kind)
        last = window
    return found


def may_record(moment: str, phase: str | None) -> bool:
    """Whether a stance is taken now. Latecomers give their opening stance in any phase."""
    return phase is not None if moment == "opening" else phase == "closing"


def may_post(relation: str, phase: str | None) -> bool:
    return phase in (_TAKES_OPENINGS if relation == "opening" else _TAKES_REPLIES)


def may_rate(phase: str | None) -> bool:
    return phase in _TAKES_RATINGS


def may_reflect(phase: str | None) -> bool:
    return phase == "reflecting"
