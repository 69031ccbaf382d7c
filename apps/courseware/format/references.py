"""references.json: CSL-JSON items with line numbers, and their one canonical form. Pure.

content.citations decides what an item may hold; the names of its texts are those of the CSL-JSON
schema 1.0.2.
"""

from __future__ import annotations

import json
import re
from types import MappingProxyType
from typing import Any, Final

from apps.content.citations.csl import DATE_FIELDS, clean_csl
from apps.content.citations.names import NAME_FIELDS
from apps.courseware.format.faults import Fault, FormatError, Where
from apps.courseware.format.plaintext import clean, forbidden_character, writable
from apps.courseware.format.records import Reference
from apps.courseware.format.shapes import ANCHOR


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


TEXTS: Final = _words("""
    title container-title collection-title edition volume issue page number genre publisher
    publisher-place DOI ISBN ISSN URL abstract annote archive archive-place archive_collection
    archive_location authority call-number chapter-number citation-key citation-label
    citation-number collection-number container-title-short dimensions division event
    event-place event-title first-reference-note-number journalAbbreviation jurisdiction keyword
    language locator medium note number-of-pages number-of-volumes original-publisher
    original-publisher-place original-title page-first part part-title PMCID PMID printing
    references reviewed-genre reviewed-title scale section shortTitle source status supplement
    title-short version volume-title volume-title-short year-suffix
    """)
# The order of keys in the canonical form: who, what, where, when.
_ORDER: Final = {
    key: index
    for index, key in enumerate(
        (
            *_words("id type"),
            *NAME_FIELDS,
            *TEXTS,
            *DATE_FIELDS,
            *_words("custom family given suffix non-dropping-particle dropping-particle literal"),
            *_words("date-parts circa kind listed note status"),
        )
    )
}
_KNOWN: Final = frozenset({"type", *NAME_FIELDS, *TEXTS, *DATE_FIELDS})
_CUSTOM: Final = ("kind", "listed", "note", "status")
_REMEDY: Final = "docs/course-format.md shows a whole item."


class _Refused(ValueError):
    pass


def parse(text: str, file: str, faults: list[Fault]) -> tuple[Reference, ...]:
    """The works in the file, in its order."""
    references = []
    for item, start, end in _items(text, file, faults):
        reader = _ItemReader(item, text, start, end, file, faults)
        if reference := reader.reference():
            references.append(reference)
    return tuple(references)


def emit(references: tuple[Reference, ...]) -> str:
    """The canonical text: sorted by id, two spaces a level, nothing escaped that need not be."""
    items = [
        {
            "id": reference.key,
            **canonical_csl(reference.csl),
            "custom": {
                "kind": reference.kind,
                "listed": reference.listed,
                "note": clean(reference.note),
                "status": reference.status,
            },
        }
        for reference in sorted(references, key=lambda reference: reference.key)
    ]
    return writable(json.dumps(items, ensure_ascii=False, indent=2)) + "\n"


def canonical_csl(csl: dict[str, Any]) -> dict[str, Any]:
    """`csl` as the database keeps it, its keys in order.  Raises: FormatError."""
    try:
        ordered: dict[str, Any] = _in_order(clean_csl(csl))
    except ValueError as error:
        raise FormatError(str(error)) from error
    return ordered


def _in_order(value: Any) -> Any:
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: (_ORDER.get(key, len(_ORDER)), key))
        return {key: _in_order(value[key]) for key in keys}
    if isinstance(value, list):
        return [_in_order(item) for item in value]
    return value


def _items(text: str, file: str, faults: list[Fault]) -> list[tuple[Any, int, int]]:
    """Each element of the array with its first and last index in `text`."""
    decoder = json.JSONDecoder(
        object_pairs_hook=_object, parse_constant=_no_constant, parse_float=_no_float
    )
    items: list[tuple[Any, int, int]] = []
    index = _skip_space(text, 0)
    try:
        if text[index : index + 1] != "[":
            raise _Refused("The file is not a list.")  # noqa: TRY301
        index = _skip_space(text, index + 1)
        while text[index : index + 1] != "]":
            if items:
                if text[index : index + 1] != ",":
                    raise _Refused("A comma or ] is missing here.")  # noqa: TRY301
                index = _skip_space(text, index + 1)
            item, end = decoder.raw_decode(text, index)
            items.append((item, index, end))
            index = _skip_space(text, end)
        if text[index + 1 :].strip():
            raise _Refused("Something follows the list.")  # noqa: TRY301
    except json.JSONDecodeError as error:
        faults.append(
            Fault(file, error.lineno, f"This is not JSON: {error.msg}.", "Look at the line above.")
        )
    except _Refused as error:
        faults.append(Fault(file, text.count("\n", 0, index) + 1, str(error), _REMEDY))
    except (RecursionError, ValueError):
        line = text.count("\n", 0, index) + 1
        faults.append(Fault(file, line, "This item cannot be read.", _REMEDY))
    return items


