"""What the admin asks of each type of question: the spec as fields, and fields as a spec.  Pure.

A field is named by its path: "rule", "options.0.text". Rows that are left empty do not count, so a
form needs no script to add or take away one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

SPARE = 3  # empty rows offered after those that are filled
MAX_ROWS = 60
CellKind = Literal["text", "long", "flag", "choice", "many", "whole", "lines"]

_SPLIT = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Cell:
    """One field. An optional one that is left empty is left out of the spec.

    choices: of "choice" and "many".  columns: of "lines", rows within a row, one a line.
    """

    name: str
    kind: CellKind = "text"
    choices: tuple[str, ...] = ()
    columns: tuple[Cell, ...] = ()
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of records: options, answers, pairs."""

    name: str
    cells: tuple[Cell, ...]
    is_optional: bool = False
    begins_with: int = field(default=4)  # rows offered by a new question


Part = Cell | Rows

_ID, _TEXT, _SOURCE = Cell("id"), Cell("text", "long"), Cell("source")
_KEY, _FEEDBACK = Cell("is_key", "flag"), Cell("feedback", "long")
_OPTION = (_ID, _TEXT, _KEY, _FEEDBACK, _SOURCE)
_CREDIT = Cell("credit")
_ANSWER = (_TEXT, _CREDIT, _FEEDBACK, _SOURCE)
_IGNORE = Cell("ignore", "many", ("case", "spacing", "diacritics", "punctuation"))
_OTHER = Cell("feedback_other", "long", is_optional=True)


def _maybe(*names: str, kind: CellKind = "text", choices: tuple[str, ...] = ()) -> tuple[Cell, ...]:
    return tuple(Cell(name, kind, choices, is_optional=True) for name in names)


LAYOUTS: Mapping[str, tuple[Part, ...]] = {
    "single_choice": (
        Cell("rule", "choice", ("one_best", "weighted")),
        Cell("shuffle", "flag"),
        Rows("options", (*_OPTION, *_maybe("credit"))),
    ),
    "multiple_response": (
        Cell("rule", "choice", ("each_option", "right_minus_wrong", "all_or_nothing")),
        Cell("shuffle", "flag"),
        Rows("options", _OPTION),
    ),
    "true_false": (
        Cell("rule", "choice", ("both", "half_each", "answer_only")),
        Cell("is_true", "flag"),
        Cell("feedback_true", "long"),
        Cell("feedback_false", "long"),
        _SOURCE,
        Cell("justification", "choice", ("choose", "write", "none")),
        Rows("reasons", _OPTION, is_optional=True),
    ),
    "short_text": (
        _IGNORE,
        Rows("answers", _ANSWER),
        *_maybe("pattern"),
        _OTHER,
        *_maybe("max_length", kind="whole"),
    ),
    "numeric": (
        Cell("form", "choice", ("number", "year", "year_range")),
        Rows(
            "answers",
            (
                *_maybe("value", "tolerance"),
                *_maybe("tolerance_is", kind="choice", choices=("absolute", "relative")),
                *_maybe("low", "high", "start", "end"),
                _CREDIT,
                _FEEDBACK,
                _SOURCE,
            ),
        ),
        Rows("units", (Cell("name"), Cell("factor")), is_optional=True, begins_with=0),
        *_maybe("unit_rule", kind="choice", choices=("none", "optional", "required")),
        _OTHER,
    ),
    "ordering": (
        Cell("rule", "choice", ("pairs", "positions", "all_or_nothing")),
        Cell("first"),
        Cell("last"),
        Rows("items", (_ID, _TEXT, _FEEDBACK, _SOURCE)),
    ),
    "matching": (
        Cell("rule", "choice", ("each_pair", "all_or_nothing")),
        Rows("pairs", (_ID, Cell("prompt", "long"), Cell("answer", "long"), _FEEDBACK, _SOURCE)),
        Rows("distractors", (_ID, _TEXT, _FEEDBACK, _SOURCE), is_optional=True, begins_with=0),
    ),
    "gap_fill": (
        Cell("rule", "choice", ("each_gap", "all_or_nothing")),
        Cell("text", "long"),
        _IGNORE,
        Rows(
            "gaps",
            (
                _ID,
                Cell("form", "choice", ("text", "choice")),
                Cell("answers", "lines", columns=_ANSWER, is_optional=True),
                Cell("options", "lines", columns=_OPTION, is_optional=True),
                _OTHER,
            ),
            begins_with=2,
        ),
    ),
    "categorise": (
        Cell("rule", "choice", ("each_item", "all_or_nothing")),
        Rows("categories", (_ID, _TEXT), begins_with=2),
        Rows("items", (_ID, _TEXT, Cell("category"), _FEEDBACK, _SOURCE)),
    ),
    "locate": (
        Cell("form", "choice", ("mark", "point")),
        Rows("marks", (_ID, Cell("place"), _KEY, _FEEDBACK, _SOURCE), is_optional=True),
        *_maybe("place"),
        *_maybe("full_km", "half_km", kind="whole"),
        *_maybe("feedback_hit", "feedback_miss", kind="long"),
        *_maybe("source"),
    ),
    "select_evidence": (
        Cell("rule", "choice", ("all_or_nothing", "right_minus_wrong")),
        Cell("claim", "long"),
        Rows("passages", (_ID, Cell("lesson"), Cell("anchor"), _TEXT, _KEY, _FEEDBACK, _SOURCE)),
    ),
    "essay": (
        Cell("min_words", "whole"),
        Cell("max_words", "whole"),
        Cell("guidance", "long"),
        Rows(
            "rubric",
            (
                _ID,
                Cell("title"),
                Cell("description", "long"),
                Cell("weight"),
                Cell("levels", "lines", columns=(_CREDIT, _TEXT)),
            ),
            begins_with=2,
        ),
        Cell("model_answer", "long"),
        _SOURCE,
    ),
}


