"""The heat map as a picture: where each cell stands. Pure; the template writes the SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from apps.teaching.heat import Measure, Warmth

CELL, ROW, GAP = 14, 24, 2
LEFT, TOP = 84, 20  # the names of the measures, and the numbers of paragraphs
EVERY = 5  # paragraphs from one number to the next


@dataclass(frozen=True, slots=True)
class Cell:
    """value: what the shade stands for: a share, a count, or None where nothing can be said."""

    number: str
    measure: Measure
    level: int
    value: float | None
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Label:
    text: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """width, height: of the view box; the picture is drawn at that size in pixels."""

    cells: Sequence[Cell]
    columns: Sequence[Label]
    rows: Sequence[tuple[Measure, int]]
    width: int
    height: int
    cell_width: int = CELL - GAP
    cell_height: int = ROW - GAP


def draw(rows: Sequence[Warmth]) -> Drawing:
    """A column for each paragraph, a row for each measure."""
    measures = list(Measure)
    return Drawing(
        cells=[
            Cell(
                number=row.number,
                measure=measure,
                level=row.levels[measure],
                value=row.value(measure),
                x=LEFT + CELL * place,
                y=TOP + ROW * line,
            )
            for place, row in enumerate(rows)
            for line, measure in enumerate(measures)
        ],
        columns=[
            Label(row.number, LEFT + CELL * place, TOP - 7)
            for place, row in enumerate(rows)
            if place % EVERY == 0
        ],
        rows=[(measure, TOP + ROW * line + 15) for line, measure in enumerate(measures)],
        width=LEFT + CELL * len(rows),
        height=TOP + ROW * len(measures),
    )
