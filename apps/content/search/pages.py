"""Reading the index: one page of hits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import ModuleType

from django.db import connection
from django.utils.safestring import SafeString, mark_safe

from apps.content.models import Course, SearchEntry
from apps.content.search import postgres, sqlite
from apps.content.search.text import Query, Stem, mark, parse_query, snippet, stemmer

KINDS = ("lesson", "term", "reference", "event", "actor", "place")


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One finding. The reader makes its address of `kind` and `key`.

    key: "unit/lesson#anchor" for a section, "unit/lesson" for a lesson as a whole, else the
    citation key or the slug. `title_html` and `snippet_html` are escaped and hold <mark> only.
    """

    kind: str
    key: str
    title: str
    title_html: SafeString
    context: str
    snippet_html: SafeString


@dataclass(frozen=True, slots=True)
class SearchPage:
    """`count` is of the kinds asked for; `counts` tells it for each kind that has any.

    has_all_words: False when nothing held every part of the query, and the hits hold some of them.
    """

    hits: tuple[SearchHit, ...] = ()
    count: int = 0
    page: int = 1
    page_count: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    has_all_words: bool = True


def search(
    *, course: Course, query: str, kinds: Sequence[str] = (), page: int = 1, page_size: int = 20
) -> SearchPage:
    """The published texts of a course that answer a query, best first; no input is an error.

    query: words that must all be there, in any inflection; "a phrase" as written; the last word
        also matches words that it begins. Where no text has them all, texts with some are found.
    kinds: of KINDS; empty means all.  page: from 1; one past the last gives the last.
    Queries: 2, or 3 where no text has all the words, or none for a query without a word.
    """
    stem = stemmer(course.language)
    asked = parse_query(query, stem)
    wanted = [kind for kind in KINDS if kind in kinds or not kinds]
    if not asked.parts or not wanted:
        return SearchPage()
    index = backend()
    counts, any_part = index.counts(course, asked, any_part=False), False
    if not counts and len(asked.parts) > 1:
        counts, any_part = index.counts(course, asked, any_part=True), True
    count = sum(counts.get(kind, 0) for kind in wanted)
    if not count:
        return SearchPage(counts=counts, has_all_words=not any_part)
    page_count = -(-count // page_size)
    page = min(max(page, 1), page_count)
    found = index.entries(
        course,
        asked,
        wanted,
        any_part=any_part,
        limit=page_size,
        offset=(page - 1) * page_size,
    )
    hits = tuple(_hit(entry, asked, stem) for entry in found)
    return SearchPage(hits, count, page, page_count, counts, has_all_words=not any_part)


def backend() -> ModuleType:
    """The module that speaks to this database's full-text engine."""
    return postgres if connection.vendor == "postgresql" else sqlite


def _hit(entry: SearchEntry, query: Query, stem: Stem) -> SearchHit:
    return SearchHit(
        kind=entry.kind,
        key=entry.key,
        title=entry.title,
        title_html=mark_safe(mark(entry.title, query, stem)),
        context=entry.context,
        snippet_html=mark_safe(snippet(entry.body, query, stem)),
    )