def fields_of(parts: Sequence[Part], spec: Mapping[str, Any]) -> dict[str, Any]:
    """{path: what its field shows} of a stored spec."""
    shown: dict[str, Any] = {}
    for part in parts:
        value = spec.get(part.name)
        if isinstance(part, Cell):
            shown[part.name] = _shown(part, value)
            continue
        for place, row in enumerate(value or []):
            for cell in part.cells:
                shown[f"{part.name}.{place}.{cell.name}"] = _shown(cell, row.get(cell.name))
    return shown


def spec_of(
    parts: Sequence[Part], said: Mapping[str, Any], before: Mapping[str, Any]
) -> dict[str, Any]:
    """The spec that fields say; what is optional and was empty before stays as it was.

    said: {path: text, bool or list of texts}.  before: the stored spec, {} for a new question.
    """
    spec: dict[str, Any] = {}
    for part in parts:
        if isinstance(part, Cell):
            _put(spec, part, said.get(part.name), before)
            continue
        old = before.get(part.name) or []
        rows = [
            _row(part, place, said, old[place] if place < len(old) else {})
            for place in range(row_count(part.name, said))
            if not _is_blank(part, place, said)
        ]
        _name_rows(part, rows)
        if rows or not part.is_optional or part.name in before:
            spec[part.name] = rows
    return spec


def row_count(name: str, said: Mapping[str, Any]) -> int:
    """How many rows the fields of a list have, blank ones included."""
    places = [
        int(path.split(".")[1])
        for path in said
        if path.startswith(f"{name}.") and path.split(".")[1].isdigit()
    ]
    return min(MAX_ROWS, max(places, default=-1) + 1)


def field_of(
    parts: Sequence[Part], path: str, rows: Mapping[str, Sequence[Mapping[str, Any]]]
) -> str:
    """The field that a fault at `path` of the spec is about; "" where none is.

    rows: {name of a list: its rows as they were read}: a path names a row by its id or place.
    """
    name, _dot, rest = path.partition(".")
    part = next((each for each in parts if each.name == name), None)
    if part is None or isinstance(part, Cell):
        return name if part else ""
    called, _dot, column = rest.partition(".")
    for place, row in enumerate(rows.get(name, ())):
        if called in {row.get("id"), str(place)}:
            column = column.partition(".")[0]
            names = [cell.name for cell in part.cells]
            return f"{name}.{place}.{column if column in names else names[0]}"
    return f"{name}.0.{part.cells[0].name}"


def _put(record: dict[str, Any], cell: Cell, value: Any, before: Mapping[str, Any]) -> None:
    read = _read(cell, value)
    old = before.get(cell.name)
    if cell.is_optional and read in ("", []) and old != read:
        return
    if isinstance(old, str) and old.strip() == read:
        read = old  # a line end at its end is no change
    record[cell.name] = read


def _row(
    part: Rows, place: int, said: Mapping[str, Any], before: Mapping[str, Any]
) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for cell in part.cells:
        _put(row, cell, said.get(f"{part.name}.{place}.{cell.name}"), before)
    return row


def _is_blank(part: Rows, place: int, said: Mapping[str, Any]) -> bool:
    told = [cell for cell in part.cells if cell.kind in {"text", "long", "lines"}]
    return not any(said.get(f"{part.name}.{place}.{cell.name}") for cell in told)


def _name_rows(part: Rows, rows: Sequence[dict[str, Any]]) -> None:
    """A row without an id gets the first letter or number that is free."""
    if not any(cell.name == "id" for cell in part.cells):
        return
    taken = {row["id"] for row in rows}
    names = (str(n) for n in range(1, 100)) if part.name == "gaps" else iter(_letters())
    free = (name for name in names if name not in taken)
    for row in rows:
        row["id"] = row["id"] or next(free)


def _letters() -> Iterator[str]:
    yield from "abcdefghijklmnopqrstuvwxyz"
    yield from (f"x{number}" for number in range(MAX_ROWS))


def _shown(cell: Cell, value: Any) -> Any:
    if cell.kind == "flag":
        return bool(value)
    if cell.kind == "many":
        return list(value or [])
    if cell.kind == "lines":
        return "\n".join(
            " | ".join(_plain(column, row.get(column.name)) for column in cell.columns)
            for row in value or []
        )
    return "" if value is None else str(value)


def _plain(column: Cell, value: Any) -> str:
    if column.kind == "flag":
        return "yes" if value else "no"
    return ("" if value is None else str(value)).replace("|", "\\|")


def _read(cell: Cell, value: Any) -> Any:
    if cell.kind == "flag":
        return bool(value)
    if cell.kind == "many":
        return list(value or [])
    text = str(value or "").replace("\r\n", "\n").strip()
    if cell.kind == "whole":
        return int(text) if text.isascii() and text.isdigit() else text
    if cell.kind == "lines":
        return [_line(cell, line) for line in text.splitlines() if line.strip()]
    return text


def _line(cell: Cell, line: str) -> dict[str, Any]:
    parts = [part.strip().replace("\\|", "|") for part in _SPLIT.split(line)]
    parts += [""] * (len(cell.columns) - len(parts))
    return {
        column.name: part.casefold() == "yes" if column.kind == "flag" else part
        for column, part in zip(cell.columns, parts, strict=False)
    }
