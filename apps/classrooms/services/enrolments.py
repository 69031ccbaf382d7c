from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.classrooms import policies
from apps.classrooms.enums import Role
from apps.classrooms.errors import IdTaken
from apps.classrooms.models import Classroom, Enrolment
from apps.classrooms.services.locks import classroom_lock
from apps.core import services as core


@transaction.atomic
def enrolment_add(
    *,
    classroom: Classroom,
    user: User,
    role: str = Role.STUDENT,
    sis_id: str = "",
    actor: User | None,
    now: datetime,
) -> Enrolment:
    """Put a person into a class, or back into it; who is in it already stays what they are.

    actor: the instructor; None when the installation acts.
    Raises: ClassroomArchived, IdTaken.  Locks: Classroom.  Queries: 6 at most.
    """
    classroom = classroom_lock(classroom)
    policies.check_is_running(classroom)
    return enrolment_write(
        classroom=classroom, user=user, role=role, sis_id=sis_id, actor=actor, now=now
    )


def enrolment_write(
    *,
    classroom: Classroom,
    user: User,
    role: str,
    sis_id: str = "",
    actor: User | None,
    now: datetime,
) -> Enrolment:
    """Write the row of a person who comes in; call it with the class locked."""
    row = Enrolment.objects.filter(classroom=classroom, user=user).first()
    if row is not None and row.removed_at is None:
        return row
    row = row or Enrolment(classroom=classroom, user=user)
    row.role = role
    row.sis_id = sis_id or row.sis_id
    row.removed_at = None
    enrolment_store(row)
    enrolment_tell("enrolment.added", row, classroom, actor, now)
    return row


def enrolment_store(row: Enrolment) -> None:
    """Raises: IdTaken where somebody else of the class has the row's id."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise IdTaken(_("Somebody else in this class has this id.")) from error


def enrolment_tell(
    kind: str, row: Enrolment, classroom: Classroom, actor: User | None, now: datetime
) -> None:
    core.event_append(
        kind=kind,
        subject_id=row.public_id,
        school_id=classroom.school.public_id,
        actor_id=actor.public_id if actor else None,
        now=now,
    )
