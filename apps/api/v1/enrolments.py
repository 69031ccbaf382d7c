"""Who is in a class: what a school's LMS keeps in step with its roster."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils import timezone
from django_filters.rest_framework import FilterSet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api import selectors
from apps.api.enums import Scope
from apps.api.v1.access import actor_of, caller_of, check_pace
from apps.api.v1.details import DetailView, answer_one, answer_written, row_of, unchanged
from apps.api.v1.inputs import Input, read
from apps.api.v1.lists import ListView, Row
from apps.api.v1.repeats import idempotent
from apps.api.v1.shapes import Shape
from apps.api.v1.users import USER
from apps.classrooms import services as classrooms
from apps.classrooms.enums import Role
from apps.classrooms.models import Classroom, Enrolment, Invitation

ENROLMENT = Shape(
    "Enrolment",
    Enrolment,
    {
        "id": "public_id",
        "sis_id": "sis_id",
        "user_id": "user__public_id",
        "name": "user__display_name",
        "role": "role",
        "removed_at": "removed_at",
        "updated_at": "updated_at",
    },
    example={
        "id": "7d0f2a4e-2f0b-4c5e-9a53-6a6f0f6a1c55",
        "sis_id": "1007",
        "user_id": "0b8f6d0e-93d5-4f0e-8b67-1f1f4f0a9f10",
        "name": "Amina Karim",
        "role": "student",
        "removed_at": None,
        "updated_at": "2026-09-01T08:00:00Z",
    },
)
INVITATION = Shape(
    "Invitation",
    Invitation,
    {
        "id": "public_id",
        "sis_id": "sis_id",
        "email": "email",
        "name": "display_name",
        "role": "role",
        "updated_at": "updated_at",
    },
    example={
        "id": "5b0a4a0c-70f2-4f35-bd0e-7a0c5ed9a1d3",
        "sis_id": "1008",
        "email": "danish@example.edu",
        "name": "Danish Ali",
        "role": "student",
        "updated_at": "2026-09-01T08:00:00Z",
    },
)


class EnrolmentFilters(FilterSet):
    sis_id = django_filters.CharFilter()
    role = django_filters.ChoiceFilter(choices=Role.choices)
    updated_since = django_filters.IsoDateTimeFilter("updated_at", "gte")

    class Meta:
        model = Enrolment
        fields: tuple[str, ...] = ()


class InvitationFilters(FilterSet):
    sis_id = django_filters.CharFilter()
    role = django_filters.ChoiceFilter(choices=Role.choices)
    updated_since = django_filters.IsoDateTimeFilter("updated_at", "gte")

    class Meta:
        model = Invitation
        fields: tuple[str, ...] = ()


class EnrolmentIn(Input):
    role = serializers.ChoiceField(Role.choices)
    sis_id = serializers.CharField(max_length=120, allow_blank=True)


class InvitationIn(Input):
    email = serializers.EmailField(max_length=254)
    name = serializers.CharField(max_length=80, allow_blank=True, default="")
    role = serializers.ChoiceField(Role.choices, default=Role.STUDENT.value)
    sis_id = serializers.CharField(max_length=120, allow_blank=True, default="")


class Enrolments(ListView):
    """Everybody who is or was in a class; who left has `removed_at`."""

    scope = Scope.ROSTER_READ
    shape = ENROLMENT
    ordering = ("name", "sis_id", "removed_at", "updated_at")
    filters = EnrolmentFilters
    gone = ("enrolment.removed",)
    expansions = {"user": (USER, "user")}

    def get(self, request: Request, key: str) -> Response:
        classroom = selectors.classroom_taught(caller_of(request), key)
        rows = selectors.enrolments(classroom)
        return self.answer(request, rows, within=classroom.public_id)


class EnrolmentDetail(DetailView):
    """One person of a class. Taking them out keeps their work."""

    scope = Scope.ROSTER_READ
    write_scope = Scope.ROSTER_WRITE
    shape = ENROLMENT
    bodies = {"patch": EnrolmentIn}

    def get(self, request: Request, key: str, person: str) -> HttpResponseBase:
        classroom = selectors.classroom_taught(caller_of(request), key)
        return answer_one(request, _public(selectors.enrolment_in(classroom, person)))

    @idempotent
    def patch(self, request: Request, key: str, person: str) -> Response:
        row = self._asked(request, key, person)
        wish = read(request, EnrolmentIn, is_partial=True)
        with unchanged(request, lock=_lock(row), read=lambda: _public(row)):
            row = classrooms.enrolment_save(
                enrolment=row,
                role=wish.get("role", row.role),
                sis_id=wish.get("sis_id", row.sis_id),
                actor=actor_of(request),
                now=timezone.now(),
            )
            body = _public(row)
        return answer_written(body)

    @idempotent
    def delete(self, request: Request, key: str, person: str) -> Response:
        row = self._asked(request, key, person)
        with unchanged(request, lock=_lock(row), read=lambda: _public(row)):
            classrooms.enrolment_remove(enrolment=row, actor=actor_of(request), now=timezone.now())
        return Response(status=204)

    def _asked(self, request: Request, key: str, person: str) -> Enrolment:
        classroom = selectors.classroom_run(caller_of(request), key)
        row = selectors.enrolment_in(classroom, person)
        row.classroom = classroom
        return row


class Invitations(ListView):
    """Places kept for addresses that nobody has taken yet."""

    scope = Scope.ROSTER_READ
    write_scope = Scope.ROSTER_WRITE
    shape = INVITATION
    ordering = ("email", "name", "updated_at")
    filters = InvitationFilters
    gone = ("invitation.accepted", "invitation.declined", "invitation.withdrawn")
    bodies = {"post": InvitationIn}

    def get(self, request: Request, key: str) -> Response:
        classroom = selectors.classroom_run(caller_of(request), key)
        rows = selectors.invitations(classroom)
        return self.answer(request, rows, within=classroom.public_id)

    @idempotent
    def post(self, request: Request, key: str) -> Response:
        classroom = selectors.classroom_run(caller_of(request), key)
        wish = read(request, InvitationIn)
        if actor_of(request) is not None:
            check_pace(request, "classroom_invite")
        row = classrooms.invitation_create(
            classroom=classroom,
            email=wish["email"],
            display_name=wish["name"],
            role=wish["role"],
            sis_id=wish["sis_id"],
            actor=actor_of(request),
            now=timezone.now(),
        )
        body = row_of(Invitation.objects.filter(pk=row.pk), INVITATION.fields)
        return Response(body, status=201)


def _public(row: Enrolment) -> Row:
    return row_of(Enrolment.objects.filter(pk=row.pk), ENROLMENT.fields)


def _lock(row: Enrolment) -> QuerySet[Classroom]:
    """Who changes the people of a class holds the class."""
    return Classroom.objects.filter(pk=row.classroom_id)
