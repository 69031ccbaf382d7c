"""The gradebook: every student by every item."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from apps.classrooms.models import Classroom, Enrolment
from apps.classrooms.selectors import students_of
from apps.grades import totals
from apps.grades.enums import ItemKind
from apps.grades.ledger import NOTHING, Standing
from apps.grades.models import CurrentGrade, GradeItem
from apps.grades.selectors.items import Scheme, items_of


class Cell(NamedTuple):
    """A student's grade as the table shows it. points: None for none yet."""

    points: Decimal | None
    is_overridden: bool = False
    is_excused: bool = False


EMPTY = Cell(None)


@dataclass(frozen=True, slots=True)
class Row:
    enrolment: Enrolment
    cells: Sequence[Cell]  # of Gradebook.items, in their order
    total: Cell  # with what is held
    shown_total: Cell  # as the ledger has it, and the student sees it


@dataclass(frozen=True, slots=True)
class Gradebook:
    """items: with categories' totals, without the course's.  means: of items, in their order.

    The means are of the whole class, of points that count; a total's are in percent.
    has_held: whether what students see differs from what staff see.
    """

    items: Sequence[GradeItem]
    total: GradeItem | None  # None: the class has no items yet
    rows: Sequence[Row]
    means: Sequence[Decimal | None]
    total_mean: Decimal | None
    shown_total_mean: Decimal | None
    has_held: bool
    student_count: int


def gradebook(classroom: Classroom, *, name: str = "") -> Gradebook:
    """Students by items, with means and totals.

    name: only students whose name or address holds it; means stay those of the class.
    Queries: 3, whatever the size.
    """
    columns = items_ordered(classroom.pk)
    total = next((item for item in columns if item.kind == ItemKind.TOTAL), None)
    items = [item for item in columns if item.kind != ItemKind.TOTAL]
    enrolments = list(students_of(classroom))
    standings = standings_of(columns, enrolments)
    scheme = Scheme.of(columns, only_released=False)
    rows = [
        _row(enrolment, items, total, scheme, standings.get(enrolment.user_id, {}))
        for enrolment in enrolments
    ]
    return Gradebook(
        items=items,
        total=total,
        rows=[row for row in rows if _is_named(row.enrolment, name)],
        means=[_mean(row.cells[place] for row in rows) for place in range(len(items))],
        total_mean=_mean(row.total for row in rows),
        shown_total_mean=_mean(row.shown_total for row in rows),
        has_held=any(item.released_at is None for item in columns),
        student_count=len(rows),
    )


def items_ordered(classroom_id: int) -> list[GradeItem]:
    """The columns as they are shown: by category, its total last, then those without, then all.

    Queries: 1.
    """

    def place(item: GradeItem) -> tuple[bool, int, int, bool, int, int]:
        category = item.category
        return (
            item.kind == ItemKind.TOTAL,
            # Columns without a category come after those with one.
            category.position if category else 1_000_000_000,
            category.pk if category else 0,
            item.kind == ItemKind.CATEGORY,
            item.position,
            item.pk,
        )

    return sorted(items_of(classroom_id), key=place)


def standings_of(
    items: Sequence[GradeItem], enrolments: Sequence[Enrolment]
) -> Mapping[int, Mapping[int, Standing]]:
    """{user's primary key: {item's primary key: where the grade stands}}.  Queries: 1."""
    standings: dict[int, dict[int, Standing]] = {row.user_id: {} for row in enrolments}
    rows = CurrentGrade.objects.filter(
        item__in=[item.pk for item in items], student__in=list(standings)
    ).values_list(
        *("student_id", "item_id", "points", "source_points", "is_overridden", "is_excused")
    )
    for student_id, item_id, *standing in rows:
        standings[student_id][item_id] = Standing(*standing)
    return standings


def _row(
    enrolment: Enrolment,
    items: Sequence[GradeItem],
    total: GradeItem | None,
    scheme: Scheme,
    standings: Mapping[int, Standing],
) -> Row:
    computed = scheme.totals_of(lambda item_id: standings.get(item_id, NOTHING))
    shown = standings.get(total.pk, NOTHING) if total else NOTHING
    return Row(
        enrolment=enrolment,
        cells=[
            Cell(computed.groups.get(item.category_id or 0))
            if item.kind == ItemKind.CATEGORY
            else _cell(standings.get(item.pk))
            for item in items
        ],
        total=_cell(shown) if shown.is_overridden else Cell(computed.total),
        shown_total=_cell(shown),
    )


def _cell(standing: Standing | None) -> Cell:
    if standing is None:
        return EMPTY
    return Cell(standing.points, standing.is_overridden, standing.is_excused)


def _mean(cells: Iterable[Cell]) -> Decimal | None:
    return totals.mean(
        [cell.points for cell in cells if cell.points is not None and not cell.is_excused]
    )


def _is_named(enrolment: Enrolment, name: str) -> bool:
    sought = name.strip().casefold()
    person = enrolment.user
    return sought in f"{person.display_name} {person.email}".casefold()
