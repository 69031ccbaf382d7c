"""CSL-JSON: what an item may hold, and the course's form of it.

Source: https://docs.citationstyles.org/en/stable/specification.html
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from apps.content.citations.names import NAME_FIELDS, contributors, family_of, year_of

Csl = Mapping[str, Any]

DATE_FIELDS = ("issued", "accessed", "submitted", "original-date", "event-date")
NAME_PARTS = frozenset(
    {"family", "given", "suffix", "literal", "non-dropping-particle", "dropping-particle"}
)
TYPES = frozenset(
    {
        *("article", "article-journal", "article-magazine", "article-newspaper", "bill", "book"),
        *("broadcast", "chapter", "classic", "collection", "dataset", "document", "entry"),
        *("entry-dictionary", "entry-encyclopedia", "event", "figure", "graphic", "hearing"),
        *("interview", "legal_case", "legislation", "manuscript", "map", "motion_picture"),
        *("musical_score", "pamphlet", "paper-conference", "patent", "performance", "periodical"),
        *("personal_communication", "post", "post-weblog", "regulation", "report", "review"),
        *("review-book", "software", "song", "speech", "standard", "thesis", "treaty", "webpage"),
    }
)
MAX_IMPORT_CHARACTERS = 2_000_000
MAX_VALUE_CHARACTERS = 5_000

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why one entry of an imported file was left out. `where` is its key, or its number."""

    where: str
    message: str


@dataclass(frozen=True, slots=True)
class Imported:
    """Items with an `id`, in the file's order; every entry is either an item or a fault."""

    items: tuple[dict[str, Any], ...] = ()
    faults: tuple[Fault, ...] = ()


class ReferenceRow(Protocol):
    """What a reference has in the database."""

    key: str
    csl: Any
    kind: str
    is_listed: bool
    note: str
    status: str


def clean_csl(raw: object) -> dict[str, Any]:
    """A CSL item without `id` and `custom`, its text trimmed, or an explanation.

    Raises: ValueError naming the first thing that is wrong.
    """
    if not isinstance(raw, Mapping):
        raise ValueError("A reference is an object of CSL-JSON.")  # noqa: TRY004 - it is the value of a file
    item = {
        name: _clean_value(name, value)
        for name, value in raw.items()
        if name not in {"id", "custom"} and value not in ("", None, [], {})
    }
    if item.get("type") not in TYPES:
        raise ValueError(f"{item.get('type', '')!r} is not a type of CSL, such as article-journal.")
    if not item.get("title"):
        raise ValueError("A reference has a title.")
    return item


def _clean_value(name: object, value: object) -> object:
    if not isinstance(name, str) or len(name) > 60:
        raise ValueError("The name of a field is a short text.")
    if name in NAME_FIELDS:
        return _clean_names(name, value)
    if name in DATE_FIELDS:
        return _clean_date(name, value)
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return _clean_text(name, str(value))
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return _clean_text(name, ", ".join(value))
    raise ValueError(f"{name} is neither text nor a number.")


def _clean_text(name: str, value: str) -> str:
    text = unicodedata.normalize("NFC", " ".join(_printable(value).split()))
    if len(text) > MAX_VALUE_CHARACTERS:
        raise ValueError(f"{name} has more than {MAX_VALUE_CHARACTERS:,} characters.")
    return text


def _printable(value: str) -> str:
    return "".join(
        " " if unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} else char for char in value
    )


def _clean_names(field: str, value: object) -> list[dict[str, str]]:
    if not isinstance(value, list):
        raise ValueError(f"{field} is a list of names.")  # noqa: TRY004
    names = []
    for entry in value:
        if not isinstance(entry, Mapping):
            raise ValueError(f"A name in {field} is an object with family and given, or literal.")  # noqa: TRY004
        name = {
            part: _clean_text(field, str(text))
            for part, text in entry.items()
            if part in NAME_PARTS and isinstance(text, str) and text.strip()
        }
        if not name.get("family") and not name.get("literal"):
            raise ValueError(f"A name in {field} has neither family nor literal.")
        names.append(name)
    return names


def _clean_date(field: str, value: object) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"{field} is an object with date-parts or literal.")  # noqa: TRY004
    parts = value.get("date-parts")
    if parts is not None:
        try:
            dates = [[int(part) for part in date] for date in parts][:2]
        except (TypeError, ValueError):
            raise ValueError(f"{field}: date-parts are lists of whole numbers.") from None
        if not dates or not all(_is_date(date) for date in dates):
            raise ValueError(f"{field}: date-parts are a year, a month and a day.")
        return {"date-parts": dates, **({"circa": 1} if value.get("circa") else {})}
    words = value.get("literal") or value.get("raw")
    if not isinstance(words, str) or not words.strip():
        raise ValueError(f"{field} has neither date-parts nor literal.")
    return {"literal": _clean_text(field, words)}


def _is_date(date: list[int]) -> bool:
    ranges = ((-9999, 9999), (1, 12), (1, 31))
    return 1 <= len(date) <= 3 and all(
        low <= part <= high for part, (low, high) in zip(date, ranges, strict=False)
    )


def suggest_key(csl: Csl) -> str:
    """A citation key in the course's manner: khan1961, hussain-fatima2015, abbasi2020."""
    families = [family_of(name) for name in contributors(csl)] or [str(csl.get("title", ""))]
    words = families if len(families) == 2 else families[:1]
    slugs = [_slug(word)[:28].strip("-") for word in words]
    year = "".join(filter(str.isdigit, year_of(csl)))[:4]
    return ("-".join(filter(None, slugs)) or "work") + year


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def to_csl_item(row: ReferenceRow) -> dict[str, Any]:
    """A reference as references.json holds it: CSL, and our columns in `custom`."""
    return {
        "id": row.key,
        **row.csl,
        "custom": {
            "kind": str(row.kind),
            "listed": row.is_listed,
            "note": row.note,
            "status": str(row.status),
        },
    }


def to_csl_json(rows: Iterable[ReferenceRow]) -> str:
    """A JSON array of CSL items, in the given order."""
    return json.dumps([to_csl_item(row) for row in rows], ensure_ascii=False, indent=2) + "\n"


def from_csl_json(text: str) -> Imported:
    """Items of a CSL-JSON array (or of one object); `custom` is kept as it is."""
    if len(text) > MAX_IMPORT_CHARACTERS:
        return Imported(faults=(Fault("", "The file is too large."),))
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Imported(faults=(Fault("", f"This is not JSON: {error}"),))
    return collect(raw if isinstance(raw, list) else [raw])


def collect(entries: Iterable[object]) -> Imported:
    """Clean each entry and give it a key of its own."""
    items: list[dict[str, Any]] = []
    faults: list[Fault] = []
    taken: set[str] = set()
    for number, entry in enumerate(entries, start=1):
        given = str(entry.get("id", "")) if isinstance(entry, Mapping) else ""
        try:
            csl = clean_csl(entry)
        except ValueError as error:
            faults.append(Fault(given or str(number), str(error)))
            continue
        key = given if _KEY.fullmatch(given) and len(given) <= 60 else suggest_key(csl)
        key = _free(key, taken)
        taken.add(key)
        item = {"id": key, **csl}
        if isinstance(entry, Mapping) and isinstance(entry.get("custom"), Mapping):
            item["custom"] = dict(entry["custom"])
        items.append(item)
    return Imported(tuple(items), tuple(faults))


def _free(key: str, taken: set[str]) -> str:
    number, free = 2, key
    while free in taken:
        free = f"{key}-{number}"
        number += 1
    return free
