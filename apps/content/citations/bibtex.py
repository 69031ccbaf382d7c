"""BibTeX out and in. Text is UTF-8; only TeX's own characters are written as commands.

What BibTeX has no field for (a dropping particle, an access date) is not carried.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import quote

from bibtexparser.entrypoint import parse_string, write_string
from bibtexparser.library import Library
from bibtexparser.middlewares import (
    NormalizeFieldKeys,
    RemoveEnclosingMiddleware,
    ResolveStringReferencesMiddleware,
    SeparateCoAuthors,
    SplitNameParts,
)
from bibtexparser.middlewares.names import NameParts
from bibtexparser.model import Entry, Field
from pylatexenc.latex2text import (
    LatexNodes2Text,
    MacroTextSpec,
    get_default_latex_context_db,
)

from apps.content.citations.csl import (
    MAX_IMPORT_CHARACTERS,
    Csl,
    Fault,
    Imported,
    collect,
)

TYPES = {
    "article-journal": "article",
    "book": "book",
    "chapter": "incollection",
    "paper-conference": "inproceedings",
    "report": "techreport",
    "thesis": "phdthesis",
    "webpage": "online",
    "document": "misc",
}
_CSL_TYPES = {
    **{bibtex: csl for csl, bibtex in TYPES.items()},
    "inbook": "chapter",
    "conference": "paper-conference",
    "proceedings": "book",
    "mastersthesis": "thesis",
    "thesis": "thesis",
    "report": "report",
    "manual": "report",
    "www": "webpage",
    "unpublished": "manuscript",
}
# CSL's field: BibTeX's, where it does not depend on the type of work.
_FIELDS = {
    "title": "title",
    "volume": "volume",
    "edition": "edition",
    "publisher-place": "address",
    "DOI": "doi",
    "URL": "url",
    "ISBN": "isbn",
    "ISSN": "issn",
    "genre": "type",
    "note": "note",
    "abstract": "abstract",
    "language": "language",
    "collection-title": "series",
}
_CONTAINER = {"article": "journal", "incollection": "booktitle", "inproceedings": "booktitle"}
_PUBLISHER = {"techreport": "institution", "phdthesis": "school"}
_ISSUE = {"article"}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TEX = str.maketrans(
    {
        "\\": "\\textbackslash{}",
        "{": "\\textbraceleft{}",
        "}": "\\textbraceright{}",
        "~": "\\textasciitilde{}",
        "^": "\\textasciicircum{}",
        "`": "{`}",
        "@": "{@}",
        **{char: f"\\{char}" for char in "&%$#_"},
    }
)
_LIGATURE = re.compile(r"(?<=-)-|(?<=')'|(?<=<)<|(?<=>)>|(?<=,),")  # TeX would join these
_VERBATIM = {"DOI", "URL"}
_VERBATIM_UNSAFE = re.compile(r"[\s{}\\]")
_VERBATIM_COMMAND = re.compile(r"\\url\s*\{(.*)\}", re.DOTALL)
_VERBATIM_ESCAPE = re.compile(r"\\([%#&_$~])")
# The parser tells of every bad entry on its own; faults say it in our words.
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)


def to_bibtex(items: Iterable[Csl]) -> str:
    """Entries for CSL items, each with an `id`, in the given order."""
    library = Library([_entry(item) for item in items])
    return write_string(library)


def _entry(item: Csl) -> Entry:
    kind = TYPES.get(str(item["type"]), "misc")
    fields: dict[str, str] = {}
    for role in ("author", "editor", "translator"):
        if item.get(role):
            fields[role] = " and ".join(_write_name(name) for name in item[role])
    for csl_name, name in _FIELDS.items():
        if item.get(csl_name):
            is_verbatim = csl_name in _VERBATIM
            text = str(item[csl_name])
            fields[name] = _verbatim(text) if is_verbatim else _tex(text)
    if "title" in fields:
        fields["title"] = f"{{{fields['title']}}}"  # keeps its capitals
    fields |= _write_special(item, kind)
    return Entry(kind, str(item["id"]), [Field(name, value) for name, value in fields.items()])


def _write_special(item: Csl, kind: str) -> dict[str, str]:
    """Fields whose names or form depend on the type of work."""
    values = {
        _CONTAINER.get(kind, "howpublished"): item.get("container-title"),
        _PUBLISHER.get(kind, "publisher"): item.get("publisher"),
        ("number" if kind in _ISSUE else "issue"): item.get("issue"),
        ("eid" if kind in _ISSUE else "number"): item.get("number"),
    }
    fields = {name: _tex(str(value)) for name, value in values.items() if value}
    if item.get("page"):
        fields["pages"] = _tex(str(item["page"])).replace("-", "--")
    issued = item.get("issued", {})
    if parts := issued.get("date-parts"):
        fields["year"] = str(parts[0][0])
        if len(parts[0]) > 1:
            fields["month"] = _MONTHS[parts[0][1] - 1]
        if len(parts[0]) > 2:
            fields["day"] = str(parts[0][2])
    elif issued.get("literal"):
        fields["year"] = _tex(issued["literal"])
    return fields


def _write_name(name: Mapping[str, str]) -> str:
    if "literal" in name and "family" not in name:
        return f"{{{_tex(name['literal'])}}}"
    given = " ".join(filter(None, [name.get("given"), name.get("dropping-particle")]))
    parts = [_protected(name["family"]), _protected(name.get("suffix", "")), _piece(given)]
    if particle := name.get("non-dropping-particle"):
        parts[0] = f"{_tex(particle)} {parts[0]}"
    if not parts[1]:
        del parts[1]
    return ", ".join(parts) if parts[-1] else parts[0]


def _protected(words: str) -> str:
    """Braces keep a name of several words, or one in small letters, in one piece."""
    is_plain = words.replace("-", "").isalpha() and words[:1].isupper()
    return _tex(words) if is_plain or not words else f"{{{_tex(words)}}}"


def _piece(words: str) -> str:
    """A given name; braces only where BibTeX would divide it."""
    return f"{{{_tex(words)}}}" if "," in words or " and " in words else _tex(words)


def _tex(text: str) -> str:
    return _LIGATURE.sub(lambda match: f"{{{match[0]}}}", text.translate(_TEX))


def _verbatim(address: str) -> str:
    """An address stands as it is; what would end the field is percent-encoded."""
    return _VERBATIM_UNSAFE.sub(lambda match: quote(match[0]), address)


def from_bibtex(text: str) -> Imported:
    """CSL items of a BibTeX file; entries that cannot be read are faults, by key or line."""
    if len(text) > MAX_IMPORT_CHARACTERS:
        return Imported(faults=(Fault("", "The file is too large."),))
    library = parse_string(
        text,
        parse_stack=[
            ResolveStringReferencesMiddleware(),
            RemoveEnclosingMiddleware(),
            NormalizeFieldKeys(),
            SeparateCoAuthors(),
            SplitNameParts(),
        ],
    )
    faults = [
        Fault(f"{(block.start_line or 0) + 1}", "This entry is not BibTeX that can be read.")
        for block in library.failed_blocks
    ]
    read: list[object] = []
    for entry in library.entries:
        try:
            read.append(_item(entry))
        except (ValueError, IndexError, RecursionError) as error:
            faults.append(Fault(entry.key, str(error) or "This entry cannot be read."))
    imported = collect(read)
    return Imported(imported.items, (*faults, *imported.faults))


def _item(entry: Entry) -> dict[str, Any]:
    fields = {field.key: field.value for field in entry.fields}
    kind = _CSL_TYPES.get(entry.entry_type.lower(), "document")
    bibtex = TYPES.get(kind, "misc")
    item: dict[str, Any] = {"id": entry.key.lower(), "type": kind}
    for role in ("author", "editor", "translator"):
        if fields.get(role):
            item[role] = [_read_name(name) for name in fields[role]]
    special = {
        "container-title": _CONTAINER.get(bibtex, "howpublished"),
        "publisher": _PUBLISHER.get(bibtex, "publisher"),
        "issue": "number" if bibtex in _ISSUE else "issue",
        "number": "eid" if bibtex in _ISSUE else "number",
    }
    for csl_name, name in {**_FIELDS, **special}.items():
        if fields.get(name):
            read = _read_verbatim if csl_name in _VERBATIM else _text
            item[csl_name] = read(str(fields[name]))
    if fields.get("journaltitle"):
        item["container-title"] = _text(str(fields["journaltitle"]))
    if fields.get("pages"):
        item["page"] = _text(str(fields["pages"])).replace("–", "-")
    if issued := _read_date(fields):
        item["issued"] = issued
    return item


def _read_name(parts: NameParts) -> dict[str, str]:
    last = list(parts.last)
    if len(last) == 1 and not parts.first and not parts.von and last[0].startswith("{"):
        return {"literal": _text(last[0])}
    name = {
        "family": _joined(last),
        "given": _joined(parts.first),
        "non-dropping-particle": _joined(parts.von),
        "suffix": _joined(parts.jr),
    }
    return {part: words for part, words in name.items() if words}


def _joined(words: Sequence[str]) -> str:
    return _text(" ".join(words))


def _read_date(fields: Mapping[str, Any]) -> dict[str, Any] | None:
    parts = str(fields.get("date") or fields.get("year") or "").strip()
    if not parts:
        return None
    numbers = parts.split("/")[0].split("-") if not parts.startswith("-") else [parts]
    if not all(number.lstrip("-").isdecimal() for number in numbers):
        return {"literal": _text(parts)}
    date = [int(number) for number in numbers]
    month = str(fields.get("month", "")).strip().lower()[:3]
    if len(date) == 1 and month:
        if month in _MONTHS:
            date.append(_MONTHS.index(month) + 1)
        elif month.isdecimal():
            date.append(int(month))
        day = str(fields.get("day", ""))
        if len(date) == 2 and day.isdecimal():
            date.append(int(day))
    return {"date-parts": [date]}


def _read_verbatim(address: str) -> str:
    command = _VERBATIM_COMMAND.fullmatch(address.strip())
    return _VERBATIM_ESCAPE.sub(r"\1", command[1] if command else address).strip()


def _text(tex: str) -> str:
    return " ".join(_decoder().latex_to_text(tex).split())


@cache
def _decoder() -> LatexNodes2Text:
    """With the characters that the library does not know, or knows otherwise."""
    known = get_default_latex_context_db()
    macros = {"textbraceleft": "{", "textbraceright": "}", "textasciicircum": "^", "url": "%s"}
    known.add_context_category(
        "majlis",
        prepend=True,
        macros=[MacroTextSpec(name, simplify_repl=text) for name, text in macros.items()],
    )
    return LatexNodes2Text(latex_context=known, math_mode="verbatim")
