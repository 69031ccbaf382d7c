"""Backups made by the service, restored by the command into a database of its own."""

import json
import os
import sqlite3
import subprocess
import sys
import tarfile
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from apps.accounts.models import School, User
from apps.core import services
from apps.core.errors import BackupRefused
from apps.core.models import Event

TABLES = ("accounts_school", "accounts_user", "core_event", "django_migrations")

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Target:
    """Another database of the same engine, empty at first."""

    url: str
    address: str  # what the driver opens

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, settings.BASE_DIR / "manage.py", *arguments],
            env={
                **os.environ,
                "DATABASE_URL": self.url,
                "DJANGO_SETTINGS_MODULE": "config.settings",
            },
            capture_output=True,
            text=True,
            check=False,
        )

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        return {table: _rows(self.address, table) for table in TABLES}


def _rows(address: str, table: str) -> list[tuple[Any, ...]]:
    """As the driver gives them, over a connection of its own."""
    query = f"SELECT * FROM {table} ORDER BY id"
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(address)) as database:
            return database.execute(query).fetchall()
    with psycopg.connect(address) as database:
        return database.execute(query.encode()).fetchall()


def _postgres(name: str) -> str:
    return os.environ["DATABASE_URL"].replace("/postgres?", f"/{name}?")


@pytest.fixture
def source() -> Target:
    """The database of the tests itself."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return Target(f"sqlite:///{name}", name)
    return Target(_postgres(name), _postgres(name))


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Target]:
    if connection.vendor == "sqlite":
        path = tmp_path / "target.sqlite3"
        yield Target(f"sqlite:///{path}", str(path))
        return
    name = f"target_{uuid.uuid4().hex[:12]}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    try:
        yield Target(_postgres(name), _postgres(name))
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def rewrite(path: Path, copy: Path, *, database: bytes | None = None, **manifest: Any) -> Path:
    """The same backup with other words in its manifest, or another database."""
    with tarfile.open(path) as source, tarfile.open(copy, "w") as packed:
        for member in source.getmembers():
            stream = source.extractfile(member)
            assert stream is not None
            content = stream.read()
            if member.name == "manifest.json":
                content = json.dumps({**json.loads(content), **manifest}).encode()
            elif database is not None:
                content = database
            member.size = len(content)
            packed.addfile(member, BytesIO(content))
    return copy


def test_backup_restores_every_row(
    tmp_path: Path, source: Target, target: Target, now: datetime, student: User, school: School
) -> None:
    services.event_append(
        kind="school.created",
        subject_id=school.public_id,
        school_id=school.public_id,
        actor_id=student.public_id,
        now=now,
    )
    path = tmp_path / "majlis.backup"
    services.backup_create(path=path, now=now)
    expected = source.rows()
    Event.objects.all().delete()

    answer = target.manage("restore", str(path))
    assert (answer.returncode, answer.stderr) == (0, "")
    assert target.rows() == expected
    assert any("school.created" in row for row in expected["core_event"])

    # What was restored can be used, changed, backed up and restored again.
    assert target.manage("migrate", "--check").returncode == 0
    again = tmp_path / "again.backup"
    assert target.manage("backup", str(again)).returncode == 0
    answer = target.manage("restore", str(again))
    assert "The database is not empty" in answer.stderr
    assert target.manage("restore", str(path), "--replace").returncode == 0
    assert target.manage("restore", str(again), "--replace").returncode == 0
    assert target.rows() == expected


def test_backup_is_its_owners_alone(tmp_path: Path, now: datetime, student: User) -> None:
    path = tmp_path / "majlis.backup"
    services.backup_create(path=path, now=now)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["majlis.backup"]


def test_backup_never_overwrites(tmp_path: Path, now: datetime) -> None:
    path = tmp_path / "majlis.backup"
    path.write_text("something dear")
    with pytest.raises(BackupRefused, match="exists already"):
        services.backup_create(path=path, now=now)
    assert path.read_text() == "something dear"


def test_restore_refuses_a_database_in_use(tmp_path: Path, now: datetime, student: User) -> None:
    path = tmp_path / "majlis.backup"
    services.backup_create(path=path, now=now)
    with pytest.raises(BackupRefused, match=r"not empty \(\w+\)"):
        services.backup_restore(path=path, is_replacing=False)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"database": b"not a database"}, "its checksum differs"),
        ({"engine": "oracle"}, "backup is of oracle"),
        ({"migrations": ["core.9999_from_the_future"]}, "lacks core.9999_from_the_future"),
        ({"format": 2}, "format is not one"),
        ({"surprise": 1}, "is not a backup"),
    ],
)
def test_restore_refuses_and_changes_nothing(
    tmp_path: Path, now: datetime, student: User, changes: dict[str, Any], why: str
) -> None:
    path = tmp_path / "majlis.backup"
    services.backup_create(path=path, now=now)
    User.objects.update(display_name="Changed since")
    wrong = rewrite(path, tmp_path / "wrong.backup", **changes)
    with pytest.raises(BackupRefused, match=why):
        services.backup_restore(path=wrong, is_replacing=True)
    assert User.objects.get().display_name == "Changed since"


@pytest.mark.parametrize("content", [b"", b"plain words", b"\0" * 10_240])
def test_restore_refuses_what_is_no_backup(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "majlis.backup"
    path.write_bytes(content)
    with pytest.raises(BackupRefused, match="is not a backup"):
        services.backup_restore(path=path, is_replacing=True)


def test_restore_of_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="no file"):
        services.backup_restore(path=tmp_path / "absent", is_replacing=True)


@pytest.mark.postgres
def test_restore_that_breaks_half_way_changes_nothing(
    tmp_path: Path, target: Target, now: datetime, student: User
) -> None:
    """The last statement of the script fails: all before it is undone."""
    path = tmp_path / "majlis.backup"
    services.backup_create(path=path, now=now)
    assert target.manage("restore", str(path)).returncode == 0
    with psycopg.connect(target.address, autocommit=True) as database:
        database.execute("UPDATE accounts_user SET display_name = 'Changed since'")
        database.execute("CREATE SCHEMA guard")
        database.execute(
            "CREATE FUNCTION guard.forbid() RETURNS event_trigger LANGUAGE plpgsql"
            " AS $$ BEGIN RAISE EXCEPTION 'no foreign key today'; END $$"
        )
        database.execute(
            "CREATE EVENT TRIGGER forbid ON ddl_command_end WHEN TAG IN ('ALTER TABLE')"
            " EXECUTE FUNCTION guard.forbid()"
        )
    answer = target.manage("restore", str(path), "--replace")
    assert answer.returncode != 0
    assert "no foreign key today" in answer.stderr
    with psycopg.connect(target.address) as database:
        names = database.execute("SELECT display_name FROM accounts_user").fetchall()
    assert names == [("Changed since",)]


@pytest.mark.postgres
def test_backup_without_client_programs(
    tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("apps.core.services.databases.DEBIAN_PROGRAMS", tmp_path)
    with pytest.raises(BackupRefused, match="pg_dump was not found: install PostgreSQL's client"):
        services.backup_create(path=tmp_path / "majlis.backup", now=now)


@pytest.mark.postgres
def test_backup_with_older_client_programs(
    tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6'\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("apps.core.services.databases.DEBIAN_PROGRAMS", tmp_path)
    with pytest.raises(BackupRefused, match="newest pg_dump here is of version 9"):
        services.backup_create(path=tmp_path / "majlis.backup", now=now)
