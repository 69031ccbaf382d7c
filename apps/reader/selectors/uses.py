"""Where published lessons teach a paragraph, cite a work or use a term: editions, not drafts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from apps.content.models import Lesson
from apps.reader.selectors.courses import CourseFrame

_CITED = re.compile(r'data-ref="([a-z0-9-]+)"')
_TERM = re.compile(r'href="#term-([a-z0-9-]+)"')


@dataclass(frozen=True, slots=True)
class SectionLink:
    """A section of a published lesson; `anchor` is "" for the lesson as a whole."""

    unit_slug: str
    lesson_slug: str
    lesson_title: str
    anchor: str
    heading: str


@dataclass(frozen=True, slots=True)
class Uses:
    """Sections in reading order, by paragraph number, citation key and term slug."""

    paragraphs: dict[str, list[SectionLink]] = field(default_factory=dict)
    references: dict[str, list[SectionLink]] = field(default_factory=dict)
    recommended: dict[str, list[SectionLink]] = field(default_factory=dict)
    terms: dict[str, list[SectionLink]] = field(default_factory=dict)


def course_uses(frame: CourseFrame) -> Uses:
    """What the published editions of a course use.

    Queries: 1 for each version of the course in each process, else none.
    """
    return _uses(frame.pk, frame.version)


@lru_cache(maxsize=4)
def _uses(course_pk: int, _version: str) -> Uses:
    uses = Uses()
    rows = (
        Lesson.objects.published()
        .filter(unit__course=course_pk)
        .order_by("unit__position", "unit__pk", "position", "pk")
        .values_list(
            "unit__slug",
            "slug",
            "published_edition__title",
            "published_edition__document__sections",
            "published_edition__document__further_reading",
        )
    )
    for unit, slug, title, sections, readings in rows.iterator(chunk_size=50):
        for section in sections:
            link = SectionLink(unit, slug, title, section["id"], section["heading"])
            _add(uses.paragraphs, section["sources"], link)
            _add(uses.references, _CITED.findall(section["html"]), link)
            _add(uses.terms, _TERM.findall(section["html"]), link)
        whole = SectionLink(unit, slug, title, "", "")
        _add(uses.recommended, [reading["key"] for reading in readings], whole)
    return uses


def _add(index: dict[str, list[SectionLink]], keys: Iterable[str], link: SectionLink) -> None:
    for key in dict.fromkeys(keys):
        index.setdefault(key, []).append(link)
