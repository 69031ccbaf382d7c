"""The bundled course: loaded once by each process of a test run, then put back row by row.

A load takes ten seconds of processor time; its rows, copied, a quarter of one.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model

from apps.content.models import Course
from apps.courseware import services
from tests.factories import NOW

BUNDLED = settings.COURSES_DIR / "pakistan-russia-sco"

# {table: what is in it}: on SQLite (columns, rows), on PostgreSQL what COPY says.
_kept: dict[str, tuple[list[str], list[tuple[Any, ...]]] | bytes] = {}


def bundled_load() -> Course:
    """The bundled course on a site that has no other course, loaded as of NOW."""
    if not _kept:
        before = {table: _count(table) for table in _tables()}
        services.course_load(BUNDLED, now=NOW)
        filled = [table for table in before if _count(table) != before[table]]
        assert not any(before[table] for table in filled), "ask for the bundled course first"
        _kept.update((table, _rows(table)) for table in filled)
    else:
        with transaction.atomic():
            for table, rows in _kept.items():
                _insert(table, rows)
            with connection.cursor() as cursor:
                for statement in connection.ops.sequence_reset_sql(no_style(), _models()):
                    cursor.execute(statement)
    return Course.objects.get(slug=BUNDLED.name)


def _models() -> list[type[Model]]:
    return [*apps.get_models(include_auto_created=True)]


def _tables() -> Iterator[str]:
    for model in _models():
        if model._meta.managed and not model._meta.proxy:
            yield model._meta.db_table
    if connection.vendor == "sqlite":
        yield "content_search_fts"


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT COUNT(*) FROM "{table}"')
        return int(cursor.fetchone()[0])


def _rows(table: str) -> tuple[list[str], list[tuple[Any, ...]]] | bytes:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
                return b"".join(bytes(part) for part in copy)
        cursor.execute(f'SELECT * FROM "{table}" LIMIT 0')
        columns = [row[0] for row in cursor.description]
        columns += ["rowid"] if table.endswith("_fts") else []
        # The sign keeps Django's converters away: what is stored comes out as it is.
        stored = ", ".join(f'+"{column}"' for column in columns)
        cursor.execute(f'SELECT {stored} FROM "{table}"')
        return columns, cursor.fetchall()


def _insert(table: str, rows: tuple[list[str], list[tuple[Any, ...]]] | bytes) -> None:
    with connection.cursor() as cursor:
        if isinstance(rows, bytes):
            with cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
                copy.write(rows)
            return
        columns, values = rows
        names = ", ".join(f'"{column}"' for column in columns)
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', values)
