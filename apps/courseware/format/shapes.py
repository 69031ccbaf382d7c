"""How the value of one key is read from YAML, checked, and written. Pure.

Each shape reads a node into a plain value and reports what is wrong with it; a value that
cannot be read becomes the shape's `fallback`, so that one fault does not hide the others.
A dataclass whose fields are made with `column` is a record: its fields are the keys, in order.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any, ClassVar, Protocol, TypeVar

import yaml

from apps.courseware.format import yamltext
from apps.courseware.format.faults import Fault, Where
from apps.courseware.format.plaintext import clean, forbidden_character, writable

Record = TypeVar("Record")

ANCHOR = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)  # anchors and citation keys
SLUG = re.compile(r"[-a-zA-Z0-9_]+", re.ASCII)  # an address, as the database takes it
PARAGRAPH = re.compile(r"P[0-9]{2,3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Spot:
    """The key that is being read, and where to complain about its value."""

    file: str
    key: str
    faults: list[Fault]

    def complain(self, node: yamltext.Node, what: str, remedy: str) -> None:
        self.faults.append(Fault(self.file, node.line, f"{self.key}: {what}.", remedy))


class Shape(Protocol):
    @property
    def fallback(self) -> Any: ...

    def read(self, node: yamltext.Node, spot: Spot) -> Any: ...

    def write(self, value: Any) -> yaml.Node: ...


def text_of(node: yamltext.Node, spot: Spot) -> str | None:
    """The clean text of a string, or None with a complaint."""
    if not isinstance(node, yamltext.Scalar):
        spot.complain(node, "is not a text", "Write one text here.")
        return None
    if node.tag != yamltext.STR:
        what = "empty" if node.tag == yamltext.NULL else f"not a text to YAML: {node.text}"
        spot.complain(node, f"is {what}", f'Write it in quotes: "{node.text}".')
        return None
    text = clean(node.text)
    if found := forbidden_character(text):
        spot.complain(node, f"holds the control character {found[1]}", "Delete it.")
        return None
    return text


@dataclass(frozen=True, slots=True)
class Text:
    """Text of any length and any number of lines."""

    is_blank_allowed: bool = False
    fallback: ClassVar[str] = ""

    def read(self, node: yamltext.Node, spot: Spot) -> str:
        text = text_of(node, spot)
        if text is not None and not text.strip() and not self.is_blank_allowed:
            spot.complain(node, "is empty", "Write it.")
        return text or ""

    def write(self, value: str) -> yaml.Node:
        return yamltext.scalar(writable(value))


@dataclass(frozen=True, slots=True)
class Line:
    """Text in one line, at most `limit` characters; of a fixed form where `pattern` is given."""

    limit: int
    is_blank_allowed: bool = False
    pattern: re.Pattern[str] | None = None
    example: str = ""
    fallback: ClassVar[str] = ""

    def read(self, node: yamltext.Node, spot: Spot) -> str:
        text = text_of(node, spot)
        if text is None:
            return ""
        if not text.strip():
            if not self.is_blank_allowed:
                spot.complain(node, "is empty", "Write it.")
        elif "\n" in text:
            spot.complain(node, "has several lines", "Write it in one line.")
        elif len(text) > self.limit:
            spot.complain(node, f"is longer than {self.limit} characters", "Make it shorter.")
        elif self.pattern and not self.pattern.fullmatch(text):
            spot.complain(node, f"“{text}” has the wrong form", f"Write it like {self.example}.")
        return text

    def write(self, value: str) -> yaml.Node:
        return yamltext.scalar(writable(value))


@dataclass(frozen=True, slots=True)
class Date:
    """A date as its author wrote it. Read with or without quotes, written with them."""

    fallback: ClassVar[str] = ""

    def read(self, node: yamltext.Node, spot: Spot) -> str:
        text = clean(node.text) if isinstance(node, yamltext.Scalar) else ""
        if not text.strip() or forbidden_character(text):
            spot.complain(node, "is not a date", 'Write it like "2017-06-09".')
        return text

    def write(self, value: str) -> yaml.Node:
        return yamltext.scalar(writable(value), is_quoted=True)


@dataclass(frozen=True, slots=True)
class Maybe:
    """`shape`, or null."""

    shape: Shape
    fallback: ClassVar[None] = None

    def read(self, node: yamltext.Node, spot: Spot) -> Any:
        if isinstance(node, yamltext.Scalar) and node.tag == yamltext.NULL:
            return None
        return self.shape.read(node, spot)

    def write(self, value: Any) -> yaml.Node:
        if value is None:
            return yamltext.scalar("null", yamltext.NULL)
        return self.shape.write(value)


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from `minimum`, 1 or 0, to 32767."""

    minimum: int = 1
    fallback: ClassVar[int] = 0

    def read(self, node: yamltext.Node, spot: Spot) -> int:
        text = node.text if isinstance(node, yamltext.Scalar) else ""
        if re.fullmatch(r"0|[1-9][0-9]{0,4}", text) and self.minimum <= int(text) <= 32767:
            return int(text)
        spot.complain(node, "is not a whole number", "Write a number such as 2025.")
        return 0

    def write(self, value: int) -> yaml.Node:
        return yamltext.scalar(str(value), yamltext.INT)