def _skip_space(text: str, index: int) -> int:
    while index < len(text) and text[index] in " \t\n":
        index += 1
    return index


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        keys = [key for key, _value in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _Refused(f"The key “{twice}” stands twice in this item.")
    return result


def _no_constant(name: str) -> Any:
    raise _Refused(f"{name} is not a value here.")


def _no_float(text: str) -> Any:
    raise _Refused(f"The number {text} is not whole; write it in quotes.")


class _ItemReader:
    """Reads one item, complaining at the line of the key."""

    def __init__(
        self, item: Any, text: str, start: int, end: int, file: str, faults: list[Fault]
    ) -> None:
        first_line = text.count("\n", 0, start) + 1
        lines: dict[tuple[str, ...], int] = {}
        for offset, line in enumerate(text[start:end].split("\n")):
            for key in re.findall(r'"([^"\\]+)"\s*:', line):
                lines.setdefault((key,), first_line + offset)
        self.item = item
        self.where = Where(file, first_line, MappingProxyType(lines))
        self.faults = faults

    def complain(self, message: str, remedy: str, *path: str) -> None:
        self.faults.append(self.where.fault(message, remedy, *path))

    def reference(self) -> Reference | None:
        if not isinstance(self.item, dict):
            self.complain("This is not a CSL-JSON item.", _REMEDY)
            return None
        item = dict(self.item)
        key, custom = item.pop("id", None), item.pop("custom", None)
        if not isinstance(key, str) or len(key) > 60 or not ANCHOR.fullmatch(key):
            self.complain(
                "The id is missing or has the wrong form.", 'Write "id": "khan1961".', "id"
            )
            return None
        csl = self._csl(item)
        if not isinstance(custom, dict):
            self.complain("The object “custom” is missing.", _REMEDY, "custom")
            custom = {}
        for name in sorted(custom.keys() - set(_CUSTOM)):
            self.complain(
                f"The key “{name}” of custom is unknown.", f"Known: {', '.join(_CUSTOM)}.", name
            )
        return Reference(
            key=key,
            csl=csl,
            kind=self._custom(custom, "kind", ""),
            listed=self._custom(custom, "listed", False),  # noqa: FBT003
            note=self._custom(custom, "note", ""),
            status=self._custom(custom, "status", "current"),
            where=self.where,
        )

    def _custom(self, custom: dict[str, Any], name: str, fallback: Any) -> Any:
        is_required = name in {"kind", "listed"}
        if name not in custom and not is_required:
            return fallback
        value = custom.get(name)
        if type(value) is not type(fallback):
            what = "true or false" if name == "listed" else "a text"
            self.complain(
                f"custom.{name} is not {what}.",
                _REMEDY,
                name,
            )
            return fallback
        if isinstance(value, str) and forbidden_character(value):
            self.complain(f"custom.{name} holds a control character.", "Delete it.", name)
            return fallback
        return clean(value) if isinstance(value, str) else value

    def _csl(self, item: dict[str, Any]) -> dict[str, Any]:
        """The keys of the item that are sound, in order; the others are complained of."""
        sound: dict[str, Any] = {"type": "document", "title": "-"}
        for key in ("type", "title"):
            if key not in item:
                self.complain(f"The key “{key}” is missing.", f'Write "{key}".')
        for key, value in item.items():
            if key not in _KNOWN:
                self.complain(f"The key “{key}” is not one of CSL's.", "Check its spelling.", key)
                continue
            if _holds_control(value):
                self.complain(f"“{key}” holds a control character.", "Delete it.", key)
                continue
            try:
                clean_csl({**sound, key: value})
            except ValueError as error:
                self.complain(str(error), _REMEDY, key)
            else:
                sound[key] = value
        return canonical_csl(sound)


def _holds_control(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_holds_control(part) for part in value.values())
    if isinstance(value, list):
        return any(_holds_control(part) for part in value)
    return isinstance(value, str) and forbidden_character(value) is not None
