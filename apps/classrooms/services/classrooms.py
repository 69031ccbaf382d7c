from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.accounts.models import School, User
from apps.classrooms import policies
from apps.classrooms.enums import Role
from apps.classrooms.errors import IdTaken, InvalidDates, MarksPromised
from apps.classrooms.models import Classroom
from apps.classrooms.services.codes import code_open
from apps.classrooms.services.enrolments import enrolment_write
from apps.classrooms.services.events import tell
from apps.classrooms.services.locks import classroom_lock
from apps.content.models import Course

FIELDS = (
    *("title", "term", "language", "time_zone", "starts_on", "ends_on"),
    *("keeps_marks", "sis_id"),
)


@transaction.atomic
def classroom_create(
    *, school: School, course: Course, fields: Mapping[str, Any], actor: User, now: datetime
) -> Classroom:
    """Begin a teaching of `course`; `actor` becomes its instructor and a join code is open.

    fields: any of FIELDS, "title" at least.
    Raises: NotFound unless `actor` teaches at the school and the course is the school's own or
    shared; IdTaken; InvalidDates; ValidationError.  Queries: 9.
    """
    policies.check_teaches_at(actor, school)
    policies.check_course_is_offered(course, school)
    classroom = Classroom(school=school, course=course)
    _write(classroom, fields)
    enrolment_write(classroom=classroom, user=actor, role=Role.INSTRUCTOR, actor=actor, now=now)
    code_open(classroom=classroom, now=now)
    tell("classroom.created", classroom.public_id, classroom, actor, now)
    return classroom


@transaction.atomic
def classroom_save(
    *, classroom: Classroom, fields: Mapping[str, Any], actor: User | None, now: datetime
) -> Classroom:
    """Write what the class says of itself; its course and school stay.

    actor: None when the school's own client asks.
    Raises: ClassroomArchived, IdTaken, InvalidDates, MarksPromised, ValidationError.
    Locks: Classroom.  Queries: 5, or 6 where it is to keep marks from now on.
    """
    classroom = classroom_lock(classroom)
    policies.check_is_running(classroom)
    if fields.get("keeps_marks") and not classroom.keeps_marks:
        _check_nobody_was_promised(classroom)
    _write(classroom, fields)
    tell("classroom.changed", classroom.public_id, classroom, actor, now)
    return classroom


@transaction.atomic
def classroom_archive(*, classroom: Classroom, actor: User | None, now: datetime) -> Classroom:
    """End a class: it stays readable, and its join codes stop working; twice is once.

    Locks: Classroom.  Queries: 4.
    """
    classroom = classroom_lock(classroom)
    if classroom.archived_at is None:
        classroom.archived_at = now
        classroom.save(update_fields=["archived_at", "updated_at"])
        classroom.join_codes.filter(closed_at__isnull=True).update(closed_at=now)
        tell("classroom.archived", classroom.public_id, classroom, actor, now)
    return classroom


@transaction.atomic
def classroom_unarchive(*, classroom: Classroom, actor: User | None, now: datetime) -> Classroom:
    """Take up an ended class again, without a join code; twice is once.

    Locks: Classroom.  Queries: 3.
    """
    classroom = classroom_lock(classroom)
    if classroom.archived_at is not None:
        classroom.archived_at = None
        classroom.save(update_fields=["archived_at", "updated_at"])
        tell("classroom.unarchived", classroom.public_id, classroom, actor, now)
    return classroom


def _check_nobody_was_promised(classroom: Classroom) -> None:
    """Raises: MarksPromised where students came in on the word that their marks go with them."""
    if classroom.enrolments.filter(role=Role.STUDENT).exists():
        raise MarksPromised(
            _("Students came in on the word that their marks go with them; that word holds."),
            field="keeps_marks",
        )


def _write(classroom: Classroom, fields: Mapping[str, Any]) -> None:
    for name in FIELDS:
        if name in fields:
            setattr(classroom, name, fields[name])
    starts, ends = classroom.starts_on, classroom.ends_on
    if starts and ends and ends < starts:
        raise InvalidDates(_("The class cannot end before it begins."), field="ends_on")
    classroom.clean_fields(exclude=["school", "course"])
    try:
        with transaction.atomic():
            classroom.save()
    except IntegrityError as error:
        raise IdTaken(_("Another class of the school has this id.")) from error
