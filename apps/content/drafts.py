"""A lesson as its author writes it: plain values, without a row behind them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class SectionDraft:
    """`paragraphs` are numbers such as "P06". `public_id` is None for a new section."""

    anchor: str
    heading: str
    body: str
    paragraphs: tuple[str, ...] = ()
    public_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ReadingDraft:
    key: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class LessonDraft:
    title: str
    slug: str
    objectives: tuple[str, ...] = ()
    summary: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    sections: tuple[SectionDraft, ...] = ()
    further_reading: tuple[ReadingDraft, ...] = ()
