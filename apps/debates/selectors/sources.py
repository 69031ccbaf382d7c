"""What an argument may rest on: works, paragraphs and published sections of a course."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.text import Truncator

from apps.content import search
from apps.content.models import Course, Lesson, Reference, SearchEntry, SourceParagraph
from apps.content.search.text import words
from apps.debates.enums import EvidenceKind

_EACH = 5
_LABEL = 110  # characters


@dataclass(frozen=True, slots=True)
class SourceFound:
    """kind: of EvidenceKind; with `value`, what a piece of evidence names it by."""

    kind: str
    value: str
    label: str

    @property
    def kind_label(self) -> str:
        return str(EvidenceKind(self.kind).label)


def sections_offered(course_id: int) -> list[tuple[str, str]]:
    """("unit/lesson#anchor", "lesson: heading") of each published section, in order.

    Queries: 2.
    """
    lessons = Lesson.objects.published().filter(unit__course=course_id)
    in_order = lessons.order_by("unit__position", "position", "pk")
    places = {
        f"{unit}/{slug}": place
        for place, (unit, slug) in enumerate(in_order.values_list("unit__slug", "slug"))
    }
    entries = SearchEntry.objects.filter(course=course_id, kind="lesson", key__contains="#")
    rows = sorted(
        entries.values_list("key", "title", "context", "pk"),
        key=lambda row: (places.get(row[0].partition("#")[0], len(places)), row[3]),
    )
    return [(key, _cut(f"{lesson}: {heading}")) for key, heading, lesson, _pk in rows]


def sources_found(course: Course, query: str) -> list[SourceFound]:
    """Works, then paragraphs, then sections that a query finds while it is typed.

    Works by their words or the beginning of their key, paragraphs by number, heading and gist.
    Queries: 8 at most, none for a query without a word.
    """
    asked = [word for _start, _end, word in words(query)]
    if not asked:
        return []
    return [*_works(course, query), *_paragraphs(course, asked), *_sections(course, query)]


def _works(course: Course, query: str) -> list[SourceFound]:
    named = Reference.objects.filter(course=course, key__istartswith=query.strip().lstrip("@"))
    found = {row.key: row for row in named.order_by("key")[:_EACH]}
    hits = search.search(course=course, query=query, kinds=("reference",), page_size=_EACH).hits
    others = Reference.objects.filter(course=course, key__in=[hit.key for hit in hits])
    by_key = {row.key: row for row in others}
    found |= {hit.key: by_key[hit.key] for hit in hits if hit.key in by_key}
    return [
        SourceFound(EvidenceKind.REFERENCE, key, _cut(f"{row}: {row.title}"))
        for key, row in list(found.items())[:_EACH]
    ]


def _paragraphs(course: Course, asked: list[str]) -> list[SourceFound]:
    """Those in which every word asked for begins a word."""
    rows = SourceParagraph.objects.filter(article__course=course).order_by("number")
    found = []
    for number, heading, gist in rows.values_list("number", "heading", "gist"):
        held = [word for _start, _end, word in words(f"{number} {heading} {gist}")]
        if all(any(word.startswith(each) for word in held) for each in asked):
            found.append(SourceFound(EvidenceKind.PARAGRAPH, number, _cut(f"{number}: {gist}")))
    return found[:_EACH]


def _sections(course: Course, query: str) -> list[SourceFound]:
    hits = search.search(course=course, query=query, kinds=("lesson",), page_size=2 * _EACH).hits
    return [
        SourceFound(EvidenceKind.SECTION, hit.key, _cut(f"{hit.context}: {hit.title}"))
        for hit in hits
        if "#" in hit.key
    ][:_EACH]


def _cut(label: str) -> str:
    return Truncator(label).chars(_LABEL)
