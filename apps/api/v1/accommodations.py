"""What single students of a class are granted: time, attempts, dates."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django_filters.rest_framework import FilterSet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api import selectors
from apps.api.enums import Scope
from apps.api.v1.access import actor_of, caller_of
from apps.api.v1.details import DetailView, answer_one, answer_written, row_of, unchanged
from apps.api.v1.inputs import Input, read
from apps.api.v1.lists import ListView, Row
from apps.api.v1.repeats import idempotent
from apps.api.v1.shapes import Shape
from apps.classrooms import services as classrooms
from apps.classrooms.models import Accommodation, Classroom, Enrolment
from apps.core.errors import NotFound

WHOLE_CLASS = "class"
ACCOMMODATION = Shape(
    "Accommodation",
    Accommodation,
    {
        "id": "public_id",
        "activity_id": "activity_id",
        "time_ratio": "time_ratio",
        "extra_attempts": "extra_attempts",
        "opens_at": "opens_at",
        "due_at": "due_at",
        "closes_at": "closes_at",
        "note": "note",
        "updated_at": "updated_at",
    },
    example={
        "id": "1d0c5a4e-2f0b-4c5e-9a53-6a6f7d0f2a4e",
        "activity_id": None,
        "time_ratio": 1.5,
        "extra_attempts": None,
        "opens_at": None,
        "due_at": None,
        "closes_at": None,
        "note": "",
        "updated_at": "2026-09-01T08:00:00Z",
    },
)


class AccommodationIn(Input):
    """null: as everybody. One of them, besides the note, says something."""

    time_ratio = serializers.DecimalField(
        max_digits=4,
        decimal_places=2,
        min_value=1,
        max_value=10,
        allow_null=True,
        default=None,
        coerce_to_string=False,
    )
    extra_attempts = serializers.IntegerField(
        min_value=0, max_value=100, allow_null=True, default=None
    )
    opens_at = serializers.DateTimeField(allow_null=True, default=None)
    due_at = serializers.DateTimeField(allow_null=True, default=None)
    closes_at = serializers.DateTimeField(allow_null=True, default=None)
    note = serializers.CharField(max_length=300, allow_blank=True, default="")


class AccommodationFilters(FilterSet):
    activity = django_filters.UUIDFilter("activity_id")

    class Meta:
        model = Accommodation
        fields: tuple[str, ...] = ()


class Accommodations(ListView):
    """What one student is granted; instructors and the school's program see it."""

    scope = Scope.ROSTER_READ
    shape = ACCOMMODATION
    ordering = ("updated_at",)
    filters = AccommodationFilters

    def get(self, request: Request, key: str, person: str) -> Response:
        enrolment = _asked(request, key, person)
        return self.answer(request, selectors.accommodations(enrolment))


class AccommodationDetail(DetailView):
    """What a student is granted in one activity, or in all of the class; PUT makes or replaces it.

    Replacing needs `If-Match`.
    """

    scope = Scope.ROSTER_READ
    write_scope = Scope.ROSTER_WRITE
    shape = ACCOMMODATION
    bodies = {"put": AccommodationIn}

    def get(self, request: Request, key: str, person: str, activity: str) -> HttpResponseBase:
        enrolment = _asked(request, key, person)
        return answer_one(request, _public(_rows(enrolment, _activity(activity))))

    @idempotent
    def put(self, request: Request, key: str, person: str, activity: str) -> Response:
        enrolment, activity_id = _asked(request, key, person), _activity(activity)
        wish = read(request, AccommodationIn)
        rows = _rows(enrolment, activity_id)

        def save() -> Row:
            classrooms.accommodation_save(
                enrolment=enrolment,
                activity_id=activity_id,
                fields=wish,
                actor=actor_of(request),
                now=timezone.now(),
            )
            return _public(rows)

        if rows.exists():
            with unchanged(request, lock=_lock(enrolment), read=lambda: _public(rows)):
                body = save()
        else:
            body = save()
        return answer_written(body)

    @idempotent
    def delete(self, request: Request, key: str, person: str, activity: str) -> Response:
        enrolment = _asked(request, key, person)
        rows = _rows(enrolment, _activity(activity))
        row = rows.select_related("enrolment__classroom__school").first()
        if row is None:
            raise NotFound(_("There is no such accommodation."))
        with unchanged(request, lock=_lock(enrolment), read=lambda: _public(rows)):
            classrooms.accommodation_delete(
                accommodation=row, actor=actor_of(request), now=timezone.now()
            )
        return Response(status=204)


def _asked(request: Request, key: str, person: str) -> Enrolment:
    classroom = selectors.classroom_run(caller_of(request), key)
    enrolment = selectors.enrolment_in(classroom, person)
    enrolment.classroom = classroom
    return enrolment


def _activity(text: str) -> UUID | None:
    """The public id of an assignment or debate; None for `class`, all of it.  Raises: NotFound."""
    if text == WHOLE_CLASS:
        return None
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound(_("There is no such activity in this class.")) from error


def _rows(enrolment: Enrolment, activity_id: UUID | None) -> QuerySet[Any]:
    rows = selectors.accommodations(enrolment)
    if activity_id is None:
        return rows.filter(activity_id__isnull=True)
    return rows.filter(activity_id=activity_id)


def _public(rows: QuerySet[Any]) -> Row:
    return row_of(rows, ACCOMMODATION.fields)


def _lock(enrolment: Enrolment) -> QuerySet[Classroom]:
    return Classroom.objects.filter(pk=enrolment.classroom_id)
