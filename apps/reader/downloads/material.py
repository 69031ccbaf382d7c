"""What a volume is made of: published texts only, as selectors read them. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

_FIGURE = re.compile(r'src="(/courses/[-\w]+/figures/([0-9a-f]{16})/([-\w]+\.\w+))"')
_SOURCE = re.compile(r'href="/courses/[-\w]+/source/(P\d{2,3})/"')


@dataclass(frozen=True, slots=True)
class Lesson:
    """A published edition. html: as it was published, sanitised."""

    unit_slug: str
    unit_title: str
    slug: str
    title: str
    html: str
    checksum: str
    edition: int
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Work:
    key: str
    html: str  # the APA entry
    kind: str
    note: str
    status: str  # in words; empty when current


@dataclass(frozen=True, slots=True)
class Term:
    slug: str
    term: str
    aliases: list[str]
    html: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the article: our gist of it, never its text. cites: (key, short name)."""

    number: str
    gist: str
    note: str
    cites: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Picture:
    """address: what the editions' HTML says; name: the file's own."""

    address: str
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Article:
    authors: str
    year: int
    title: str
    journal: str  # with volume, issue and pages
    doi: str


@dataclass(frozen=True, slots=True)
class Material:
    """One lesson, or a course with its bibliography, glossary and article.

    version: changes when any of this does.  origin: of the site, for links that lead back to it.
    works, terms: empty for one lesson, whose edition brings those that it uses.
    """

    course_id: UUID
    slug: str
    title: str
    summary: str
    language: str
    direction: str
    licence_name: str
    licence_url: str
    licence_notice: str
    article: Article | None
    lessons: list[Lesson]
    works: list[Work]
    terms: list[Term]
    paragraphs: list[Paragraph]
    pictures: list[Picture]
    is_whole: bool
    origin: str
    version: str

    @property
    def published_at(self) -> datetime:
        """When the newest of its lessons was published."""
        return max(lesson.published_at for lesson in self.lessons)


def figures_of(html: str) -> set[tuple[str, str, str]]:
    """The figures that an edition shows: (address, first 16 digits of the checksum, file)."""
    return set(_FIGURE.findall(html))


def paragraphs_of(html: str) -> set[str]:
    """The numbers of the paragraphs that an edition names as its sources or links to."""
    return set(_SOURCE.findall(html))
