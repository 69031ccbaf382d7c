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
    RETURNING requests
"""
_SQLITE = _COUNT.format(row="VALUES (%s, %s, 1)")
_POSTGRESQL = _COUNT.format(
    row="SELECT %s, %s, 1 FROM set_config('synchronous_commit', 'off', true)"
)


def request_count(*, caller: str, now: datetime) -> int:
    """Count one more request of `caller`; how many this minute has seen, this one included.

    Nobody waits until a count is on the disk: it need not outlast a power cut.  Queries: 1.
    """
    minute = int(now.timestamp()) // 60
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # The setting is of this transaction, which outside of a block is the statement's own.
            cursor.execute(_POSTGRESQL, [caller, minute])
            return int(cursor.fetchone()[0])
        with _unhurried(cursor):
            cursor.execute(_SQLITE, [caller, minute])
            return int(cursor.fetchall()[0][0])  # all: the statement ends with its last row


@contextmanager
def _unhurried(cursor: CursorWrapper) -> Iterator[None]:
    """Let SQLite write to its log without a flush; within a transaction nothing changes."""
    if connection.in_atomic_block:
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
