from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from apps.core.models import Event


def event_append(
    *,
    kind: str,
    subject_id: UUID,
    school_id: UUID | None,
    actor_id: UUID | None,
    now: datetime,
    is_tombstone: bool = False,
    within_id: UUID | None = None,
) -> Event:
    """Add one row to the outbox; call it inside the transaction of the change it tells of.

    within_id: of what goes from a list, the class or course whose list that is.
    Queries: 1.
    """
    return Event.objects.create(
        kind=kind,
        subject_id=subject_id,
        school_id=school_id,
        actor_id=actor_id,
        is_tombstone=is_tombstone,
        within_id=within_id,
        happened_at=now,
    )


def events_append(
    *,
    kind: str,
    subject_ids: Iterable[UUID],
    school_id: UUID | None,
    actor_id: UUID | None,
    now: datetime,
) -> list[Event]:
    """Add a row for each of many subjects to which the same happened at once.  Queries: 1."""
    return Event.objects.bulk_create(
        Event(
            kind=kind,
            subject_id=subject_id,
            school_id=school_id,
            actor_id=actor_id,
            happened_at=now,
        )
        for subject_id in subject_ids
    )
