"""Emptying the database after a test that commits: all of it, on both databases.

Django empties the tables of models alone. The cache is none of them, and holds what limits rates:
what one test had tried would count against the next. On SQLite it empties by DELETE, which triggers
that keep rows refuse (PostgreSQL's TRUNCATE asks none); so each emptying puts the triggers aside
and makes them again, and empties the full-text index too, which is no model's table.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection


@pytest.fixture(scope="session", autouse=True)
def _emptying_leaves_nothing() -> Iterator[None]:
    operations = type(connection.ops)
    sql_flush: Callable[..., list[str]] = operations.sql_flush
    cache = f"DELETE FROM {settings.CACHES['default']['LOCATION']}"

    def everything(self: Any, *args: Any, **options: Any) -> list[str]:
        if connection.vendor != "sqlite":
            return [cache, *sql_flush(self, *args, **options)]
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
        drops = [f"DROP TRIGGER {name}" for name, _sql in triggers]
        drops += ["DELETE FROM content_search_fts", cache]
        return [*drops, *sql_flush(self, *args, **options), *(sql for _name, sql in triggers)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "sql_flush", everything)
        yield
