"""One file that holds the database and says what it is: a tar of manifest.json and database.

SQLite is copied by its online backup, PostgreSQL by pg_dump; both see one consistent moment
while the site runs. The secret key is not in it.
Source: docs/decisions/0007-backups.md
"""

import hashlib
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from apps.core import selectors
from apps.core.errors import BackupRefused
from apps.core.services import databases

FORMAT = 1
_MANIFEST = "manifest.json"
_DATABASE = "database"
# What migrations and running processes write: a database that holds no more is empty.
_FRAMEWORK = frozenset({"contenttypes.contenttype", "auth.permission", "core.heartbeat"})


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. `migrations` are `app.name`, sorted."""

    format: int
    engine: str
    created_at: str
    size_bytes: int
    sha256: str
    migrations: list[str]


def backup_create(*, path: Path, now: datetime) -> Manifest:
    """Write the whole database to a new file at `path`, readable by its owner alone.

    The file appears complete or not at all. Raises: BackupRefused.
    """
    if path.exists():
        raise BackupRefused(_("%(path)s exists already; choose another name.") % {"path": path})
    if not path.parent.is_dir():
        raise BackupRefused(_("There is no folder %(path)s.") % {"path": path.parent})
    with _workspace(path.parent) as folder:
        dump = folder / _DATABASE
        databases.dump(connection, dump)
        manifest = Manifest(
            format=FORMAT,
            engine=connection.vendor,
            created_at=now.isoformat(),
            size_bytes=dump.stat().st_size,
            sha256=_sha256(dump),
            migrations=sorted(
                f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()
            ),
        )
        packed = folder / "packed"
        with packed.open("xb") as stream:
            with tarfile.open(fileobj=stream, mode="w") as archive:
                text = json.dumps(asdict(manifest), indent=2).encode()
                member = tarfile.TarInfo(_MANIFEST)
                member.size = len(text)
                archive.addfile(member, BytesIO(text))
                archive.add(dump, arcname=_DATABASE)
            stream.flush()
            os.fsync(stream.fileno())
        packed.chmod(0o600)
        packed.replace(path)
    return manifest


def backup_restore(*, path: Path, is_replacing: bool) -> Manifest:
    """Make the database what it was when `path` was written: all of it, or nothing changes.

    is_replacing: whether a database that holds anything may be overwritten.
    Raises: BackupRefused for a damaged file, another engine, a newer version, or a database
    that is not empty.
    """
    with _workspace(None) as folder:
        dump = folder / _DATABASE
        manifest = _unpack(path, dump)
        if manifest.engine != connection.vendor:
            raise BackupRefused(
                _("The backup is of %(theirs)s and this database is %(ours)s.")
                % {"theirs": manifest.engine, "ours": connection.vendor}
            )
        unknown = set(manifest.migrations) - {
            f"{app}.{name}" for app, name in selectors.migrations_known()
        }
        if unknown:
            raise BackupRefused(
                _("A newer version wrote the backup; this one lacks %(names)s.")
                % {"names": ", ".join(sorted(unknown))}
            )
        if not is_replacing and (full := _first_table_in_use()):
            raise BackupRefused(
                _("The database is not empty (%(table)s); --replace overwrites it.")
                % {"table": full}
            )
        databases.load(connection, dump)
    return manifest


def backups_delete_old(*, now: datetime) -> int:
    """Delete what is past its days in settings.BACKUP_DIR: people were told that backups expire.

    A sweep of the worker; it does nothing where the days are 0.  Returns: how many files went.
    """
    if settings.BACKUP_KEEP_DAYS <= 0:
        return 0
    return backups_expire(folder=settings.BACKUP_DIR, days=settings.BACKUP_KEEP_DAYS, now=now)


def backups_expire(*, folder: Path, days: int, now: datetime) -> int:
    """Delete the backups in `folder` that were made more than `days` ago, and no other file.

    A backup is known by its manifest, and its age by what that says: copying changes neither.
    """
    if not folder.is_dir():
        return 0
    count = 0
    for path in sorted(folder.glob("*.majlis")):
        made_at = _made_at(path)
        if made_at is not None and made_at < now - timedelta(days=days):
            path.unlink(missing_ok=True)
            count += 1
    return count


def _made_at(path: Path) -> datetime | None:
    """When a backup was made; None for a file that is none."""
    try:
        with tarfile.open(path, mode="r:") as archive:
            return datetime.fromisoformat(json.load(_member(archive, _MANIFEST))["created_at"])
    except (OSError, tarfile.TarError, KeyError, TypeError, ValueError):
        return None


def _unpack(path: Path, dump: Path) -> Manifest:
    """Copy the database out of a backup and hold it to the manifest's checksum."""
    try:
        with tarfile.open(path, mode="r:") as archive:
            fields: dict[str, Any] = json.load(_member(archive, _MANIFEST))
            manifest = Manifest(**fields)
            with dump.open("xb") as stream:
                shutil.copyfileobj(_member(archive, _DATABASE), stream)
    except FileNotFoundError:
        raise BackupRefused(_("There is no file %(path)s.") % {"path": path}) from None
    except (tarfile.TarError, KeyError, TypeError, ValueError) as error:
        raise BackupRefused(_("%(path)s is not a backup.") % {"path": path}) from error
    if manifest.format != FORMAT:
        raise BackupRefused(_("The backup's format is not one that this version knows."))
    if _sha256(dump) != manifest.sha256:
        raise BackupRefused(_("%(path)s is damaged: its checksum differs.") % {"path": path})
    return manifest


def _member(archive: tarfile.TarFile, name: str) -> Any:
    stream = archive.extractfile(name)
    if stream is None:
        raise KeyError(name)
    return stream


def _first_table_in_use() -> str:
    present = set(connection.introspection.table_names())
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        is_ours = model._meta.managed and model._meta.label_lower not in _FRAMEWORK
        if is_ours and table in present and model._base_manager.exists():  # noqa: SLF001
            return table
    return ""


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def _workspace(parent: Path | None) -> Iterator[Path]:
    """A folder for this process alone, beside the target so that a rename is atomic."""
    with tempfile.TemporaryDirectory(prefix=".majlis-", dir=parent) as name:
        yield Path(name)
