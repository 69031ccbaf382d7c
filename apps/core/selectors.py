from functools import cache

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


@cache
def migrations_known() -> frozenset[tuple[str, str]]:
    """Every migration of the installed code, as (app, name); read from disk once a process."""
    return frozenset(MigrationLoader(None).disk_migrations)


def migrations_missing() -> list[str]:
    """The migrations, as `app.name`, that the database has yet to run.  Queries: 2."""
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in migrations_known() - applied.keys())
