"""The index on PostgreSQL: a tsvector column of SearchEntry's table, under a GIN index.

The model does not know the column; only this module writes and reads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection

from apps.content.models import Course, SearchEntry
from apps.content.search.text import WRITTEN, Phrase, Query, Stem, terms

_FOUND = "FROM content_searchentry WHERE terms @@ %s::tsquery AND course_id = %s"
_FIELD_GAP = 20  # positions between two fields, so that no phrase spans them
_MAX_POSITIONS = 255  # of one lexeme; PostgreSQL keeps no more


def write(entries: Iterable[SearchEntry], stem: Stem) -> None:
    """Index entries that are in the table.  Queries: 1."""
    rows = [(entry.pk, _vector(entry, stem)) for entry in entries]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE content_searchentry e SET terms = new.terms::tsvector"
            " FROM unnest(%s::bigint[], %s::text[]) AS new (id, terms) WHERE e.id = new.id",
            [[pk for pk, _vector in rows], [vector for _pk, vector in rows]],
        )


def delete(ids: Iterable[int]) -> None:
    """Nothing to do: the index is a column of the entries, and goes with them."""


def counts(course: Course, query: Query, *, any_part: bool) -> dict[str, int]:
    """How many entries of each kind match.  Queries: 1."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT kind, count(*) {_FOUND} GROUP BY kind",
            [_tsquery(query, any_part=any_part), course.pk],
        )
        return dict(cursor.fetchall())


def entries(
    course: Course, query: Query, kinds: Sequence[str], *, any_part: bool, limit: int, offset: int
) -> list[SearchEntry]:
    """One page of matches, best first.  Queries: 1."""
    match = _tsquery(query, any_part=any_part)
    return list(
        SearchEntry.objects.raw(
            "SELECT id, course_id, kind, key, title, context, body"
            f" {_FOUND} AND kind = ANY(%s)"
            " ORDER BY ts_rank('{0, 0.08, 0.33, 1}', terms, %s::tsquery, 1) DESC, kind, key"
            " LIMIT %s OFFSET %s",
            [match, course.pk, list(kinds), match, limit, offset],
        )
    )


def _vector(entry: SearchEntry, stem: Stem) -> str:
    """The entry as a tsvector's text: 'lexeme':1A,7C …"""
    positions: dict[str, list[str]] = {}
    at = 0
    for weight, text in (("A", entry.title), ("B", entry.context), ("C", entry.body)):
        for term in terms(text, stem):
            at += 1
            positions.setdefault(term, []).append(f"{at}{weight}")
        at += _FIELD_GAP
    return " ".join(
        f"'{term}':{','.join(places[:_MAX_POSITIONS])}" for term, places in positions.items()
    )


def _tsquery(query: Query, *, any_part: bool) -> str:
    """The query in PostgreSQL's own language; a word holds letters and digits only."""
    parts = []
    for part in query.parts:
        if isinstance(part, Phrase):
            parts.append("(" + " <-> ".join(f"'{WRITTEN}{word}'" for word in part.written) + ")")
        else:
            star = ":*" if part.is_open else ""
            parts.append(f"('{part.stem}' | '{WRITTEN}{part.written}'{star})")
    return (" | " if any_part else " & ").join(parts)
