"""What erasing a person asks of what knows no people: the guard, words, events, letters, cache."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model, QuerySet

from apps.core.models import Erasing, Event
from apps.core.redaction import pattern_of, redacted

_BETWEEN_LETTERS = b"-" * 79 + b"\n"


@contextmanager
def erasing(*, person_id: int) -> Iterator[None]:
    """One transaction in which append-only tables let go of this person's words.

    Only one runs at a time: the guard's key is fixed, so that another waits, or fails on SQLite
    when its patience ends.  person_id: the person's primary key.
    """
    with transaction.atomic():
        Erasing.objects.create(id=Erasing.ONLY, person_id=person_id)
        yield
        Erasing.objects.all().delete()


def words_redact(rows: QuerySet[Any], *columns: str, names: Sequence[str]) -> int:
    """Take `names` out of texts that stay for others.  Returns: how many rows changed.

    columns: of text or JSON. Call it with few rows: each is read, and each that changes written.
    """
    pattern = pattern_of(names)
    count = 0
    if pattern is None:
        return count
    model: type[Model] = rows.model
    for key, *values in list(rows.order_by().values_list("pk", *columns)):
        clean = [redacted(value, pattern) for value in values]
        if clean != values:
            changes = dict(zip(columns, clean, strict=True))
            count += model._base_manager.filter(pk=key).update(**changes)  # noqa: SLF001
    return count


def events_forget(*, subject_id: UUID) -> None:
    """Leave nothing in the outbox that leads to a person by their public id, but a tombstone.

    What happened to things stays, as done by nobody; what happened to the person goes. The row of
    each is found without an index: this is done once for a person.  Queries: 2.
    """
    Event.objects.filter(actor_id=subject_id).update(actor_id=None)
    Event.objects.filter(subject_id=subject_id, is_tombstone=False).delete()


def counts_forget(*, endings: Sequence[str]) -> None:
    """Drop what is counted in the shared cache under keys with these endings.  Queries: 2 each."""
    table = connection.ops.quote_name(str(settings.CACHES["default"]["LOCATION"]))
    with connection.cursor() as cursor:
        for ending in endings:
            statement = f"DELETE FROM {table} WHERE cache_key LIKE %s"  # noqa: S608 - from settings
            cursor.execute(statement, [f"%{ending}"])
            cursor.execute(statement, [f"%{ending}:lock"])


def letters_forget(*, names: Sequence[str]) -> int:
    """Drop the letters in var/mail/ that are to, or speak of, any of `names`.

    Only an installation without a mail server has such files.  Returns: how many letters went.
    """
    folder = Path(settings.EMAIL_FILE_PATH or "")
    pattern = pattern_of(names)
    if pattern is None or not folder.is_dir():
        return 0
    return sum(_letters_drop(path, pattern) for path in sorted(folder.glob("*.log")))


def _letters_drop(path: Path, pattern: re.Pattern[str]) -> int:
    letters = [part for part in path.read_bytes().split(_BETWEEN_LETTERS) if part.strip()]
    kept = [part for part in letters if not pattern.search(_readable(part))]
    if len(kept) == len(letters):
        return 0
    if kept:
        path.write_bytes(b"".join(part + _BETWEEN_LETTERS for part in kept))
    else:
        path.unlink()
    return len(letters) - len(kept)


def _readable(letter: bytes) -> str:
    """All that a letter says, its encodings undone."""
    message = message_from_bytes(letter, policy=policy.default)
    said = [f"{name}: {value}" for name, value in message.items()]
    parts = [
        str(part.get_content())
        for part in message.walk()
        if isinstance(part, EmailMessage) and part.get_content_maintype() == "text"
    ]
    return "\n".join([*said, *parts, letter.decode(errors="replace")])


def leftovers_clean() -> bool:
    """Make the database's own files forget what was deleted.  Returns: whether they have.

    SQLite: written anew without what is free, and the write-ahead log cut to nothing; False while
    a reader still holds it, or a transaction is open. PostgreSQL does this in its own time:
    docs/privacy.md says how.
    """
    if connection.vendor != "sqlite":
        return True
    if connection.in_atomic_block:
        return False
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        is_busy, _pages, _moved = cursor.fetchone()
    return not is_busy
