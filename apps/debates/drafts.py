"""A debate as its author gives it, whole.  Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class SourceDraft:
    """A work by its key, why it is worth reading, and where in it."""

    key: str
    note: str = ""
    locator: str = ""


@dataclass(frozen=True, slots=True)
class SideDraft:
    """leaning: 1 for the motion, -1 against it, 0 neither.  actor: a slug, or ""."""

    key: str
    label: str
    leaning: int
    actor: str = ""
    opening: str = ""
    sources: tuple[SourceDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class DebateDraft:
    """rules: by names of Rules' fields; what is not named keeps its default."""

    slug: str
    motion: str
    background: str
    position: int
    rules: dict[str, Any] = field(default_factory=dict)
    sides: tuple[SideDraft, ...] = ()
