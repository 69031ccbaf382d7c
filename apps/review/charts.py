"""Bars of a chart as numbers: where each stands in a picture of WIDTH by HEIGHT. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT, BASE = 640, 180, 150


@dataclass(frozen=True, slots=True)
class Bar:
    """A day of a chart. height: 0 for none, at least 2 for any; is_labelled: a date fits."""

    day: date
    count: int
    x: float
    y: float
    width: float
    height: float
    is_labelled: bool


def bars(counts: Sequence[tuple[date, int]], *, label_every: int = 5) -> list[Bar]:
    """One bar for each day, the highest filling the picture."""
    most = max((count for _day, count in counts), default=0)
    step = WIDTH / max(1, len(counts))
    found = []
    for place, (day, count) in enumerate(counts):
        height = max(2.0, (BASE - 20) * count / most) if count else 0.0
        found.append(
            Bar(
                day=day,
                count=count,
                x=round(place * step + step * 0.12, 2),
                y=round(BASE - height, 2),
                width=round(step * 0.76, 2),
                height=round(height, 2),
                is_labelled=place % label_every == 0,
            )
        )
    return found
