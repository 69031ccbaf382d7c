"""Reading the outbox in order, behind a cursor that never skips a row which commits late.

On PostgreSQL an event takes its id before its transaction commits, so that 6 may be seen while 5
is still on its way. INSERT locks the table (ROW EXCLUSIVE, to the end of its transaction) before
it takes an id. So: note the highest id given out, then who holds that lock; once none of them
does, every row up to that id is here or never will be. CREATE INDEX CONCURRENTLY waits in the
same way. On SQLite there is one writer at a time, and ids appear in order.
"""

from django.db import connection, transaction
from django.db.models import Max

from apps.core.models import Event, EventCursor

WRITERS = """
    SELECT DISTINCT virtualtransaction FROM pg_locks
    WHERE locktype = 'relation' AND relation = 'core_event'::regclass AND granted
      AND mode = 'RowExclusiveLock' AND pid <> pg_backend_pid()
"""
GIVEN_OUT = """
    SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM core_event_id_seq
"""


@transaction.atomic
def events_take(*, reader: str, limit: int) -> list[Event]:
    """The next events that `reader` has not had, by id; its cursor moves past them.

    Call it in the transaction that does something with them: both happen or neither does. A
    second call meanwhile waits for the first.
    Locks: EventCursor.  Queries: 3 on SQLite, 3 to 5 on PostgreSQL.
    """
    EventCursor.objects.get_or_create(reader=reader)
    cursor = EventCursor.objects.select_for_update().get(reader=reader)
    if connection.vendor == "postgresql" and cursor.position >= cursor.settled:
        _settle(cursor)
    events = Event.objects.filter(id__gt=cursor.position)
    if connection.vendor == "postgresql":
        events = events.filter(id__lte=cursor.settled)
    taken = list(events.order_by("id")[:limit])
    if len(taken) < limit and connection.vendor == "postgresql":
        cursor.position = cursor.settled  # gaps are transactions that were rolled back
    elif taken:
        cursor.position = taken[-1].id
    cursor.save()
    return taken


@transaction.atomic
def events_settled(*, reader: str) -> int:
    """The id up to which nobody can still commit an event: whoever keeps it misses none later.

    For readers that keep their own place, such as callers of the API; `reader` only names the row
    that is worked with.  Locks: EventCursor.  Queries: 1 on SQLite, 3 to 5 on PostgreSQL.
    """
    if connection.vendor != "postgresql":
        return Event.objects.aggregate(last=Max("id"))["last"] or 0
    EventCursor.objects.get_or_create(reader=reader)
    cursor = EventCursor.objects.select_for_update().get(reader=reader)
    _settle(cursor)
    cursor.save()
    return cursor.settled


def _settle(cursor: EventCursor) -> None:
    """Bring `settled` up as far as nobody can still commit a row below it."""
    with connection.cursor() as sql:
        if not cursor.writers:
            sql.execute(GIVEN_OUT)
            cursor.ceiling = sql.fetchone()[0]
        sql.execute(WRITERS)
        now_writing = {writer for (writer,) in sql.fetchall()}
    waited_for = cursor.writers or sorted(now_writing)
    cursor.writers = [writer for writer in waited_for if writer in now_writing]
    if not cursor.writers:
        cursor.settled = cursor.ceiling
