"""Anki's text format, “Notes in Plain Text”: one note a record, headers that begin with #. Pure.

Source: the Anki manual, “Text Files” of importing and exporting. Read: the headers separator,
html, tags, columns, and the columns of guid, tags, deck and note type; quoted fields with doubled
quotes and line breaks; comments. A note's fields after the second are read as more of the back,
so that nothing of it is lost; one with gaps makes a card for each (gaps.py). When a note comes up
again is not in this format.

Fields are not guarded against spreadsheets: a field that begins with “=” is text to Anki and to
us, and a guard would come back as part of the card.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from apps.review import gaps

MAX_BYTES = 2 * 1024 * 1024
MAX_ROWS = 2_000
MAX_FIELD = 40_000  # characters, as the file has them
MAX_GUID = 64

# What the header may call a separator, beside the character itself.
_NAMED = {
    "tab": "\t",
    "comma": ",",
    "semicolon": ";",
    "space": " ",
    "pipe": "|",
    "colon": ":",
}
_GUESSED = "\t;,|"
_SOUND = re.compile(r"\[sound:[^\]\n]*\]")
_COLUMNS = ("guid column", "tags column", "deck column", "notetype column")


@dataclass(frozen=True, slots=True)
class Note:
    """line: where it begins, from 1.  guid: "" when the file names none.  Sides are raw fields."""

    front: str
    back: str
    tags: tuple[str, ...] = ()
    guid: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Fault:
    """code: of FAULTS.  line: from 1; 0 for the file as a whole."""

    line: int
    code: str
    detail: str = ""


@dataclass(slots=True)
class Sheet:
    """What a file says. Nothing of it is to be used while there are faults.

    left_out: notes that make no card, because one side of theirs is empty.
    is_html: whether fields are HTML; otherwise they are plain text.
    """

    notes: list[Note] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    left_out: list[Fault] = field(default_factory=list)
    is_html: bool = False


@dataclass(slots=True)
class _Header:
    separator: str = ""
    is_html: bool = False
    tags: tuple[str, ...] = ()
    # {"guid": index from 0, ...}
    columns: dict[str, int] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    lines: int = 0

    @property
    def names_sides(self) -> bool:
        return {"front", "back"} <= set(self.names)


def decoded(data: bytes) -> str | None:
    """The text of a file in UTF-8, with or without a byte-order mark; None when it is not."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def read(text: str) -> Sheet:
    """Every note of a file, or every fault; never raises, whatever the text."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    sheet = Sheet()
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        sheet.faults.append(Fault(0, "too-long"))
        return sheet
    if "\0" in text:
        sheet.faults.append(Fault(text[: text.index("\0")].count("\n") + 1, "nul"))
        return sheet
    lines = text.split("\n")
    header = _header(lines, sheet)
    sheet.is_html = header.is_html
    separator = header.separator or _guess(lines[header.lines :])
    for line, fields in _records(lines, header.lines, separator, sheet):
        sheet.notes += _notes(line, fields, header, sheet)
        if len(sheet.notes) > MAX_ROWS:
            sheet.faults.append(Fault(line, "too-many", str(MAX_ROWS)))
            break
    if not sheet.notes and not sheet.faults:
        sheet.faults = sheet.left_out or [Fault(0, "empty")]
    return sheet


def write(notes: Iterable[Note]) -> str:
    """A file that Anki imports, with HTML in its fields: `read` gives the same notes back."""
    out = io.StringIO()
    out.write("#separator:tab\n#html:true\n#columns:guid\tFront\tBack\tTags\n")
    out.write("#guid column:1\n#tags column:4\n")
    for note in notes:
        fields = (note.guid, note.front, note.back, " ".join(note.tags))
        out.write("\t".join(_quoted(each) for each in fields) + "\n")
    return out.getvalue()


def _quoted(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.startswith("#") or any(each in text for each in '\t\n"'):
        return '"' + text.replace('"', '""') + '"'
    return text


def _header(lines: Sequence[str], sheet: Sheet) -> _Header:
    header = _Header()
    said: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if not line.startswith("#"):
            break
        header.lines = number
        name, colon, value = line[1:].partition(":")
        name = name.strip().lower() if colon else ""
        said[name] = value
        if name == "separator":
            header.separator = _separator(value)
            if not header.separator:
                sheet.faults.append(Fault(number, "separator", value.strip()[:40]))
        elif name in _COLUMNS:
            place = value.strip()
            if re.fullmatch(r"[1-9][0-9]?", place):
                header.columns[name.removesuffix(" column")] = int(place) - 1
            else:
                sheet.faults.append(Fault(number, "column", place[:40]))
    header.is_html = said.get("html", "").strip().lower() == "true"
    header.tags = tuple(said.get("tags", "").split())
    names = said.get("columns", "").split(header.separator or "\t")
    header.names = tuple(name.strip().lower() for name in names)
    return header


def _separator(value: str) -> str:
    named = _NAMED.get(value.strip().lower())
    if named:
        return named
    return value if len(value) == 1 and value not in '"#\n' else ""


def _guess(lines: Sequence[str]) -> str:
    """The first of the usual separators that the first record holds; a tab where none."""
    first = next((line for line in lines if line and not line.startswith("#")), "")
    return next((each for each in _GUESSED if each in first), "\t")


def _records(
    lines: Sequence[str], skipped: int, separator: str, sheet: Sheet
) -> Iterable[tuple[int, list[str]]]:
    """(line, fields) of each record that is no comment and not empty."""
    rest = lines[skipped:]
    last = 0

    def fed() -> Iterable[str]:
        for line in rest:
            yield line + "\n"

    reader = csv.reader(fed(), delimiter=separator, strict=True)
    while True:
        line = skipped + last + 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # The limit of the module itself, which is of the whole process: not ours to set.
            code = "too-long-field" if "field larger" in str(error) else "quotes"
            sheet.faults.append(Fault(line, code))
            return
        if any(len(each) > MAX_FIELD for each in fields):
            sheet.faults.append(Fault(line, "too-long-field"))
            return
        is_comment = rest[last].startswith("#")
        last = reader.line_num
        if not is_comment and any(each.strip() for each in fields):
            yield line, fields


def _notes(line: int, fields: Sequence[str], header: _Header, sheet: Sheet) -> Iterable[Note]:
    """The notes of one record: none where it is at fault or left out, several where it has gaps."""
    special = {place: name for name, place in header.columns.items()}
    said = {name: fields[place] for place, name in special.items() if place < len(fields)}
    order = _sides(fields, header)
    if len(order) < 2:
        sheet.faults.append(Fault(line, "one-field"))
        return []
    guid = said.get("guid", "").strip()
    if len(guid) > MAX_GUID - len("-c999"):
        sheet.faults.append(Fault(line, "guid", guid[:40]))
        return []
    tags = tuple(dict.fromkeys((*header.tags, *said.get("tags", "").split())))
    front, *more = order
    try:
        # Where the file itself says which side is which, braces are words like others.
        asked = [] if header.names_sides else gaps.asked_of(front, is_html=header.is_html)
    except gaps.TooManyGaps:
        sheet.faults.append(Fault(line, "gaps", str(gaps.MAX_NUMBERS)))
        return []
    cards = [(each.front, [each.back, *more], f"-c{each.number}") for each in asked]
    gap = "<br><br>" if header.is_html else "\n\n"
    made = [
        Note(one, gap.join(filter(None, other)), tags, guid + suffix if guid else "", line)
        for one, other, suffix in cards or [(front, more, "")]
    ]
    if all(note.front and note.back for note in made):
        return made
    sheet.left_out.append(Fault(line, "empty-side"))
    return []


def _sides(fields: Sequence[str], header: _Header) -> list[str]:
    """A record's fields without those that are something else, front and back first."""
    named = [
        (header.names[place] if place < len(header.names) else "", text.strip())
        for place, text in enumerate(fields)
        if place not in header.columns.values()
    ]
    if not header.names_sides:
        # As Anki itself exports: what it plays is written among the words.
        return [_SOUND.sub("", text).strip() for _name, text in named]
    first = [[text for name, text in named if name == side][:1] for side in ("front", "back")]
    rest = [text for name, text in named if name not in {"front", "back"}]
    return [*first[0], *first[1], *rest]
