from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.classrooms import policies, selectors
from apps.classrooms.errors import InvalidDates, NothingGranted
from apps.classrooms.models import Accommodation, Enrolment
from apps.classrooms.services.events import tell
from apps.classrooms.services.locks import classroom_lock
from apps.core.errors import NotFound

GRANTS = ("time_ratio", "extra_attempts", "opens_at", "due_at", "closes_at")
FIELDS = (*GRANTS, "note")


@transaction.atomic
def accommodation_save(
    *,
    enrolment: Enrolment,
    activity_id: UUID | None,
    fields: Mapping[str, Any],
    actor: User | None,
    now: datetime,
) -> Accommodation:
    """Grant one person something, in one activity or in all of the class; one row says it.

    activity_id: the public id of an assignment or a debate of this class; None for all of it.
    fields: any of FIELDS; None in any of GRANTS means "as everybody".
    Raises: ClassroomArchived, NotFound, NothingGranted, InvalidDates, ValidationError.
    Locks: Classroom.  Queries: 6 at most.
    """
    classroom = classroom_lock(enrolment.classroom)
    policies.check_is_running(classroom)
    if activity_id is not None and activity_id not in {
        activity.public_id for activity in selectors.activities_of(classroom)
    }:
        raise NotFound(_("There is no such activity in this class."))
    row = Accommodation.objects.filter(enrolment=enrolment, activity_id=activity_id).first()
    row = row or Accommodation(enrolment=enrolment, activity_id=activity_id)
    for name in FIELDS:
        if name in fields:
            setattr(row, name, fields[name])
    row.granted_by = actor
    _check(row)
    row.clean_fields(exclude=["enrolment", "granted_by"])
    row.save()
    tell("accommodation.saved", row.public_id, classroom, actor, now)
    return row


@transaction.atomic
def accommodation_delete(
    *, accommodation: Accommodation, actor: User | None, now: datetime
) -> None:
    """From now on everybody's rule holds for the person.

    Raises: ClassroomArchived.  Locks: Classroom.  Queries: 3.
    """
    classroom = classroom_lock(accommodation.enrolment.classroom)
    policies.check_is_running(classroom)
    tell(
        "accommodation.deleted",
        accommodation.public_id,
        classroom,
        actor,
        now,
        is_tombstone=True,
    )
    Accommodation.objects.filter(pk=accommodation.pk).delete()


def _check(row: Accommodation) -> None:
    if all(getattr(row, name) is None for name in GRANTS):
        raise NothingGranted(_("Say what is granted: time, attempts or a date."))
    dates = [(name, getattr(row, name)) for name in ("opens_at", "due_at", "closes_at")]
    said = [(name, moment) for name, moment in dates if moment is not None]
    for (_earlier, first), (name, second) in pairwise(said):
        if second < first:
            raise InvalidDates(_("This comes before the date above it."), field=name)
