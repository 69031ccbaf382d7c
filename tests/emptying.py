"""Emptying the database after a test that commits, where the database refuses to delete.

Django empties SQLite by DELETE, which triggers that keep rows refuse (PostgreSQL's TRUNCATE asks
none). So each emptying puts the triggers aside and makes them again, and empties the full-text
index too, which is no model's table.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection


@pytest.fixture(scope="session", autouse=True)
def _triggers_let_tests_empty_the_database() -> Iterator[None]:
    if connection.vendor != "sqlite":
        yield
        return
    operations = type(connection.ops)
    sql_flush: Callable[..., list[str]] = operations.sql_flush

    def without_triggers(self: Any, *args: Any, **options: Any) -> list[str]:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
        drops = [f"DROP TRIGGER {name}" for name, _sql in triggers]
        drops.append("DELETE FROM content_search_fts")
        return [*drops, *sql_flush(self, *args, **options), *(sql for _name, sql in triggers)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "sql_flush", without_triggers)
        yield
