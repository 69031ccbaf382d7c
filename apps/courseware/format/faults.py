"""What is wrong with a file, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Level = Literal["error", "unfinished", "advice"]


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing to mend.

    file: relative to the course's folder, with forward slashes.
    line: counted from 1; 0 when the fault is the whole file's.
    level: "error" stops course_load; "unfinished" (untidy form, a paragraph that nothing teaches
        yet) fails course_check only; "advice" fails neither.
    """

    file: str
    line: int
    message: str
    remedy: str
    level: Level = "error"

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.message} {self.remedy}".rstrip()


class FormatError(ValueError):
    """A record cannot be written in the format; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Where:
    """Where a record was read: its file, its first line, and the line of each key and item.

    lines: {(key,): line} and, for what is below a key, {(key, ...): line}. An item of a list has
        its place for a name, "0", and its text or its `id`.
    """

    file: str = ""
    line: int = 0
    lines: Mapping[tuple[str, ...], int] = field(default_factory=lambda: MappingProxyType({}))

    def fault(self, message: str, remedy: str, *path: str, level: Level = "error") -> Fault:
        """A fault at what `path` names, else at what holds it, else at the record's first line."""
        above = (self.lines.get(path[:length]) for length in range(len(path), 0, -1))
        line = next((line for line in above if line), self.line)
        return Fault(self.file, line, message, remedy, level)


NOWHERE = Where()
