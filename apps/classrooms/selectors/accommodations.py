"""What single students are granted, as everything that counts time or tries asks for it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import F, Q

from apps.accounts.models import User
from apps.classrooms.models import Accommodation, Classroom


@dataclass(frozen=True, slots=True)
class Accommodated:
    """How much one student's rules differ. A date is None where everybody's date holds."""

    time_ratio: Decimal = Decimal(1)
    extra_attempts: int = 0
    opens_at: datetime | None = None
    due_at: datetime | None = None
    closes_at: datetime | None = None


AS_EVERYBODY = Accommodated()
_FIELDS = ("time_ratio", "extra_attempts", "opens_at", "due_at", "closes_at")


def accommodation_for(
    classroom: Classroom, user: User, activity_id: UUID | None = None
) -> Accommodated:
    """What `user` is granted in one activity, or in all of the class.  Queries: 1."""
    return accommodations_for(classroom, [user.pk], activity_id)[user.pk]


def accommodations_for(
    classroom: Classroom, user_ids: Collection[int], activity_id: UUID | None = None
) -> dict[int, Accommodated]:
    """For each of `user_ids`: the class-wide grant, overridden by the activity's where it speaks.

    Queries: 1.
    """
    rows = (
        Accommodation.objects.filter(
            Q(activity_id__isnull=True) | Q(activity_id=activity_id),
            enrolment__classroom=classroom,
            enrolment__user__in=user_ids,
        )
        .order_by(F("activity_id").asc(nulls_first=True))
        .values("enrolment__user_id", *_FIELDS)
    )
    granted = dict.fromkeys(user_ids, AS_EVERYBODY)
    for row in rows:
        user_id: int = row.pop("enrolment__user_id")
        said = {name: value for name, value in row.items() if value is not None}
        granted[user_id] = replace(granted[user_id], **said)
    return granted
