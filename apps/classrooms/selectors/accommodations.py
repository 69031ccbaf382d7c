"""What single students are granted, as everything that counts time or tries asks for it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import F, Q
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.classrooms.models import Accommodation, Classroom, Enrolment
from apps.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class Accommodated:
    """How much one student's rules differ. A date is None where everybody's date holds."""

    time_ratio: Decimal = Decimal(1)
    extra_attempts: int = 0
    opens_at: datetime | None = None
    due_at: datetime | None = None
    closes_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """Something that students do in a class: an assignment, a debate."""

    public_id: UUID
    title: str


@dataclass(frozen=True, slots=True)
class Grant:
    """One accommodation. activity: None for everything in the class, or what exists no more."""

    row: Accommodation
    activity: Activity | None


AS_EVERYBODY = Accommodated()
_FIELDS = ("time_ratio", "extra_attempts", "opens_at", "due_at", "closes_at")
# Whatever points to a class and has these is an activity, in whichever app it is made.
_ACTIVITY_FIELDS = frozenset({"public_id", "title", "opens_at", "due_at", "closes_at"})


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


def grants_of(enrolment: Enrolment) -> list[Grant]:
    """Everything that one person is granted, what holds in all of the class first.

    Queries: 1, and 1 for each kind of activity where one is named.
    """
    rows = list(enrolment.accommodations.order_by(F("activity_id").asc(nulls_first=True), "pk"))
    activities: dict[UUID, Activity] = {}
    if any(row.activity_id for row in rows):
        classroom = enrolment.classroom
        activities = {activity.public_id: activity for activity in activities_of(classroom)}
    return [
        Grant(row, activities.get(row.activity_id) if row.activity_id else None) for row in rows
    ]


def accommodation_in(enrolment: Enrolment, public_id: UUID) -> Accommodation:
    """One of the things that a person is granted.  Raises: NotFound.  Queries: 1."""
    row = enrolment.accommodations.filter(public_id=public_id).first()
    if row is None:
        raise NotFound(_("There is no such accommodation."))
    return row


def activities_of(classroom: Classroom) -> list[Activity]:
    """What students do in the class, by title.  Queries: 1 for each kind of activity.

    The apps above make the kinds, so this walks what points to a class.
    """
    found = []
    for relation in Classroom._meta.related_objects:
        model = relation.related_model
        names = {field.name for field in model._meta.get_fields()}
        if names >= _ACTIVITY_FIELDS:
            rows = model._default_manager.filter(**{relation.field.name: classroom})  # noqa: SLF001
            found += [Activity(*row) for row in rows.values_list("public_id", "title")]
    return sorted(found, key=lambda activity: activity.title.casefold())
