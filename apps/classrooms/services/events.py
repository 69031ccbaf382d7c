from datetime import datetime
from uuid import UUID

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.core import services as core


def tell(
    kind: str,
    subject_id: UUID,
    classroom: Classroom,
    actor: User | None,
    now: datetime,
    *,
    is_tombstone: bool = False,
) -> None:
    """Append what happened in a class of a school to the outbox.  Queries: 1."""
    core.event_append(
        kind=kind,
        subject_id=subject_id,
        school_id=classroom.school.public_id,
        actor_id=actor.public_id if actor else None,
        now=now,
        is_tombstone=is_tombstone,
        within_id=classroom.public_id if is_tombstone else None,
    )
