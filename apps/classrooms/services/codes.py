from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from apps.accounts.models import User
from apps.classrooms import policies
from apps.classrooms.codes import code_make
from apps.classrooms.models import Classroom, JoinCode
from apps.classrooms.services.events import tell
from apps.classrooms.services.locks import classroom_lock

VALID_DAYS = 30


@transaction.atomic
def join_code_renew(
    *, classroom: Classroom, valid_days: int = VALID_DAYS, actor: User, now: datetime
) -> JoinCode:
    """Close whatever code is open and open a new one.

    Raises: ClassroomArchived.  Locks: Classroom.  Queries: 6.
    """
    classroom = classroom_lock(classroom)
    policies.check_is_running(classroom)
    classroom.join_codes.filter(closed_at__isnull=True).update(closed_at=now)
    code = code_open(classroom=classroom, valid_days=valid_days, now=now)
    tell("join_code.renewed", classroom.public_id, classroom, actor, now)
    return code


@transaction.atomic
def join_code_close(*, classroom: Classroom, actor: User, now: datetime) -> None:
    """From now on nobody joins by a code; twice is once.  Locks: Classroom.  Queries: 3."""
    classroom = classroom_lock(classroom)
    if classroom.join_codes.filter(closed_at__isnull=True).update(closed_at=now):
        tell("join_code.closed", classroom.public_id, classroom, actor, now)


def code_open(*, classroom: Classroom, valid_days: int = VALID_DAYS, now: datetime) -> JoinCode:
    """A new code; another class's code, met once in a long life, is drawn again.

    Queries: 3.
    """
    expires_at = now + timedelta(days=valid_days)
    while True:
        code = code_make()
        if not JoinCode.objects.filter(code=code).exists():
            return JoinCode.objects.create(classroom=classroom, code=code, expires_at=expires_at)
