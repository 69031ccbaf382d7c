"""What one is told of, and how one wants to be told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import django_filters
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_filters.rest_framework import FilterSet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import User
from apps.api.enums import Scope
from apps.api.v1.access import PERSONS, ApiView, person_of
from apps.api.v1.details import DetailView, answer_one, answer_written, row_of, unchanged
from apps.api.v1.filters import BooleanFilter
from apps.api.v1.inputs import Input, read
from apps.api.v1.lists import ListView, Row
from apps.api.v1.repeats import idempotent
from apps.api.v1.shapes import STRING, Json, Shape
from apps.core.errors import NotFound
from apps.notifications import selectors, services
from apps.notifications.enums import Frequency, Kind
from apps.notifications.models import Notification, Rhythm
from apps.notifications.schedule import zone_of

NOTIFICATION = Shape(
    "Notification",
    Notification,
    {
        "id": "public_id",
        "kind": "kind",
        "text": "pk",  # put together as it is read
        "classroom_id": "classroom__public_id",
        "subject_kind": "subject_kind",
        "subject_id": "subject_id",
        "path": "path",
        "happened_at": "happened_at",
        "read_at": "read_at",
    },
    others={
        "text": {**STRING, "description": "Plain, of one line, in the person's language."},
        "path": {**STRING, "description": "The page of this site that it is about."},
    },
    example={
        "id": "6a6f7d0f-2f0b-4c5e-9a53-0f6a1c552a4e",
        "kind": "grade",
        "text": "Your grade for “Presentation” is out.",
        "classroom_id": "0f6a1c55-2f0b-4c5e-9a53-6a6f7d0f2a4e",
        "subject_kind": "grade",
        "subject_id": "70f24f35-bd0e-4a0c-9ed9-a1d35b0a4a0c",
        "path": "/classes/0f6a1c55-2f0b-4c5e-9a53-6a6f7d0f2a4e/my-grades/",
        "happened_at": "2026-10-02T09:00:00Z",
        "read_at": None,
    },
)
_KIND: Json = {"type": "string", "enum": Kind.values}
_PREFERENCES: Json = {
    "title": "NotificationPreferences",
    "type": "object",
    "properties": {
        "frequency": {"type": "string", "enum": Frequency.values},
        "hour": {"type": "integer", "description": "Of the letter, by the person's own clock."},
        "weekday": {"type": "integer", "description": "Of the weekly letter; 0 is Monday."},
        "kinds": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "kind": _KIND,
                    "in_site": {"type": "boolean"},
                    "by_email": {"type": "boolean"},
                },
            },
        },
    },
    "examples": [
        {
            "frequency": "daily",
            "hour": 18,
            "weekday": 6,
            "kinds": [{"kind": "grade", "in_site": True, "by_email": False}],
        }
    ],
}


class NotificationFilters(FilterSet):
    kind = django_filters.ChoiceFilter(choices=Kind.choices)
    is_read = BooleanFilter("read_at", "isnull", exclude=True)
    classroom = django_filters.UUIDFilter("classroom__public_id")
    happened_since = django_filters.IsoDateTimeFilter("happened_at", "gte")

    class Meta:
        model = Notification
        fields: tuple[str, ...] = ()


class ReadIn(Input):
    until = serializers.DateTimeField(
        help_text="What happened later stays unread: nobody has seen it yet."
    )


class ChoiceIn(Input):
    kind = serializers.ChoiceField(Kind.choices)
    in_site = serializers.BooleanField()
    by_email = serializers.BooleanField()


class PreferencesIn(Input):
    """What is not named stays as it is, kinds included."""

    frequency = serializers.ChoiceField(Frequency.choices, required=False)
    hour = serializers.IntegerField(min_value=0, max_value=23, required=False)
    weekday = serializers.IntegerField(min_value=0, max_value=6, required=False)
    kinds = serializers.ListField(child=ChoiceIn(), max_length=len(Kind), required=False)


class Notifications(ListView):
    """What one is told in the site, the oldest first; `?ordering=-happened_at` turns it round.

    What was removed, or is held again, says nothing and is left out, so that a page may be short.
    """

    scope = Scope.NOTIFICATIONS
    callers = PERSONS
    shape = NOTIFICATION
    keys = ("happened_at", "public_id")
    ordering = ("happened_at",)
    filters = NotificationFilters

    def get(self, request: Request) -> Response:
        return self.answer(request, selectors.listed_to(person_of(request)))

    def complete(self, rows: list[Row]) -> list[Row]:
        return _told(person_of(self.request), rows)


class NotificationDetail(DetailView):
    """One of them."""

    scope = Scope.NOTIFICATIONS
    callers = PERSONS
    shape = NOTIFICATION

    def get(self, request: Request, notification: UUID) -> HttpResponseBase:
        return answer_one(request, _public(person_of(request), notification))


class NotificationRead(ApiView):
    """Mark one of them as read; twice is once. No letter tells of it any more."""

    write_scope = Scope.NOTIFICATIONS
    callers = PERSONS
    shape = NOTIFICATION
    statuses = {"post": (200,)}

    @idempotent
    def post(self, request: Request, notification: UUID) -> Response:
        person = person_of(request)
        _public(person, notification)  # what says nothing is not found
        row = selectors.notification_for(person, notification)
        services.notification_read(notification=row, now=timezone.now())
        return answer_written(_public(person, notification))


class NotificationsRead(ApiView):
    """Mark everything as read that happened until a moment, such as when the list was asked for."""

    write_scope = Scope.NOTIFICATIONS
    callers = PERSONS
    bodies = {"post": ReadIn}
    statuses = {"post": (200,)}
    body = {
        "title": "NotificationsRead",
        "type": "object",
        "required": ["count"],
        "properties": {"count": {"type": "integer", "description": "How many were unread."}},
    }

    @idempotent
    def post(self, request: Request) -> Response:
        until = read(request, ReadIn)["until"]
        count = services.notifications_read(
            user=person_of(request), until=until, now=timezone.now()
        )
        return Response({"count": count})


class NotificationPreferences(DetailView):
    """How often one is written to, and of what one is told in the site and by letter.

    Staff are told of more kinds than students are; each sees and sets their own.
    """

    scope = Scope.NOTIFICATIONS
    write_scope = Scope.NOTIFICATIONS
    callers = PERSONS
    body = _PREFERENCES
    bodies = {"patch": PreferencesIn}

    def get(self, request: Request) -> HttpResponseBase:
        return answer_one(request, _preferences(person_of(request)))

    @idempotent
    def patch(self, request: Request) -> Response:
        person = person_of(request)
        wish = read(request, PreferencesIn)
        choices = _choices(person, wish.pop("kinds", []))
        lock = User.objects.filter(pk=person.pk)
        with unchanged(request, lock=lock, read=lambda: _preferences(person)):
            known = _preferences(person)
            rhythm: dict[str, Any] = {
                name: wish.get(name, known[name]) for name in known if name != "kinds"
            }
            services.choices_save(user=person, choices=choices, **rhythm, now=timezone.now())
            body = _preferences(person)
        return answer_written(body)


def _public(person: User, notification: UUID) -> Row:
    """Raises: NotFound, also for what says nothing any more."""
    rows = selectors.listed_to(person).filter(public_id=notification)
    # Asked first, so that one refusal stands for what is missing and for what says nothing.
    told = _told(person, [row_of(rows, NOTIFICATION.fields)]) if rows.exists() else []
    if not told:
        raise NotFound(_("There is no such notification."))
    return told[0]


def _told(person: User, rows: list[Row]) -> list[Row]:
    """Those that say something, with what.  Queries: 1, and those of lines_of."""
    notices = list(Notification.objects.filter(pk__in=[row["text"] for row in rows]))
    with override(person.language), timezone.override(zone_of(person.time_zone)):
        lines = selectors.lines_of(person, notices, timezone.now())
    texts = {line.notification.pk: line.text for line in lines}
    return [{**row, "text": texts[row["text"]]} for row in rows if row["text"] in texts]


def _preferences(person: User) -> Row:
    """As they are now.  Queries: 3."""
    # Not rhythm_of: it takes what the request's person had loaded, which a change leaves behind.
    rhythm = Rhythm.objects.filter(user=person).first() or Rhythm(user=person)
    known = {each.kind: each for each in selectors.preferences_of(person)}
    return {
        "frequency": rhythm.frequency,
        "hour": rhythm.hour,
        "weekday": rhythm.weekday,
        "kinds": [
            {
                "kind": kind,
                "in_site": known[kind].in_site if kind in known else True,
                "by_email": known[kind].by_email if kind in known else True,
            }
            for kind in selectors.kinds_for(person)
        ],
    }


def _choices(person: User, rows: list[Mapping[str, Any]]) -> dict[Kind, services.Choice]:
    """Raises: ValidationError for a kind of which the person is never told, or named twice."""
    offered = selectors.kinds_for(person)
    found: dict[Kind, services.Choice] = {}
    for number, row in enumerate(rows):
        kind = Kind(row["kind"])
        if kind not in offered or kind in found:
            wrong = "It is named twice." if kind in found else "You are told of no such thing."
            raise serializers.ValidationError({f"kinds.{number}.kind": [wrong]})
        found[kind] = services.Choice(in_site=row["in_site"], by_email=row["by_email"])
    return found
