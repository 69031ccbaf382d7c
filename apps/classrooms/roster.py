"""Class lists as CSV: what a spreadsheet saves, read with every fault by its line, and written.

Columns: email, name, role, sis_id, in any order; email alone is needed. Commas, semicolons or
tabs; UTF-8 with or without its mark, or UTF-16.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

MAX_BYTES = 512 * 1024
MAX_ROWS = 2_000
MAX_LENGTHS = {"email": 254, "name": 80, "role": 40, "sis_id": 120}
COLUMNS = tuple(MAX_LENGTHS)
ROLES = ("student", "assistant", "instructor")

_HEADERS = {
    "email": ("email", "e-mail", "mail", "email address", "e-mail address"),
    "name": ("name", "full name", "display name", "student"),
    "role": ("role",),
    "sis_id": ("sis_id", "sis id", "id", "student id", "school's id"),
}
_COLUMN_OF = {header: column for column, headers in _HEADERS.items() for header in headers}
_ROLE_OF = {
    **{role: role for role in ROLES},
    "": "",
    "learner": "student",
    "pupil": "student",
    "ta": "assistant",
    "teaching assistant": "assistant",
    "teacher": "instructor",
}
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
# A spreadsheet runs a cell that begins so. An apostrophe before it makes it text; on the way back
# one apostrophe is taken away again, so that nothing is lost.
_DANGEROUS = re.compile(r"'*[=+\-@\t\r\n]")
_NEUTRALISED = re.compile(r"'+[=+\-@\t\r\n]")


@dataclass(frozen=True, slots=True)
class Row:
    """One person. `line` counts from 1, the heading included; `email` is in lower case.

    role: "" where nothing is said.
    """

    line: int
    email: str
    name: str = ""
    role: str = ""
    sis_id: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why the list cannot be taken: a stable code, and what the sentence about it names.

    line: where; 0 for the file as a whole.
    """

    line: int
    code: str
    value: str = ""
    other_line: int = 0


@dataclass(frozen=True, slots=True)
class Roster:
    """All that a file says. `ignored` names the columns that mean nothing here."""

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


class Unreadable(ValueError):
    """The file is no text, or too long; `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def decode(raw: bytes) -> str:
    """The text of a file, in the encoding that it shows.

    Raises: Unreadable "too_large", or "encoding" for what is neither UTF-8 nor UTF-16: guessing
    at an old code page would spell people's names wrong without telling.
    """
    if len(raw) > MAX_BYTES:
        raise Unreadable("too_large")
    try:
        text = raw.decode(_encoding(raw))
    except UnicodeDecodeError:
        raise Unreadable("encoding") from None
    if "\0" in text:
        raise Unreadable("encoding")
    return text


def parse(text: str) -> Roster:
    """Every row and every fault of a list; one that has faults is not to be used.

    Blank lines are skipped. Anything repeated (an address, an id) is a fault of its second line.
    """
    if len(text) > MAX_BYTES:
        return Roster(problems=[Problem(0, "too_large")])
    text = text.removeprefix("\ufeff")
    problems: list[Problem] = []
    lines = _lines(text, problems)
    heading = next(lines, None)
    if heading is None:
        return Roster(problems=problems or [Problem(0, "empty")])
    columns, ignored = _columns(heading, problems)
    if problems:
        return Roster(problems=problems)
    rows: list[Row] = []
    seen: dict[tuple[str, str], int] = {}
    for line, cells in lines:
        if len(rows) == MAX_ROWS:
            problems.append(Problem(line, "too_many_rows"))
            break
        row, faults = _row(line, cells, columns)
        faults += _repeated(row, seen)
        problems += faults
        rows.append(row)
    if not rows and not problems:
        problems.append(Problem(0, "empty"))
    return Roster(rows, problems, ignored)


def emit(headers: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """The rows as CSV that no spreadsheet runs, with the mark by which Excel knows UTF-8."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(headers)
    writer.writerows([neutralise(cell) for cell in row] for row in rows)
    return "\ufeff" + stream.getvalue()


def neutralise(cell: str) -> str:
    return f"'{cell}" if _DANGEROUS.match(cell) else cell


def restore(cell: str) -> str:
    """What `neutralise` was given."""
    return cell[1:] if _NEUTRALISED.match(cell) else cell


def _encoding(raw: bytes) -> str:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    # Latin letters in UTF-16 have a zero beside each; UTF-8 has none anywhere.
    if raw[1:2] == b"\0":
        return "utf-16-le"
    if raw[:1] == b"\0":
        return "utf-16-be"
    return "utf-8-sig"


def _lines(text: str, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """Each line that holds anything, with its number; quotes gone wrong end the list."""
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            # Excel writes sep=; above a list and takes the line away again when it reads.
            is_setting = line == 1 and len(cells) <= 2 and "".join(cells).startswith("sep=")
            if not is_setting and any(cell.strip() for cell in cells):
                yield line, [restore(_tidy(cell)) for cell in cells]
            line = reader.line_num + 1
    except csv.Error:
        problems.append(Problem(line, "quotes"))


def _delimiter(text: str) -> str:
    """What parts the cells of the first line that holds any."""
    lines = (line for line in text.splitlines() if line.strip())
    heading = next(lines, "")
    if heading.startswith("sep="):
        heading = next(lines, "")
    return max(",;\t", key=heading.count)


def _tidy(cell: str) -> str:
    """One line of composed characters, with nothing unseen in it."""
    spaced = " ".join(unicodedata.normalize("NFC", cell).split())
    return "".join(each for each in spaced if unicodedata.category(each) not in {"Cc", "Cs"})


def _columns(
    heading: tuple[int, list[str]], problems: list[Problem]
) -> tuple[list[str | None], list[str]]:
    """What each column holds, None for one that means nothing here, and what those are called."""
    line, headers = heading
    columns: list[str | None] = []
    ignored = []
    for header in headers:
        column = _COLUMN_OF.get(header.casefold())
        if column is None and header:
            ignored.append(header)
        if column is not None and column in columns:
            problems.append(Problem(line, "column_repeated", header))
        columns.append(column)
    if "email" not in columns:
        problems.append(Problem(line, "column_missing"))
    return columns, ignored


def _row(line: int, cells: list[str], columns: list[str | None]) -> tuple[Row, list[Problem]]:
    problems = []
    if any(cells[len(columns) :]):
        problems.append(Problem(line, "too_many_cells"))
    said = {column: cell for column, cell in zip(columns, cells, strict=False) if column}
    for column, longest in MAX_LENGTHS.items():
        if len(said.get(column, "")) > longest:
            problems.append(Problem(line, f"{column}_too_long"))
    email, role = said.get("email", "").lower(), said.get("role", "")
    if not email:
        problems.append(Problem(line, "email_missing"))
    elif not _ADDRESS.fullmatch(email):
        problems.append(Problem(line, "email_malformed", email[:80]))
    known = _ROLE_OF.get(role.casefold())
    if known is None:
        problems.append(Problem(line, "role_unknown", role[:40]))
    row = Row(line, email, said.get("name", ""), known or "", said.get("sis_id", ""))
    return row, problems


def _repeated(row: Row, seen: dict[tuple[str, str], int]) -> list[Problem]:
    problems = []
    for column, value in (("email", row.email), ("sis_id", row.sis_id)):
        first = seen.setdefault((column, value), row.line) if value else row.line
        if first != row.line:
            problems.append(Problem(row.line, f"{column}_repeated", value, first))
    return problems
