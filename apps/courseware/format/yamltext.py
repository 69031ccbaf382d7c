"""The part of YAML that course files use: mappings, lists and scalars, with line numbers. Pure.

Anchors, aliases and tags are refused: a course has no use for them, and a few bytes of them
can grow into gigabytes. Nothing is ever constructed from a file except text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import yaml

from apps.courseware.format.faults import Fault

MAX_DEPTH: Final = 8
STR: Final = "tag:yaml.org,2002:str"
NULL: Final = "tag:yaml.org,2002:null"
INT: Final = "tag:yaml.org,2002:int"
FLOAT: Final = "tag:yaml.org,2002:float"
BOOL: Final = "tag:yaml.org,2002:bool"


@dataclass(frozen=True, slots=True)
class Scalar:
    text: str
    tag: str  # what YAML takes it for: text in quotes is STR, 1949 without them INT
    line: int


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple[Node, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Mapping:
    pairs: tuple[tuple[Scalar, Node], ...]
    line: int


Node = Scalar | Sequence | Mapping


class _Refused(Exception):
    def __init__(self, line: int, message: str, remedy: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message
        self.remedy = remedy


def parse(text: str, file: str, faults: list[Fault], *, first_line: int = 1) -> Node | None:
    """The one document in `text`, or None with a fault.  `first_line` is the file's line."""
    try:
        return _Composer(text, first_line).document()
    except _Refused as refused:
        faults.append(Fault(file, refused.line, refused.message, refused.remedy))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + first_line if mark else first_line
        problem = getattr(error, "problem", None) or "it cannot be read"
        faults.append(
            Fault(
                file,
                line,
                f"This is not YAML: {problem}.",
                "Check indentation and quotes here and in the line above.",
            )
        )
    return None


class _Composer:
    """Builds nodes straight from the parser's events, so that nothing refused is ever built."""

    def __init__(self, text: str, first_line: int) -> None:
        self._events = yaml.parse(text, Loader=yaml.SafeLoader)
        self._first_line = first_line
        self._resolver = yaml.resolver.Resolver()

    def document(self) -> Node:
        event = next(self._events)
        while isinstance(event, yaml.StreamStartEvent | yaml.DocumentStartEvent):
            event = next(self._events)
        if isinstance(event, yaml.StreamEndEvent):
            raise _Refused(
                self._first_line, "There is nothing here.", "Write [] for an empty list."
            )
        node = self._node(event, depth=0)
        next(self._events)  # the document's end
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise _Refused(
                self._line(after), "A second YAML document begins here.", "Keep one in a file."
            )
        return node

    def _line(self, event: yaml.Event) -> int:
        return (event.start_mark.line if event.start_mark else 0) + self._first_line

    def _node(self, event: yaml.Event, depth: int) -> Node:
        line = self._line(event)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Refused(line, "YAML anchors and aliases are not used.", "Write it out.")
        if tag := getattr(event, "tag", None):
            raise _Refused(line, f"The YAML tag {tag} is not used.", "Remove the tag.")
        if depth > MAX_DEPTH:
            raise _Refused(line, "This is nested too deeply.", "Follow docs/course-format.md.")
        if isinstance(event, yaml.ScalarEvent):
            resolved = self._resolver.resolve(yaml.ScalarNode, event.value, event.implicit)  # type: ignore[no-untyped-call]
            return Scalar(event.value, str(resolved), line)
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
                items.append(self._node(event, depth + 1))
            return Sequence(tuple(items), line)
        return Mapping(tuple(self._pairs(depth)), line)

    def _pairs(self, depth: int) -> list[tuple[Scalar, Node]]:
        pairs: dict[str, tuple[Scalar, Node]] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            if not isinstance(key, Scalar):
                raise _Refused(key.line, "A key must be a word.", "Write `key: value`.")
            if key.text in pairs:
                raise _Refused(
                    key.line,
                    f"The key “{key.text}” stands here twice; first in line "
                    f"{pairs[key.text][0].line}.",
                    "Keep one.",
                )
            pairs[key.text] = (key, self._node(next(self._events), depth + 1))
        return list(pairs.values())


class _Dumper(yaml.SafeDumper):
    """Plain where YAML allows it, else double quotes; block text where it is asked for."""

    def choose_scalar_style(self) -> str:
        style: str = super().choose_scalar_style()
        return '"' if style == "'" else style

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002, ARG002 - PyYAML's signature
        # Lists stand two spaces inside their key.
        super().increase_indent(flow, indentless=False)


def scalar(text: str, tag: str = STR, *, is_quoted: bool = False) -> yaml.ScalarNode:
    """A scalar; text of several lines becomes a literal block where YAML can hold it so."""
    style = '"' if is_quoted else "|" if "\n" in text else None
    return yaml.ScalarNode(tag, text, style=style)


def sequence(items: Iterable[yaml.Node], *, in_one_line: bool = False) -> yaml.SequenceNode:
    tag, nodes = "tag:yaml.org,2002:seq", list(items)
    return yaml.SequenceNode(tag, nodes, flow_style=in_one_line or not nodes)


def mapping(pairs: list[tuple[str, yaml.Node]]) -> yaml.MappingNode:
    keyed = [(scalar(key), value) for key, value in pairs]
    return yaml.MappingNode("tag:yaml.org,2002:map", keyed, flow_style=False)


def emit(node: yaml.Node) -> str:
    """The canonical text of a node, ending in one newline."""
    text: str = yaml.serialize(
        node, Dumper=_Dumper, width=float("inf"), allow_unicode=True, indent=2
    )
    return text
