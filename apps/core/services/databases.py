"""How each engine writes itself to a file and comes back from one."""

import os
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

from apps.core.errors import BackupRefused

# Debian keeps each version's programs apart, off PATH.
DEBIAN_PROGRAMS = Path("/usr/lib/postgresql")
# libpq reads these; a password in an argument would show in the list of processes.
_LIBPQ = {
    "dbname": "PGDATABASE",
    "host": "PGHOST",
    "password": "PGPASSWORD",
    "port": "PGPORT",
    "service": "PGSERVICE",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "user": "PGUSER",
}
# Waits half a minute for readers to leave, then gives up and changes nothing.
_EMPTY_SCHEMA = "SET lock_timeout = '30s'; DROP SCHEMA public CASCADE; CREATE SCHEMA public;"


def dump(connection: BaseDatabaseWrapper, path: Path) -> None:
    """Write the database as one moment saw it.  Raises: BackupRefused."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, no -wal beside it
            _check_integrity(copy)
        return
    _run(
        connection,
        _tool(connection, "pg_dump"),
        ["--format=custom", "--no-owner", "--no-acl", f"--file={path}"],
    )


def load(connection: BaseDatabaseWrapper, path: Path) -> None:
    """Replace the database by what `dump` wrote, in one transaction.  Raises: BackupRefused."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
            _check_integrity(copy)
            connection.ensure_connection()
            copy.backup(connection.connection)
        connection.close()
        return
    # As a script first: a reader that broke off half-way must not look like the end.
    script = path.with_suffix(".sql")
    pg_restore = _tool(connection, "pg_restore")
    _run(connection, pg_restore, ["--no-owner", "--no-acl", f"--file={script}", str(path)])
    connection.close()
    _run(
        connection,
        pg_restore.with_name("psql"),
        [
            "--no-psqlrc",
            "--quiet",
            "--output=/dev/null",
            "--single-transaction",
            "--set=ON_ERROR_STOP=1",
            f"--command={_EMPTY_SCHEMA}",
            f"--file={script}",
        ],
    )


def _check_integrity(copy: sqlite3.Connection) -> None:
    try:
        answer = copy.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        answer = str(error)
    if answer != "ok":
        raise BackupRefused(_("SQLite finds the copy damaged: %(why)s") % {"why": answer})


def _tool(connection: Any, name: str) -> Path:
    """The oldest program `name` that is no older than the server; an older one refuses to work."""
    server: int = connection.pg_version // 10_000
    folders = [Path(part) for part in os.environ.get("PATH", "").split(os.pathsep) if part]
    folders += sorted(DEBIAN_PROGRAMS.glob("*/bin"))
    found = {
        version: folder / name
        for folder in reversed(folders)
        if (version := _major_version(folder / name))
    }
    usable = sorted(version for version in found if version >= server)
    if usable:
        return found[usable[0]]
    if found:
        raise BackupRefused(
            _(
                "The server is PostgreSQL %(server)d and the newest %(tool)s here is of version"
                " %(tool_version)d, which cannot read it: install postgresql-client-%(server)d."
            )
            % {"server": server, "tool": name, "tool_version": max(found)}
        )
    raise BackupRefused(
        _("%(tool)s was not found: install PostgreSQL's client programs, version %(server)d.")
        % {"tool": name, "server": server}
    )


def _major_version(program: Path) -> int:
    if not shutil.which(program):
        return 0
    answer = subprocess.run(  # noqa: S603 - a path that we made
        [program, "--version"], capture_output=True, text=True, check=False
    )
    match = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    return int(match[1]) if match else 0


def _run(connection: Any, program: Path, arguments: list[str]) -> None:
    parameters: dict[str, Any] = connection.get_connection_params()
    named = {_LIBPQ[key]: str(value) for key, value in parameters.items() if key in _LIBPQ}
    answer = subprocess.run(  # noqa: S603 - no shell, and a path that we made
        [program, *arguments],
        env={**os.environ, **named},
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode:
        raise BackupRefused(
            _("%(program)s failed: %(why)s")
            % {"program": program.name, "why": answer.stderr.strip()[-2000:]}
        )
