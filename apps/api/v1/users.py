"""People: whoever calls, and those of the classes that they teach."""

from __future__ import annotations

import django_filters
from django.http import HttpResponseBase
from django_filters.rest_framework import FilterSet
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import User
from apps.api import selectors
from apps.api.enums import Scope
from apps.api.v1.access import PERSONS, caller_of, person_of
from apps.api.v1.details import DetailView, answer_one, row_of
from apps.api.v1.lists import ListView
from apps.api.v1.shapes import Shape

USER = Shape(
    "User",
    User,
    {"id": "public_id", "name": "display_name", "language": "language", "time_zone": "time_zone"},
    example={
        "id": "0b8f6d0e-93d5-4f0e-8b67-1f1f4f0a9f10",
        "name": "Amina Karim",
        "language": "en",
        "time_zone": "Asia/Karachi",
    },
)
ME = Shape(
    "Me",
    User,
    {**USER.fields, "email": "email", "joined_at": "date_joined"},
    example={
        **USER.example,
        "email": "amina@example.edu",
        "joined_at": "2026-08-20T10:00:00Z",
    },
)


class UserFilters(FilterSet):
    name = django_filters.CharFilter("display_name", "icontains")

    class Meta:
        model = User
        fields: tuple[str, ...] = ()


class Users(ListView):
    """Yourself and the people of the classes that you teach; of a client, its school's classes."""

    scope = Scope.USERS_READ
    shape = USER
    ordering = ("name",)
    filters = UserFilters

    def get(self, request: Request) -> Response:
        return self.answer(request, selectors.users_of(caller_of(request)))


class UserDetail(DetailView):
    """One of them."""

    scope = Scope.USERS_READ
    shape = USER

    def get(self, request: Request, user: str) -> HttpResponseBase:
        row = selectors.user_of(caller_of(request), user)
        return answer_one(request, row_of(User.objects.filter(pk=row.pk), USER.fields))


class UserMe(DetailView):
    """Whoever the token acts for."""

    scope = Scope.USERS_READ
    callers = PERSONS
    shape = ME

    def get(self, request: Request) -> HttpResponseBase:
        return answer_one(request, row_of(User.objects.filter(pk=person_of(request).pk), ME.fields))
