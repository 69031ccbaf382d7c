"""SQLite for several processes that write at once.

A writer that finds the database locked is put off by SQLite for longer and longer, while others
who come later get in: under load some wait for seconds. Here a transaction first takes a lock on
a file beside the database and asks for it every millisecond, so that everybody's chance is equal
at every release. The system frees the lock of a killed process. Threads of one process queue for
a lock of their own first, which wakes one of them when it is free: only one of them asks.
Source: docs/decisions/0015-sqlite-writers.md (measured: the 99th percentile falls to a fifth).
"""

from __future__ import annotations

import fcntl
import os
import random
import threading
import time
from collections import defaultdict
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

POLL_SECONDS = 0.001
LOCKED = "database is locked: another writer holds it"
# {database's file: which thread of this process may ask for its lock file}
_threads: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
os.register_at_fork(after_in_child=_threads.clear)  # a lock's holder stays with the parent


class DatabaseWrapper(base.DatabaseWrapper):
    """One writer at a time, whoever waited; as long as the `timeout` option says."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lock: tuple[int, threading.Lock] | None = None  # ours while a transaction runs

    def _start_transaction_under_autocommit(self) -> None:
        self._queue_enter()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._queue_leave()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self._queue_leave()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._queue_leave()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._queue_leave()

    def _queue_enter(self) -> None:
        name = str(self.settings_dict["NAME"])
        if self._lock is not None or self.is_in_memory_db():
            return
        seconds = float(self.settings_dict["OPTIONS"].get("timeout", 5))
        until = time.monotonic() + seconds
        turn = _threads[name]
        if not turn.acquire(timeout=seconds):
            raise OperationalError(LOCKED)
        try:
            handle = os.open(f"{name}-writer", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                _take(handle, until)
            except BaseException:
                os.close(handle)
                raise
        except BaseException:
            turn.release()
            raise
        self._lock = (handle, turn)

    def _queue_leave(self) -> None:
        """Closing the file frees its lock; then the next thread of this process may ask."""
        if self._lock is not None:
            (handle, turn), self._lock = self._lock, None
            os.close(handle)
            turn.release()


def _take(handle: int, until: float) -> None:
    """Ask for the lock until it is ours.  Raises: OperationalError, as SQLite would."""
    while not _is_taken(handle):
        if time.monotonic() > until:
            raise OperationalError(LOCKED)
        time.sleep(POLL_SECONDS * random.uniform(0.5, 1.5))  # noqa: S311 - no secret


def _is_taken(handle: int) -> bool:
    """Whether the lock is ours now."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
