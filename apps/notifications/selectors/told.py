"""Somebody is to be told of something: what every source of notifications comes to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.classrooms.enums import STAFF_ROLES, Role
from apps.classrooms.models import Enrolment
from apps.notifications.enums import Kind, SubjectKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One person, one fact.  The same `cause` is the same fact, whoever finds it again.

    actor_id: who did it, and is not told.  None: nobody did.
    """

    recipient_id: int
    kind: Kind
    cause: str
    subject_kind: SubjectKind
    subject_id: UUID
    classroom_id: int
    path: str
    happened_at: datetime
    actor_id: UUID | None = None
    detail: str = ""


def students_of(classrooms: Collection[int]) -> dict[int, list[int]]:
    """{class: its students} of today.  Queries: 1."""
    return _people(classrooms, [Role.STUDENT])


def staff_of(classrooms: Collection[int]) -> dict[int, list[int]]:
    """{class: who marks and moderates in it} today.  Queries: 1."""
    return _people(classrooms, STAFF_ROLES)


def members_of(classrooms: Collection[int]) -> set[tuple[int, int]]:
    """(class, person) of everybody who is in one of these.  Queries: 1."""
    rows = _people(classrooms, Role.values)
    return {(classroom, person) for classroom, people in rows.items() for person in people}


def _people(classrooms: Collection[int], roles: Collection[str]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    if classrooms:
        rows = Enrolment.objects.active().filter(classroom__in=classrooms, role__in=roles)
        for classroom, person in rows.order_by("pk").values_list("classroom_id", "user_id"):
            found[classroom].append(person)
    return found
