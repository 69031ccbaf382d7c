"""A gradebook as a table: written as CSV or XLSX, and lists of marks read back.  Pure.

The first columns say who: name, e-mail, school's id. A list of marks needs one of the last two and
any number of columns named as items are; what it names besides is ignored, and said.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeAlias

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from apps.classrooms.roster import neutralise, restore

MAX_ROWS = 5_000
MAX_COLUMNS = 500
_WHO = {
    "email": ("e-mail", "email", "mail", "email address", "e-mail address"),
    "sis_id": ("school's id", "sis_id", "sis id", "id", "student id"),
}
_COLUMN_OF = {header: column for column, headers in _WHO.items() for header in headers}
_NAMES = ("name", "student")
# No exponent: one cell must not become a number of a million digits.
_NUMBER = re.compile(r"-?[0-9]{1,9}([.,][0-9]{1,9})?")
_HUNDREDTH = Decimal("0.01")

Cell: TypeAlias = str | Decimal | None


@dataclass(frozen=True, slots=True)
class SheetProblem:
    """Why a list cannot be taken. line: from 1, the heading included; 0 for the whole."""

    line: int
    code: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class SheetMark:
    """One cell. `column` is the heading it stands under, as it is written there."""

    line: int
    email: str
    sis_id: str
    column: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class Sheet:
    """marks: of cells that hold something; an empty cell says nothing."""

    columns: list[str] = field(default_factory=list)
    marks: list[SheetMark] = field(default_factory=list)
    problems: list[SheetProblem] = field(default_factory=list)


def csv_of(rows: Iterable[Sequence[Cell]]) -> str:
    """CSV with the mark by which spreadsheets know UTF-8; no cell of it is run as a formula."""
    out = io.StringIO(newline="")
    out.write("\ufeff")
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([_text(cell) for cell in row])
    return out.getvalue()


def xlsx_of(title: str, rows: Iterable[Sequence[Cell]]) -> bytes:
    """A workbook of one sheet: numbers as numbers, and no text that is run as a formula."""
    book = Workbook(write_only=True)
    # A spreadsheet allows 31 characters and not these.
    sheet = book.create_sheet("".join(" " if char in "[]:*?/\\" else char for char in title)[:31])
    sheet.freeze_panes = "B2"
    for row in rows:
        sheet.append([cell if isinstance(cell, Decimal) else _printable(cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parse(text: str) -> Sheet:
    """Every mark and every fault of a list; one that has faults is not to be used."""
    lines = _lines(text.removeprefix("\ufeff"))
    try:
        rows = [[restore(cell.strip()) for cell in row] for row in lines]
    except csv.Error as error:
        return Sheet(problems=[SheetProblem(0, "csv", str(error))])
    if not rows or not any(rows[0]):
        return Sheet(problems=[SheetProblem(0, "empty")])
    if len(rows) > MAX_ROWS or len(rows[0]) > MAX_COLUMNS:
        return Sheet(problems=[SheetProblem(0, "too_long")])
    heading = rows[0]
    who = {
        _COLUMN_OF[name.casefold()]: place for place, name in enumerate(heading) if _is_who(name)
    }
    if not who:
        return Sheet(problems=[SheetProblem(1, "nobody")])
    sheet = Sheet(
        columns=[
            name for name in heading if name and not _is_who(name) and name.casefold() not in _NAMES
        ]
    )
    twice = {name for name in sheet.columns if sheet.columns.count(name) > 1}
    sheet.problems.extend(SheetProblem(1, "column_twice", name) for name in sorted(twice))
    seen: set[tuple[str, str]] = set()
    for line, row in enumerate(rows[1:], start=2):
        if any(row):
            _read(sheet, line, dict(zip(heading, row, strict=False)), who, row, seen)
    return sheet


def _read(
    sheet: Sheet,
    line: int,
    cells: dict[str, str],
    who: dict[str, int],
    row: Sequence[str],
    seen: set[tuple[str, str]],
) -> None:
    said = {name: row[place] if place < len(row) else "" for name, place in who.items()}
    email, sis_id = said.get("email", "").casefold(), said.get("sis_id", "")
    if not (email or sis_id):
        sheet.problems.append(SheetProblem(line, "nobody_named"))
        return
    if (email, sis_id) in seen:
        sheet.problems.append(SheetProblem(line, "person_twice", email or sis_id))
        return
    seen.add((email, sis_id))
    for column in sheet.columns:
        cell = cells.get(column, "")
        if not cell:
            continue
        points = _number(cell)
        if points is None:
            sheet.problems.append(SheetProblem(line, "no_number", cell))
        else:
            sheet.marks.append(SheetMark(line, email, sis_id, column, points))


def _lines(text: str) -> Iterable[list[str]]:
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _is_who(name: str) -> bool:
    return name.casefold() in _COLUMN_OF


def _number(cell: str) -> Decimal | None:
    """Points as a spreadsheet writes them: 7, 7.5 or 7,5, to 2 places.  None for anything else."""
    if not _NUMBER.fullmatch(cell):
        return None
    return Decimal(cell.replace(",", ".")).quantize(_HUNDREDTH, rounding=ROUND_HALF_UP)


def _printable(cell: str | None) -> str:
    """Text without the control characters that a workbook cannot hold."""
    return ILLEGAL_CHARACTERS_RE.sub("", _text(cell))


def _text(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return neutralise(cell or "")
