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
from apps.api.v1.access import ApiView, actor_of, caller_of
from apps.api.v1.details import answer_one, row_of, tag_of, unchanged
from apps.api.v1.inputs import Input, read
from apps.api.v1.lists import Row, answer_list
from apps.api.v1.repeats import idempotent
from apps.classrooms import services as classrooms
from apps.classrooms.enums import Role
from apps.classrooms.models import Classroom, Enrolment, Invitation

ENROLMENT = {
    "id": "public_id",
    "sis_id": "sis_id",
    "user_id": "user__public_id",
    "name": "user__display_name",
    "role": "role",
    "removed_at": "removed_at",
    "updated_at": "updated_at",
}
INVITATION = {
    "id": "public_id",
    "sis_id": "sis_id",
    "email": "email",
    "name": "display_name",
    "role": "role",
    "updated_at": "updated_at",
}


class EnrolmentFilters(FilterSet):
    sis_id = django_filters.CharFilter()
    role = django_filters.ChoiceFilter(choices=Role.choices)
    updated_since = django_filters.IsoDateTimeFilter("updated_at", "gte")

    class Meta:
        model = Enrolment
        fields: tuple[str, ...] = ()


class EnrolmentIn(Input):
    role = serializers.ChoiceField(Role.choices)
    sis_id = serializers.CharField(max_length=120, allow_blank=True)


class InvitationIn(Input):
    email = serializers.EmailField(max_length=254)
    name = serializers.CharField(max_length=80, allow_blank=True, default="")
    role = serializers.ChoiceField(Role.choices, default=Role.STUDENT.value)
    sis_id = serializers.CharField(max_length=120, allow_blank=True, default="")


class Enrolments(ApiView):
    scope = Scope.CLASSES_READ

    def get(self, request: Request, key: str) -> Response:
        rows = selectors.enrolments(selectors.classroom_taught(caller_of(request), key))
        return answer_list(
            request, rows, keys=["public_id"], fields=ENROLMENT, filters=EnrolmentFilters
        )


class EnrolmentDetail(ApiView):
    """One person of a class. Taking them out keeps their work."""

    scope = Scope.CLASSES_READ
    write_scope = Scope.CLASSES_WRITE

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
        return Response(body, headers={"ETag": tag_of(body)})

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


class Invitations(ApiView):
    """Places kept for addresses that nobody has taken yet."""

    scope = Scope.CLASSES_READ
    write_scope = Scope.CLASSES_WRITE

    def get(self, request: Request, key: str) -> Response:
        classroom = selectors.classroom_run(caller_of(request), key)
        rows = selectors.invitations(classroom)
        return answer_list(request, rows, keys=["public_id"], fields=INVITATION)

    @idempotent
    def post(self, request: Request, key: str) -> Response:
        classroom = selectors.classroom_run(caller_of(request), key)
        wish = read(request, InvitationIn)
        row = classrooms.invitation_create(
            classroom=classroom,
            email=wish["email"],
            display_name=wish["name"],
            role=wish["role"],
            sis_id=wish["sis_id"],
            actor=actor_of(request),
            now=timezone.now(),
        )
        return Response(row_of(Invitation.objects.filter(pk=row.pk), INVITATION), status=201)


def _public(row: Enrolment) -> Row:
    return row_of(Enrolment.objects.filter(pk=row.pk), ENROLMENT)


def _lock(row: Enrolment) -> QuerySet[Classroom]:
    """Who changes the people of a class holds the class."""
    return Classroom.objects.filter(pk=row.classroom_id)