@dataclass(frozen=True, slots=True)
class Number:
    """A decimal from 0 to `maximum`, with at most two decimals, in quotes."""

    maximum: Decimal
    fallback: ClassVar[Decimal] = Decimal(0)

    def read(self, node: yamltext.Node, spot: Spot) -> Decimal:
        text = text_of(node, spot)
        if text is None:
            return self.fallback
        if re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,2})?", text, re.ASCII):
            number = Decimal(text)
            if number <= self.maximum:
                return number
        spot.complain(
            node,
            f"is not a number from 0 to {self.maximum} with at most two decimals",
            'Write it like "0.25".',
        )
        return self.fallback

    def write(self, value: Decimal) -> yaml.Node:
        return yamltext.scalar(f"{value.normalize():f}")


@dataclass(frozen=True, slots=True)
class Flag:
    fallback: ClassVar[bool] = False

    def read(self, node: yamltext.Node, spot: Spot) -> bool:
        text = node.text if isinstance(node, yamltext.Scalar) else ""
        if text not in {"true", "false"}:
            spot.complain(node, "is neither true nor false", "Write true or false.")
        return text == "true"

    def write(self, value: bool) -> yaml.Node:  # noqa: FBT001
        return yamltext.scalar("true" if value else "false", yamltext.BOOL)


@dataclass(frozen=True, slots=True)
class Degrees:
    """Degrees of latitude or longitude with at most two decimals, from -bound to +bound."""

    bound: int
    fallback: ClassVar[Decimal] = Decimal("0.00")

    def read(self, node: yamltext.Node, spot: Spot) -> Decimal:
        text = node.text if isinstance(node, yamltext.Scalar) else ""
        if re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{1,2})?", text) and abs(Decimal(text)) <= self.bound:
            return Decimal(text).quantize(self.fallback)
        spot.complain(
            node,
            f"is not a number from -{self.bound} to {self.bound} with at most two decimals",
            "Write it like 24.86.",
        )
        return self.fallback

    def write(self, value: Decimal) -> yaml.Node:
        return yamltext.scalar(f"{value:.2f}", yamltext.FLOAT)


@dataclass(frozen=True, slots=True)
class Many:
    """A list of one shape; in one line for keys and names, else one item a line.

    order: for lists whose order says nothing; items stand once and are sorted by it.
    """

    shape: Shape
    in_one_line: bool = False
    order: Callable[[str], Any] | None = None
    fallback: ClassVar[tuple[()]] = ()

    def read(self, node: yamltext.Node, spot: Spot) -> tuple[Any, ...]:
        if not isinstance(node, yamltext.Sequence):
            spot.complain(node, "is not a list", "Write a list; [] when there is nothing.")
            return ()
        values = [self.shape.read(item, spot) for item in node.items]
        if not self.order:
            return tuple(values)
        for item, value in zip(node.items, values, strict=True):
            if values.count(value) > 1:
                spot.complain(item, f"“{value}” stands here more than once", "Name it once.")
        return tuple(sorted(set(values), key=self.order))

    def write(self, value: tuple[Any, ...]) -> yaml.Node:
        value = tuple(sorted(set(value), key=self.order)) if self.order else value
        items = [self.shape.write(item) for item in value]
        return yamltext.sequence(items, in_one_line=self.in_one_line)


def column(
    shape: Shape, *, default: Any = dataclasses.MISSING, is_omitted_by_default: bool = False
) -> Any:
    """A dataclass field that is a key of the file; without a default, the key is required.

    is_omitted_by_default: the key is written only when its value is not the default.
    """
    metadata = {"shape": shape, "omit": is_omitted_by_default}
    return field(default=default, metadata=metadata)


