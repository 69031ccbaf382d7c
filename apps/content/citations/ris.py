"""RIS out and in.

RIS does not mark institutions: a name without a comma is read as one. What RIS has no tag for is
not carried.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import rispy

from apps.content.citations.csl import MAX_IMPORT_CHARACTERS, Csl, Fault, Imported, collect
from apps.content.citations.names import family_of

TYPES = {
    "article-journal": "JOUR",
    "article-magazine": "MGZN",
    "article-newspaper": "NEWS",
    "book": "BOOK",
    "chapter": "CHAP",
    "paper-conference": "CPAPER",
    "report": "RPRT",
    "thesis": "THES",
    "webpage": "ELEC",
    "document": "GEN",
    "legislation": "STAT",
    "legal_case": "CASE",
    "manuscript": "UNPB",
}
_CSL_TYPES = {
    **{ris: csl for csl, ris in TYPES.items()},
    "CONF": "paper-conference",
    "EJOUR": "article-journal",
    "JFULL": "article-journal",
    "EBOOK": "book",
    "ECHAP": "chapter",
    "BLOG": "post-weblog",
    "INPR": "article-journal",
}
# CSL's field: rispy's name of the tag.
_FIELDS = {
    "title": "title",
    "container-title": "secondary_title",
    "volume": "volume",
    "issue": "number",
    "edition": "edition",
    "publisher": "publisher",
    "publisher-place": "place_published",
    "DOI": "doi",
    "ISSN": "issn",
    "genre": "type_of_work",
    "abstract": "abstract",
    "language": "language",
    "number": "accession_number",
}
_ROLES = {"author": "authors", "editor": "secondary_authors", "translator": "subsidiary_authors"}


def to_ris(items: Iterable[Csl]) -> str:
    """Records for CSL items, each with an `id`, in the given order."""
    records = [_record(item) for item in items]
    return str(rispy.dumps(records, implementation=_Writer)) if records else ""


class _Writer(rispy.RisWriter):
    """Without the library's running numbers between records."""

    def set_header(self, count: int) -> str:  # noqa: ARG002 - the library's signature
        return ""


def _record(item: Csl) -> dict[str, Any]:
    record: dict[str, Any] = {
        "type_of_reference": TYPES.get(str(item["type"]), "GEN"),
        "id": str(item["id"]),
    }
    for role, tag in _ROLES.items():
        if item.get(role):
            record[tag] = [_write_name(name) for name in item[role]]
    for name, tag in _FIELDS.items():
        if item.get(name):
            record[tag] = _line(item[name])
    if item.get("URL"):
        record["urls"] = [_line(item["URL"])]
    if item.get("note"):
        record["notes"] = [_line(item["note"])]
    return record | _pages(item) | _dates(item.get("issued", {}))


def _pages(item: Csl) -> dict[str, str]:
    first, _hyphen, last = _line(item.get("page", "")).partition("-")
    return {tag: page for tag, page in (("start_page", first), ("end_page", last)) if page}


def _dates(issued: Csl) -> dict[str, str]:
    parts = issued.get("date-parts")
    if not parts:
        return {"year": _line(issued["literal"])} if issued.get("literal") else {}
    year, *rest = parts[0]
    numbers = [str(year), *(f"{part:02}" for part in rest), "", ""][:3]
    return {"year": str(year), **({"date": "/".join(numbers)} if rest else {})}


def _line(value: object) -> str:
    return " ".join(str(value).split())


def _write_name(name: Mapping[str, str]) -> str:
    if "literal" in name and "family" not in name:
        return _line(name["literal"])
    given = " ".join(filter(None, [name.get("given"), name.get("dropping-particle")]))
    parts = [family_of(name), given, name.get("suffix", "")]
    return _line(", ".join(parts)).rstrip(", ") if given or parts[2] else f"{_line(parts[0])},"


def from_ris(text: str) -> Imported:
    """CSL items of an RIS file; a file that cannot be read is one fault."""
    if len(text) > MAX_IMPORT_CHARACTERS:
        return Imported(faults=(Fault("", "The file is too large."),))
    try:
        records = rispy.loads(text.lstrip("\ufeff"))
    except (OSError, ValueError, IndexError, KeyError) as error:
        return Imported(faults=(Fault("", f"This is not RIS that can be read: {error}"),))
    return collect(_item(record) for record in records)


def _item(record: Mapping[str, Any]) -> dict[str, Any]:
    kind = _CSL_TYPES.get(str(record.get("type_of_reference", "")), "document")
    item: dict[str, Any] = {"id": str(record.get("id", "")).lower(), "type": kind}
    for role, tag in _ROLES.items():
        names = record.get(tag) or (record.get("first_authors") if role == "author" else None)
        if names:
            item[role] = [_read_name(name) for name in names]
    for name, tag in _FIELDS.items():
        if record.get(tag):
            item[name] = record[tag]
    item.setdefault("title", record.get("primary_title", ""))
    item.setdefault(
        "container-title", record.get("journal_name") or record.get("alternate_title3", "")
    )
    if record.get("urls"):
        item["URL"] = record["urls"][0]
    if record.get("notes"):
        item["note"] = " ".join(record["notes"])
    pages = [str(record[tag]) for tag in ("start_page", "end_page") if record.get(tag)]
    if pages:
        item["page"] = "-".join(pages)
    if issued := _read_date(record):
        item["issued"] = issued
    return item


def _read_name(text: str) -> dict[str, str]:
    if "," not in text:
        return {"literal": text.strip()}
    family, _comma, rest = text.partition(",")
    given, _comma, suffix = rest.partition(",")
    name = {"family": family.strip(), "given": given.strip(), "suffix": suffix.strip()}
    return {part: words for part, words in name.items() if words}


def _read_date(record: Mapping[str, Any]) -> dict[str, Any] | None:
    text = str(record.get("date") or record.get("year") or record.get("publication_year") or "")
    numbers = [part for part in text.split("/")[:3] if part.strip()]
    if numbers and all(part.strip().lstrip("-").isdecimal() for part in numbers):
        return {"date-parts": [[int(part) for part in numbers]]}
    return {"literal": text.strip()} if text.strip() else None
