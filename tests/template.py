"""The migrated database of SQLite tests, kept: migrating from nothing outlasts most single files.

`.cache/` holds one copy, under a fingerprint of every migration and of what runs them. A run that
finds it begins with it; one that does not makes it, and the other processes of that run wait for
it. On PostgreSQL every run migrates.
"""

import fcntl
import hashlib
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TextIO

import django
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection


@pytest.fixture(scope="session")
def kept_database() -> Iterator[tuple[Path, TextIO] | None]:
    """Where the copy is, or is to be, and the lock on it; None where none is kept."""
    if connection.vendor != "sqlite":
        yield None
        return
    folder = Path(settings.BASE_DIR) / ".cache"
    folder.mkdir(exist_ok=True)
    with (folder / "test-database.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder / f"test-database-{_fingerprint()}.sqlite3", lock


@pytest.fixture(scope="session")
def django_db_keepdb(
    django_db_keepdb: bool,
    django_db_modify_db_settings: None,
    kept_database: tuple[Path, TextIO] | None,
) -> bool:
    """Whether the test's database stands already, with nothing left to migrate."""
    if kept_database is None or django_db_keepdb or not kept_database[0].exists():
        return django_db_keepdb
    shutil.copyfile(kept_database[0], str(connection.settings_dict["TEST"]["NAME"]))
    return True


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, kept_database: tuple[Path, TextIO] | None) -> None:
    if kept_database is not None:
        kept, lock = kept_database
        if not kept.exists():
            _keep(kept)
        fcntl.flock(lock, fcntl.LOCK_UN)


def _keep(path: Path) -> None:
    """Copy the database that was just migrated; older copies go."""
    for old in path.parent.glob("test-database-*.sqlite3"):
        old.unlink(missing_ok=True)
    partial = path.with_suffix(".partial")
    name = str(connection.settings_dict["TEST"]["NAME"])
    with closing(sqlite3.connect(name)) as source, closing(sqlite3.connect(partial)) as target:
        source.backup(target)
    partial.rename(path)


def _fingerprint() -> str:
    digest = hashlib.sha256(f"{sys.version} {django.__version__} {sqlite3.sqlite_version}".encode())
    for app in apps.get_app_configs():
        for file in sorted((Path(app.path) / "migrations").glob("*.py")):
            digest.update(f"{app.label}/{file.name}".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:24]