def columns(record: Any) -> list[dataclasses.Field[Any]]:
    """The fields of a record (or of its class) that are keys of its file, in order."""
    return [item for item in dataclasses.fields(record) if "shape" in item.metadata]


def read_record(
    cls: type[Record],
    node: yamltext.Node,
    file: str,
    faults: list[Fault],
    **more: Any,
) -> Record | None:
    """Read a mapping into `cls`; None, with a fault, only when it is not a mapping at all.

    more: fields of `cls` that are not keys of the file.
    """
    known = {item.name: item for item in columns(cls)}
    if not isinstance(node, yamltext.Mapping):
        faults.append(
            Fault(file, node.line, "This is not a mapping.", f"Write {', '.join(known)} as keys.")
        )
        return None
    values: dict[str, Any] = {}
    lines: dict[tuple[str, ...], int] = {}
    for key, value in node.pairs:
        if key.text not in known:
            faults.append(
                Fault(
                    file,
                    key.line,
                    f"The key “{key.text}” is unknown.",
                    f"Known keys: {', '.join(known)}.",
                )
            )
            continue

        lines[(key.text,)] = key.line
        lines |= _lines(value, (key.text,))
        shape: Shape = known[key.text].metadata["shape"]
        values[key.text] = shape.read(value, Spot(file, key.text, faults))
    for name, item in known.items():
        if name in values:
            continue
        if item.default is dataclasses.MISSING:
            faults.append(
                Fault(file, node.line, f"The key “{name}” is missing.", f"Write `{name}:`.")
            )
            values[name] = item.metadata["shape"].fallback
        else:
            values[name] = item.default
    where = Where(file, node.line, MappingProxyType(lines))
    return cls(**values, **more, where=where)  # type: ignore[call-arg]


def _lines(node: yamltext.Node, path: tuple[str, ...]) -> dict[tuple[str, ...], int]:
    """The line of everything below a key; what stands in a list by its place, and by its id."""
    lines: dict[tuple[str, ...], int] = {}
    if isinstance(node, yamltext.Mapping):
        for key, value in node.pairs:
            lines[(*path, key.text)] = key.line
            lines |= _lines(value, (*path, key.text))
    elif isinstance(node, yamltext.Sequence):
        for place, item in enumerate(node.items):
            for name in {str(place), _name(item)} - {""}:
                lines[(*path, name)] = item.line
                lines |= _lines(item, (*path, name))
    return lines


def _name(node: yamltext.Node) -> str:
    """The text of an item, or the id of a mapping."""
    if isinstance(node, yamltext.Scalar):
        return node.text
    pairs = node.pairs if isinstance(node, yamltext.Mapping) else ()
    names = (value for key, value in pairs if key.text == "id")
    return next((value.text for value in names if isinstance(value, yamltext.Scalar)), "")


def read_records(
    cls: type[Record], node: yamltext.Node, file: str, faults: list[Fault], **more: Any
) -> tuple[Record, ...]:
    """Read a list of mappings; `more` as in read_record."""
    if not isinstance(node, yamltext.Sequence):
        faults.append(Fault(file, node.line, "This is not a list.", "Begin each item with “- ”."))
        return ()
    records = (read_record(cls, item, file, faults, **more) for item in node.items)
    return tuple(record for record in records if record is not None)


def write_record(record: Any) -> yaml.MappingNode:
    """The mapping of a record, its keys in order."""
    return yamltext.mapping(
        [
            (item.name, item.metadata["shape"].write(getattr(record, item.name)))
            for item in columns(record)
            if not (item.metadata["omit"] and getattr(record, item.name) == item.default)
        ]
    )


@dataclass(frozen=True, slots=True)
class Nested:
    """A record inside a record, or a list of them."""

    cls: type[Any]
    is_list: bool = False

    @property
    def fallback(self) -> Any:
        return () if self.is_list else read_record(self.cls, yamltext.Mapping((), 0), "", [])

    def read(self, node: yamltext.Node, spot: Spot) -> Any:
        if not self.is_list:
            return read_record(self.cls, node, spot.file, spot.faults) or self.fallback
        return read_records(self.cls, node, spot.file, spot.faults)

    def write(self, value: Any) -> yaml.Node:
        if self.is_list:
            return yamltext.sequence([write_record(record) for record in value])
        return write_record(value)
