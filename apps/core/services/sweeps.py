"""Work that is due rather than asked for: each sweep looks for what is due and does it."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils.module_loading import import_string

from apps.core.models import Heartbeat

logger = structlog.get_logger(__name__)


def heartbeat_write(*, name: str, now: datetime) -> None:
    """Record that `name` is alive and the database accepts writes.  Queries: 1."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, beat_at=now)],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["beat_at"],
    )


def sweep_claim(*, name: str, every_seconds: int, now: datetime) -> bool:
    """True for exactly one of all the callers within `every_seconds`.

    One conditional UPDATE decides, so two workers cannot both win.  Queries: 1 to 3.
    """
    due_before = now - timedelta(seconds=every_seconds)
    rows = Heartbeat.objects.filter(name=name)
    if rows.filter(beat_at__lte=due_before).update(beat_at=now):
        return True
    _row, is_new = rows.get_or_create(name=name, defaults={"beat_at": now})
    return is_new


def sweeps_run(*, sweeps: Sequence[tuple[str, int]], now: datetime) -> list[str]:
    """Run every sweep that is due; one that fails is logged and never stops the others.

    sweeps: (dotted path of a service that takes `now`, seconds between two runs).
    Returns: the dotted paths that ran to their end.
    """
    finished = []
    for path, every_seconds in sweeps:
        try:
            if not sweep_claim(name=path, every_seconds=every_seconds, now=now):
                continue
            sweep: Callable[..., object] = import_string(path)
            sweep(now=now)
        except Exception:
            logger.exception("sweep_failed", sweep=path)
        else:
            finished.append(path)
    return finished


def expired_rows_delete(*, now: datetime) -> None:
    """Drop sessions and cache entries that nobody can use any more.  Queries: 2."""
    Session.objects.filter(expire_date__lt=now).delete()
    table = connection.ops.quote_name(str(settings.CACHES["default"]["LOCATION"]))
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {table} WHERE expires < %s",  # noqa: S608 - a name from settings
            [connection.ops.adapt_datetimefield_value(now)],
        )


def tables_analyse(*, now: datetime) -> None:  # noqa: ARG001 - a sweep takes it
    """Let SQLite know how many rows its tables hold, so that it enters them by the right index.

    PostgreSQL sees to it by itself. With a limit it looks at a few rows of each index and keeps
    counts alone, never a sample of what is in them.  Queries: 2.
    """
    if connection.vendor != "sqlite":
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("PRAGMA analysis_limit = 1000")
        cursor.execute("ANALYZE")
