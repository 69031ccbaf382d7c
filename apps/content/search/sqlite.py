"""The index on SQLite: an FTS5 table whose rows bear the ids of SearchEntry.

A row whose entry went with its whole course is never seen, because reading joins the two and
SQLite gives no id of this table twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection

from apps.content.models import Course, SearchEntry
from apps.content.search.text import WRITTEN, Phrase, Query, Stem, terms

_FOUND = """
    FROM content_search_fts f JOIN content_searchentry e ON e.id = f.rowid
    WHERE content_search_fts MATCH %s AND e.course_id = %s
"""


def write(entries: Iterable[SearchEntry], stem: Stem) -> None:
    """Index entries that are in the table.  Queries: 1 (an execution for each row)."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT OR REPLACE INTO content_search_fts (rowid, title, context, body)"
            " VALUES (%s, %s, %s, %s)",
            [
                (
                    entry.pk,
                    *(
                        " ".join(terms(text, stem))
                        for text in (entry.title, entry.context, entry.body)
                    ),
                )
                for entry in entries
            ],
        )


def delete(ids: Iterable[int]) -> None:
    """Take entries out of the index.  Queries: 1 (an execution for each row)."""
    with connection.cursor() as cursor:
        cursor.executemany("DELETE FROM content_search_fts WHERE rowid = %s", [(pk,) for pk in ids])


def counts(course: Course, query: Query, *, any_part: bool) -> dict[str, int]:
    """How many entries of each kind match.  Queries: 1."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT e.kind, count(*) {_FOUND} GROUP BY e.kind",
            [_match(query, any_part=any_part), course.pk],
        )
        return dict(cursor.fetchall())


def entries(
    course: Course, query: Query, kinds: Sequence[str], *, any_part: bool, limit: int, offset: int
) -> list[SearchEntry]:
    """One page of matches, best first.  Queries: 1."""
    marks = ", ".join(["%s"] * len(kinds))
    return list(
        SearchEntry.objects.raw(
            f"SELECT e.* {_FOUND} AND e.kind IN ({marks})"
            " ORDER BY bm25(content_search_fts, 12, 4, 1), e.kind, e.key LIMIT %s OFFSET %s",
            [_match(query, any_part=any_part), course.pk, *kinds, limit, offset],
        )
    )


def _match(query: Query, *, any_part: bool) -> str:
    """The query in FTS5's own language; a word holds letters and digits only."""
    parts = []
    for part in query.parts:
        if isinstance(part, Phrase):
            parts.append('"' + " ".join(WRITTEN + word for word in part.written) + '"')
        else:
            star = " *" if part.is_open else ""
            parts.append(f'("{part.stem}" OR "{WRITTEN}{part.written}"{star})')
    return (" OR " if any_part else " AND ").join(parts)
