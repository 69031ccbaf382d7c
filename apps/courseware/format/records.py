"""What a course's files say: one frozen dataclass a noun, its fields in the order of the keys.

Lengths are those of the database's columns; a test holds the two together. Pure.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from apps.courseware.format.faults import NOWHERE, Where
from apps.courseware.format.shapes import (
    ANCHOR,
    PARAGRAPH,
    SLUG,
    Date,
    Degrees,
    Flag,
    Line,
    Many,
    Maybe,
    Nested,
    Number,
    Text,
    Whole,
    column,
)
from apps.courseware.format.specs import Spec

_slug = Line(80, pattern=SLUG, example="energy-and-pakstream")
_number = Line(4, pattern=PARAGRAPH, example="P06")
_sources = Many(_number, in_one_line=True, order=lambda number: (len(number), number))
_names = Many(Line(200), in_one_line=True)
_lines = Many(Line(2000))
_name = Line(120, pattern=ANCHOR, example="invitation-why-a-distance")
_aims = Many(Line(40, pattern=ANCHOR, example="first-contact"), in_one_line=True)
_tags = Many(Line(60, pattern=ANCHOR, example="cold-war"), in_one_line=True, order=str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    name: str = column(Line(80))
    url: str = column(Line(200, is_blank_allowed=True))
    notice: str = column(Text(is_blank_allowed=True))
    where: Where = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    title: str = column(Line(400))
    authors: tuple[str, ...] = column(_names)
    journal: str = column(Line(200, is_blank_allowed=True))
    year: int = column(Whole())
    volume: str = column(Line(20, is_blank_allowed=True))
    issue: str = column(Line(20, is_blank_allowed=True))
    pages: str = column(Line(40, is_blank_allowed=True))
    doi: str = column(Line(120, is_blank_allowed=True))
    published: str | None = column(Maybe(Date()), default=None)
    licence: str = column(Line(80, is_blank_allowed=True))
    where: Where = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    slug: str = column(_slug)
    title: str = column(Line(200))
    summary: str = column(Text(is_blank_allowed=True))
    where: Where = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    slug: str = column(_slug)
    title: str = column(Line(200))
    summary: str = column(Text(is_blank_allowed=True))
    language: str = column(Line(12))
    licence: Licence = column(Nested(Licence))  # noqa: RUF009 - a field
    article: Article = column(Nested(Article))  # noqa: RUF009 - a field
    units: tuple[Unit, ...] = column(Nested(Unit, is_list=True))
    where: Where = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One CSL-JSON item; `csl` is the item without `id` and `custom`."""

    key: str
    csl: dict[str, Any]
    kind: str
    listed: bool
    note: str
    status: str
    where: Where = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    number: str = column(_number)
    heading: str = column(Line(200, is_blank_allowed=True))
    page: int | None = column(Maybe(Whole()), default=None)
    gist: str = column(Text())
    cites: tuple[str, ...] = column(Many(Line(60), in_one_line=True, order=str), default=())
    note: str = column(Text(is_blank_allowed=True), default="")
    where: Where = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    slug: str = column(_slug)
    term: str = column(Line(120))
    aliases: tuple[str, ...] = column(_names, default=())
    definition: str = column(Text())
    sources: tuple[str, ...] = column(_sources, default=())
    where: Where = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    slug: str = column(_slug)
    name: str = column(Line(120))
    kind: str = column(Line(20))
    aliases: tuple[str, ...] = column(_names, default=())
    description: str = column(Text())
    sources: tuple[str, ...] = column(_sources, default=())
    iso: str | None = column(Maybe(Line(2)), default=None)
    sco: str | None = column(Maybe(Line(12)), default=None)
    sco_since: str | None = column(Maybe(Date()), default=None)
    where: Where = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEvent:
    slug: str = column(_slug)
    date: str = column(Date())
    title: str = column(Line(200))
    description: str = column(Text(is_blank_allowed=True))
    actors: tuple[str, ...] = column(Many(Line(80), in_one_line=True, order=str), default=())
    sources: tuple[str, ...] = column(_sources, default=())
    external: bool = column(Flag(), default=False)
    where: Where = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    slug: str = column(_slug)
    name: str = column(Line(120))
    latitude: Decimal = column(Degrees(90))  # noqa: RUF009 - a field
    longitude: Decimal = column(Degrees(180))  # noqa: RUF009 - a field
    kind: str = column(Line(12))
    description: str = column(Text(is_blank_allowed=True))
    sources: tuple[str, ...] = column(_sources, default=())
    where: Where = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A picture's words; its bytes, None when the file is missing, stand in figures/<file>."""

    file: str = column(Line(120))
    alt: str = column(Text())
    credit: str = column(Line(300, is_blank_allowed=True))
    content: bytes | None = field(default=None, repr=False)
    where: Where = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherReading:
    key: str = column(Line(60))
    note: str = column(Text(is_blank_allowed=True), default="")
    where: Where = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    anchor: str
    heading: str
    sources: tuple[str, ...]
    body: str
    where: Where = field(default=NOWHERE, compare=False, repr=False)  # `body` is a key of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """`position` counts from 1 in its unit. A draft is loaded and not published."""

    unit: str
    position: int
    slug: str
    title: str = column(Line(200))
    objectives: tuple[str, ...] = column(_lines, default=())
    summary: tuple[str, ...] = column(_lines, default=())
    questions: tuple[str, ...] = column(_lines, default=())
    further_reading: tuple[FurtherReading, ...] = column(
        Nested(FurtherReading, is_list=True), default=()
    )
    draft: bool = column(Flag(), default=False, is_omitted_by_default=True)
    sections: tuple[Section, ...]
    where: Where = field(default=NOWHERE, compare=False, repr=False)

    @property
    def path(self) -> str:
        """How another lesson links here: history/the-invitation-of-1949."""
        return f"{self.unit}/{self.slug}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    text: str = column(Text())
    cost: Decimal = column(Number(Decimal(1)))  # noqa: RUF009 - a field
    where: Where = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`position` counts from 1 among the questions of its lesson. `lesson` is "" for none."""

    position: int
    slug: str = column(_name)
    type: str = column(Line(20))
    lesson: str = column(Line(161), default="", is_omitted_by_default=True)
    anchor: str = column(Line(80), default="", is_omitted_by_default=True)
    objectives: tuple[str, ...] = column(_aims, default=(), is_omitted_by_default=True)
    sources: tuple[str, ...] = column(Many(_number, in_one_line=True), default=())
    tags: tuple[str, ...] = column(_tags, default=())
    difficulty: str = column(Line(8))
    bloom: str = column(Line(12))
    stem: str = column(Text())
    spec: dict[str, Any] = column(Spec())  # noqa: RUF009 - a field
    hints: tuple[Hint, ...] = column(
        Nested(Hint, is_list=True), default=(), is_omitted_by_default=True
    )
    explanation: str = column(Text(is_blank_allowed=True), default="")
    retired: bool = column(Flag(), default=False, is_omitted_by_default=True)
    where: Where = field(default=NOWHERE, compare=False, repr=False)

    @property
    def file(self) -> str:
        """Where it stands: the file of its lesson's unit."""
        return f"questions/{self.lesson.partition('/')[0] or 'other'}.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizItem:
    """A question by its slug, or a draw."""

    question: str = column(Line(120), default="", is_omitted_by_default=True)
    draw: int | None = column(Maybe(Whole()), default=None, is_omitted_by_default=True)
    tags: tuple[str, ...] = column(_tags, default=(), is_omitted_by_default=True)
    unit: str = column(Line(80), default="", is_omitted_by_default=True)
    difficulty: str = column(Line(8), default="", is_omitted_by_default=True)
    points: Decimal = column(Number(Decimal("9999.99")))  # noqa: RUF009 - a field
    where: Where = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiz:
    slug: str = column(_name)
    title: str = column(Line(200))
    kind: str = column(Line(12))
    lesson: str = column(Line(161), default="", is_omitted_by_default=True)
    unit: str = column(Line(80), default="", is_omitted_by_default=True)
    intro: str = column(Text(is_blank_allowed=True))
    layout: str = column(Line(12))
    shuffle_items: bool = column(Flag())
    practice: bool = column(Flag(), default=True, is_omitted_by_default=True)
    items: tuple[QuizItem, ...] = column(Nested(QuizItem, is_list=True))
    where: Where = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SideSource:
    key: str = column(Line(60))
    locator: str = column(Line(60), default="", is_omitted_by_default=True)
    note: str = column(Text(is_blank_allowed=True), default="")
    where: Where = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """`opening` is a model argument. `leaning`: for the motion, against it, or neither."""

    key: str = column(Line(40, pattern=ANCHOR, example="for"))
    label: str = column(Line(120))
    leaning: str = column(Line(8))
    actor: str = column(Line(80), default="", is_omitted_by_default=True)
    sources: tuple[SideSource, ...] = column(Nested(SideSource, is_list=True), default=())
    opening: str = column(Text(is_blank_allowed=True), default="")
    where: Where = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Debate:
    """The rules are those that a class is proposed; each has a default."""

    slug: str = column(_slug)
    position: int = column(Whole(0))
    motion: str = column(Line(300))
    background: str = column(Text(is_blank_allowed=True), default="")
    evidence_rule: str = column(Line(12), default="labelled", is_omitted_by_default=True)
    side_rule: str = column(Line(12), default="chosen", is_omitted_by_default=True)
    min_words: int = column(Whole(0), default=10, is_omitted_by_default=True)
    max_words: int = column(Whole(), default=300, is_omitted_by_default=True)
    arguments_owed: int = column(Whole(0), default=1, is_omitted_by_default=True)
    rebuttals_owed: int = column(Whole(0), default=2, is_omitted_by_default=True)
    peer_reviews_owed: int = column(Whole(0), default=0, is_omitted_by_default=True)
    anonymous: bool = column(Flag(), default=False, is_omitted_by_default=True)
    posts_first: bool = column(Flag(), default=False, is_omitted_by_default=True)
    shows_openings: bool = column(Flag(), default=False, is_omitted_by_default=True)
    sides: tuple[Side, ...] = column(Nested(Side, is_list=True))
    where: Where = field(default=NOWHERE, compare=False, repr=False)


def checksum(record: Any, *, without: tuple[str, ...] = ()) -> str:
    """SHA-256, hexadecimal, of what a record says, wherever it was read from.

    A key at its default does not count, so that a new optional key changes no checksum.
    without: fields that do not count.
    """
    content = {name: value for name, value in _plain(record).items() if name not in without}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {
            item.name: _plain(getattr(value, item.name))
            for item in dataclasses.fields(value)
            if item.name != "where" and getattr(value, item.name) != item.default
        }
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value
