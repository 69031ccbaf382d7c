"""How often each caller asks."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection
from django.db.backends.utils import CursorWrapper

from apps.api.models import RequestWindow

# One statement, so that no two requests are counted as one, for what every request pays; both
# databases read it. The row of an earlier minute begins anew.
_COUNT = """
    INSERT INTO api_requestwindow (caller, minute, requests) {row}
    ON CONFLICT (caller) DO UPDATE SET
        requests = CASE WHEN api_requestwindow.minute = excluded.minute
                        THEN api_requestwindow.requests + 1 ELSE 1 END,
        minute = excluded.minute
"""
_PLAIN = _COUNT.format(row="VALUES (%s, %s, 1)")
# The setting ends with its transaction, which is this statement's own.
_UNHURRIED = _COUNT.format(
    row="SELECT %s, %s, 1 FROM set_config('synchronous_commit', 'off', true)"
)


def request_count(*, caller: str, now: datetime) -> int:
    """Count one more request of `caller`; how many this minute has seen, this one included.

    Nobody waits until a count is on the disk, as it need not outlast a power cut; within a
    transaction it is flushed with the rest.  Queries: 1; 2 on SQLite before 3.35.
    """
    minute = int(now.timestamp()) // 60
    is_alone = not connection.in_atomic_block
    statement = _UNHURRIED if is_alone and connection.vendor == "postgresql" else _PLAIN
    can_return = connection.features.can_return_columns_from_insert
    with connection.cursor() as cursor, _unhurried(cursor):
        cursor.execute(
            f"{statement} RETURNING requests" if can_return else statement, [caller, minute]
        )
        if not can_return:
            cursor.execute("SELECT requests FROM api_requestwindow WHERE caller = %s", [caller])
        return int(cursor.fetchall()[0][0])  # all: SQLite ends a statement with its last row


@contextmanager
def _unhurried(cursor: CursorWrapper) -> Iterator[None]:
    """Let SQLite write to its log without a flush; within a transaction nothing changes."""
    if connection.in_atomic_block or connection.vendor != "sqlite":
        yield
        return
    own = cursor.cursor  # past Django: no query of ours
    level = own.execute("PRAGMA synchronous").fetchone()[0]
    own.execute("PRAGMA synchronous = NORMAL")
    try:
        yield
    finally:
        own.execute(f"PRAGMA synchronous = {level}")


def requests_seen(*, caller: str, now: datetime) -> int:
    """How often `caller` was counted in this minute.  Queries: 1."""
    rows = RequestWindow.objects.filter(caller=caller, minute=int(now.timestamp()) // 60)
    return rows.values_list("requests", flat=True).first() or 0


def address_hash(address: str, key: str) -> str:
    """A name for an address that does not tell it, so that no address is stored."""
    return hashlib.blake2b(address.encode(), key=key.encode()[:64], digest_size=16).hexdigest()
