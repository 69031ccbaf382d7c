from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.classrooms import policies, selectors
from apps.classrooms.codes import normalise
from apps.classrooms.enums import Role
from apps.classrooms.errors import CodeRefused, IdTaken, LastInstructor, Removed
from apps.classrooms.models import Classroom, Enrolment, Invitation, JoinCode
from apps.classrooms.services.events import tell
from apps.classrooms.services.locks import classroom_lock


@transaction.atomic
def classroom_join(*, code: str, user: User, now: datetime) -> Enrolment:
    """Put `user` into the class that `code` opens, as a student; twice is once.

    code: as typed. Where a place is kept for an address of theirs, they take that one.
    Raises: CodeRefused, the same for an unknown, expired or closed code, at the price of the same
    query; Removed for somebody who was taken out of the class.  Locks: Classroom.
    Queries: 1 for a code that is refused, else 10 at most.
    """
    open_codes = JoinCode.objects.filter(
        code=normalise(code), closed_at__isnull=True, expires_at__gt=now
    ).select_related("classroom")
    found = open_codes.first()
    # A code may be closed, or the class ended, between the look and the lock.
    classroom = classroom_lock(found.classroom) if found else None
    if classroom is None or classroom.archived_at is not None or not open_codes.exists():
        raise CodeRefused(
            _("No class opens with this code. It may be mistyped or too old: ask for a new one.")
        )
    row = Enrolment.objects.filter(classroom=classroom, user=user).first()
    if row is not None and row.removed_at is not None:
        raise Removed(_("You were taken out of this class. Your instructor can let you in again."))
    if row is not None:
        return row
    kept = classroom.invitations.filter(email__in=selectors.addresses_of(user)).first()
    row = enrolment_write(
        classroom=classroom,
        user=user,
        role=kept.role if kept else Role.STUDENT,
        sis_id=kept.sis_id if kept else "",
        actor=user,
        now=now,
    )
    if kept:
        place_drop(kept, "invitation.accepted", classroom, user, now)
    return row


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


@transaction.atomic
def enrolment_save(
    *, enrolment: Enrolment, role: str, sis_id: str, actor: User | None, now: datetime
) -> Enrolment:
    """Change what a person is in the class, and the school's id for them.

    Raises: ClassroomArchived, LastInstructor, IdTaken.  Locks: Classroom.  Queries: 7 at most.
    """
    classroom = classroom_lock(enrolment.classroom)
    policies.check_is_running(classroom)
    row = Enrolment.objects.get(pk=enrolment.pk)
    if (row.role, row.sis_id) == (role, sis_id):
        return row
    if role != Role.INSTRUCTOR:
        _check_another_instructor(row)
    if sis_id and classroom.invitations.filter(sis_id=sis_id).exists():
        raise IdTaken(_("Somebody who is invited to this class has this id."))
    row.role, row.sis_id = role, sis_id
    row.clean_fields(exclude=["classroom", "user"])
    _store(row)
    tell("enrolment.changed", row.public_id, classroom, actor, now)
    return row


@transaction.atomic
def enrolment_remove(*, enrolment: Enrolment, actor: User | None, now: datetime) -> Enrolment:
    """Take a person out of the class, and keep their work; twice is once.

    They do not come back by the code or by an older invitation; enrolment_add takes them back.
    Raises: ClassroomArchived, LastInstructor.  Locks: Classroom.  Queries: 6.
    """
    classroom = classroom_lock(enrolment.classroom)
    policies.check_is_running(classroom)
    row = Enrolment.objects.select_related("user").get(pk=enrolment.pk)
    if row.removed_at is not None:
        return row
    _check_another_instructor(row)
    row.removed_at = now
    row.save(update_fields=["removed_at", "updated_at"])
    for kept in classroom.invitations.filter(email__in=selectors.addresses_of(row.user)):
        place_drop(kept, "invitation.withdrawn", classroom, actor, now)
    tell("enrolment.removed", row.public_id, classroom, actor, now)
    return row


def place_drop(
    row: Invitation, kind: str, classroom: Classroom, actor: User | None, now: datetime
) -> None:
    """Delete a place that is kept; who has a copy of the list learns of it.  Queries: 2."""
    tell(kind, row.public_id, classroom, actor, now, is_tombstone=True)
    row.delete()


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
    _store(row)
    tell("enrolment.added", row.public_id, classroom, actor, now)
    return row


def _store(row: Enrolment) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise IdTaken(_("Somebody else in this class has this id.")) from error


def _check_another_instructor(row: Enrolment) -> None:
    """Raises: LastInstructor; the lock on the class keeps two from leaving at once."""
    others = Enrolment.objects.active().filter(classroom_id=row.classroom_id, role=Role.INSTRUCTOR)
    if row.is_instructor and not others.exclude(pk=row.pk).exists():
        raise LastInstructor(_("A class needs an instructor: make somebody else one first."))
