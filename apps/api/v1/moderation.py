"""What the staff of a class do about arguments, and the log of it."""

from __future__ import annotations

from uuid import UUID

import django_filters
from django.http import HttpResponseBase
from django.utils import timezone
from django_filters.rest_framework import FilterSet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.enums import Scope
from apps.api.v1.filters import BooleanFilter
from apps.api.v1.inputs import Input, read
from apps.api.v1.lists import ListView
from apps.api.v1.repeats import idempotent
from apps.api.v1.seats import person_at, staff_sight_at
from apps.api.v1.shapes import Shape
from apps.debates import selectors as debates
from apps.debates import services
from apps.debates.enums import ModerationKind
from apps.debates.models import ModerationAction, Report

ACTION = Shape(
    "ModerationAction",
    ModerationAction,
    {
        "argument_id": "argument__public_id",
        "kind": "kind",
        "reason": "reason",
        "actor": "actor__display_name",
        "happened_at": "happened_at",
    },
    example={
        "argument_id": "5b0a4a0c-70f2-4f35-bd0e-7a0c5ed9a1d3",
        "kind": "hide",
        "reason": "It is about a person and not about the motion.",
        "actor": "Ayesha Khan",
        "happened_at": "2026-10-02T09:00:00Z",
    },
)
REPORT = Shape(
    "Report",
    Report,
    {
        "argument_id": "argument__public_id",
        "participant_id": "participant__public_id",
        "reason": "reason",
        "reported_at": "reported_at",
        "decided_at": "decided_at",
    },
    example={
        "argument_id": "5b0a4a0c-70f2-4f35-bd0e-7a0c5ed9a1d3",
        "participant_id": "7d0f2a4e-2f0b-4c5e-9a53-6a6f0f6a1c55",
        "reason": "It is about me.",
        "reported_at": "2026-10-02T08:00:00Z",
        "decided_at": None,
    },
)


class ReportFilters(FilterSet):
    is_waiting = BooleanFilter("decided_at", "isnull")

    class Meta:
        model = Report
        fields: tuple[str, ...] = ()


class DeedFilters(FilterSet):
    kind = django_filters.ChoiceFilter(choices=ModerationKind.choices)
    happened_since = django_filters.IsoDateTimeFilter("happened_at", "gte")

    class Meta:
        model = ModerationAction
        fields: tuple[str, ...] = ()


class ActionFilters(DeedFilters):
    argument = django_filters.UUIDFilter("argument__public_id")


class ActionIn(Input):
    kind = serializers.ChoiceField(ModerationKind.choices)
    reason = serializers.CharField(max_length=500, help_text="The author reads it.")


class DebateReports(ListView):
    """What was reported in a debate, the oldest first; for its staff."""

    scope = Scope.DEBATES_READ
    shape = REPORT
    ordering = ("reported_at", "decided_at")
    keys = ("reported_at", "argument__public_id", "participant__public_id")
    filters = ReportFilters

    def get(self, request: Request, run: UUID) -> Response:
        sight = staff_sight_at(request, run)
        return self.answer(request, Report.objects.filter(argument__run=sight.run))


class ModerationLog(ListView):
    """Every act of a moderator in a debate, the oldest first; for its staff."""

    scope = Scope.DEBATES_READ
    shape = ACTION
    ordering = ("happened_at",)
    keys = ("happened_at", "argument__public_id", "kind")
    filters = ActionFilters

    def get(self, request: Request, run: UUID) -> Response:
        sight = staff_sight_at(request, run)
        return self.answer(request, ModerationAction.objects.filter(run=sight.run))


class ArgumentModeration(ListView):
    """What moderators did to one argument, for its staff; POST does something, with a reason."""

    scope = Scope.DEBATES_READ
    write_scope = Scope.DEBATES_WRITE
    shape = ACTION
    ordering = ("happened_at",)
    filters = DeedFilters
    keys = ("happened_at", "kind")
    bodies = {"post": ActionIn}

    def get(self, request: Request, run: UUID, argument: UUID) -> HttpResponseBase:
        row = debates.argument_for(staff_sight_at(request, run), argument)
        return self.answer(request, ModerationAction.objects.filter(argument=row))

    @idempotent
    def post(self, request: Request, run: UUID, argument: UUID) -> Response:
        person = person_at(request)
        row = debates.argument_for(staff_sight_at(request, run), argument)
        wish = read(request, ActionIn)
        act = services.argument_moderate(argument=row, **wish, actor=person, now=timezone.now())
        body = {
            "argument_id": row.public_id,
            "kind": act.kind,
            "reason": act.reason,
            "actor": person.display_name,
            "happened_at": act.happened_at,
        }
        return Response(body, status=201)
