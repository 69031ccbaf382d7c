"""Where each argument stands in the picture of a debate: a tree that grows to the right.  Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

COLUMN, ROW, MARGIN = 56, 26, 24
SMALLEST, LARGEST = 5.0, 10.0


@dataclass(frozen=True, slots=True)
class Spot:
    """x, y: the middle of an argument; above_x, above_y: of what it answers."""

    id: int
    x: float
    y: float
    above_x: float
    above_y: float


@dataclass(frozen=True, slots=True)
class Layout:
    """The motion stands at (MARGIN, motion_y); width and height hold everything."""

    spots: list[Spot]
    motion_y: float
    width: float
    height: float


def layout(nodes: Sequence[tuple[int, int | None]]) -> Layout:
    """nodes: (id, the id it answers or None), each after what it answers.

    Each leaf has a row of its own, in reading order; whatever is answered stands in the middle of
    its answers.  No two stand at the same place.
    """
    answers: dict[int | None, list[int]] = {None: []}
    depth: dict[int | None, int] = {None: 0}
    for node, parent in nodes:
        answers[node] = []
        answers[parent].append(node)
        depth[node] = depth[parent] + 1
    rows: dict[int | None, float] = {}
    leaves = 0
    waiting: list[tuple[int | None, bool]] = [(None, False)]
    while waiting:
        key, is_done = waiting.pop()
        below = answers[key]
        if not below:
            rows[key] = leaves
            leaves += 1
        elif is_done:
            rows[key] = (rows[below[0]] + rows[below[-1]]) / 2
        else:
            waiting.append((key, True))
            waiting.extend((each, False) for each in reversed(below))
    place = {key: (MARGIN + depth[key] * COLUMN, MARGIN + rows[key] * ROW) for key in rows}
    return Layout(
        spots=[Spot(node, *place[node], *place[parent]) for node, parent in nodes],
        motion_y=place[None][1],
        width=2 * MARGIN + max(depth.values()) * COLUMN,
        height=2 * MARGIN + max(leaves - 1, 0) * ROW,
    )


def radius(strength: float | None) -> float:
    """strength: the mean of its ratings, 1 to 5; None for none."""
    if strength is None:
        return SMALLEST
    return round(SMALLEST + (LARGEST - SMALLEST) * (strength - 1) / 4, 1)
