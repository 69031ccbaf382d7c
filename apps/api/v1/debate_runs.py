"""Debates given to classes: their rules, dates and sides, and where the caller stands."""

from __future__ import annotations

from typing import Any
from uuid import UUID

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
from apps.api.v1.access import caller_of
from apps.api.v1.details import DetailView, answer_one, answer_written, unchanged
from apps.api.v1.inputs import Input, read
from apps.api.v1.lists import ListView, Row
from apps.api.v1.repeats import idempotent
from apps.api.v1.seats import person_at, run_deciding_at, sight_at
from apps.api.v1.shapes import MOMENT, STRING, Json, Shape, named, or_null
from apps.debates import selectors as debates
from apps.debates import services
from apps.debates.enums import EvidenceRule, PhaseKind, SideRule
from apps.debates.models import DebateRun, RunPhase
from apps.debates.phases import Window, phase_at
from apps.debates.selectors import Seat

PHASES: Json = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "kind": {"type": "string", "enum": list(PhaseKind.values)},
            "opens_at": MOMENT,
            "closes_at": MOMENT,
        },
    },
}
PHASE: Json = {
    **or_null({"type": "string", "enum": list(PhaseKind.values)}),
    "description": "What it is at by the server's clock; null between phases.",
}
SIDES: Json = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "key": STRING,
            "label": STRING,
            "actor": or_null(STRING),
            "leaning": {"type": "integer"},
            "sources": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"reference": STRING, "locator": STRING, "note": STRING},
                },
            },
            "opening_html": {**STRING, "description": "Empty where the caller may not read it."},
        },
    },
}
MINE: Json = {
    "type": ["object", "null"],
    "description": "A student's own part; null for the staff and before the opening stance.",
    "properties": {
        "participant_id": {"type": "string", "format": "uuid"},
        "number": {"type": "integer"},
        "side": or_null(STRING),
        "arguments_owed": {"type": "integer"},
        "rebuttals_owed": {"type": "integer"},
        "has_closed": {"type": "boolean"},
    },
}
RULES = (
    *("evidence_rule", "side_rule", "min_words", "max_words", "arguments_owed"),
    *("rebuttals_owed", "peer_reviews_owed", "is_anonymous", "posts_first", "shows_openings"),
)
_FIELDS = {
    "id": "public_id",
    "debate_id": "debate__public_id",
    "classroom_id": "classroom__public_id",
    **named("motion", *RULES),
}
_EXAMPLE: Json = {
    "id": "2f0b4c5e-9a53-4a6f-8f6a-1c550f6a1c55",
    "debate_id": "9f100b8f-6d0e-4f1f-93d5-4f0e8b674f0a",
    "classroom_id": "0f6a1c55-2f0b-4c5e-9a53-6a6f7d0f2a4e",
    "motion": "The SCO is becoming a counterweight to NATO.",
    "evidence_rule": "labelled",
    "side_rule": "chosen",
    "min_words": 10,
    "max_words": 300,
    "arguments_owed": 1,
    "rebuttals_owed": 2,
    "peer_reviews_owed": 0,
    "is_anonymous": False,
    "posts_first": False,
    "shows_openings": False,
    "phase": "arguing",
    "phases": [
        {
            "kind": "arguing",
            "opens_at": "2026-10-01T09:00:00Z",
            "closes_at": "2026-10-08T09:00:00Z",
        }
    ],
}
RUN = Shape(
    "DebateRun",
    DebateRun,
    {**_FIELDS, "phase": "pk", "phases": "pk"},
    others={"phase": PHASE, "phases": PHASES},
    example=_EXAMPLE,
)
RUN_WHOLE = Shape(
    "DebateRunWhole",
    DebateRun,
    {
        **_FIELDS,
        "background_html": "background_html",
        "phase": "pk",
        "phases": "pk",
        "sides": "pk",
        "mine": "pk",
    },
    others={"phase": PHASE, "phases": PHASES, "sides": SIDES, "mine": MINE},
    example={
        **_EXAMPLE,
        "background_html": "<p>…</p>",
        "sides": [
            {
                "key": "for",
                "label": "Yes",
                "actor": None,
                "leaning": 1,
                "sources": [{"reference": "khan1961", "locator": "pp. 3-5", "note": "…"}],
                "opening_html": "",
            }
        ],
        "mine": None,
    },
)


class PhaseIn(Input):
    kind = serializers.ChoiceField(PhaseKind.choices)
    opens_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()


class RulesIn(Input):
    """What a class does otherwise than the debate says."""

    evidence_rule = serializers.ChoiceField(EvidenceRule.choices, required=False)
    side_rule = serializers.ChoiceField(SideRule.choices, required=False)
    min_words = serializers.IntegerField(min_value=0, max_value=5_000, required=False)
    max_words = serializers.IntegerField(min_value=1, max_value=5_000, required=False)
    arguments_owed = serializers.IntegerField(min_value=0, max_value=100, required=False)
    rebuttals_owed = serializers.IntegerField(min_value=0, max_value=100, required=False)
    peer_reviews_owed = serializers.IntegerField(min_value=0, max_value=20, required=False)
    is_anonymous = serializers.BooleanField(required=False)
    posts_first = serializers.BooleanField(required=False)
    shows_openings = serializers.BooleanField(required=False)


class RunIn(Input):
    debate_id = serializers.UUIDField()
    phases = serializers.ListField(child=PhaseIn(), min_length=1, max_length=len(PhaseKind))
    rules = RulesIn(required=False)


class RunDatesIn(Input):
    phases = serializers.ListField(child=PhaseIn(), min_length=1, max_length=len(PhaseKind))


class RunFilters(FilterSet):
    debate = django_filters.UUIDFilter("debate__public_id")

    class Meta:
        model = DebateRun
        fields: tuple[str, ...] = ()


class DebateRuns(ListView):
    """The debates of a class, with their dates. Its instructors give it another by POST."""

    scope = Scope.DEBATES_READ
    write_scope = Scope.DEBATES_WRITE
    shape = RUN
    filters = RunFilters
    bodies = {"post": RunIn}

    def get(self, request: Request, key: str) -> Response:
        classroom = selectors.classroom_of(caller_of(request), key)
        return self.answer(request, DebateRun.objects.filter(classroom=classroom))

    def complete(self, rows: list[Row]) -> list[Row]:
        """The dates of each.  Queries: 1."""
        phases: dict[int, list[RunPhase]] = {row["phase"]: [] for row in rows}
        for phase in RunPhase.objects.filter(run__in=phases).order_by("opens_at"):
            phases[phase.run_id].append(phase)
        return [{**row, **_dates(phases[row["phase"]])} for row in rows]

    @idempotent
    def post(self, request: Request, key: str) -> Response:
        person = person_at(request)
        classroom = selectors.classroom_run(person, key)
        wish = read(request, RunIn)
        run = services.run_open(
            debate=debates.debate_offered(classroom, wish["debate_id"]),
            classroom=classroom,
            windows=_windows(wish["phases"]),
            rules=wish.get("rules"),
            actor=person,
            now=timezone.now(),
        )
        found = RunPhase.objects.filter(run=run).order_by("opens_at")
        rows = DebateRun.objects.filter(pk=run.pk).values(*RUN.fields.values())
        row = {name: rows[0][lookup] for name, lookup in RUN.fields.items()}
        return Response({**row, **_dates(list(found))}, status=201)


class DebateRunDetail(DetailView):
    """A debate of a class: what there is to begin from, and the caller's own part.

    Before the opening stance it tells as much as the site does, and no argument. Its dates are
    changed by the class's instructors.
    """

    scope = Scope.DEBATES_READ
    write_scope = Scope.DEBATES_WRITE
    shape = RUN_WHOLE
    bodies = {"patch": RunDatesIn}

    def get(self, request: Request, run: UUID) -> HttpResponseBase:
        return answer_one(request, _public(request, run))

    @idempotent
    def patch(self, request: Request, run: UUID) -> Response:
        sight = run_deciding_at(request, run)
        wish = read(request, RunDatesIn)
        lock: QuerySet[Any] = DebateRun.objects.filter(pk=sight.run.pk)
        with unchanged(request, lock=lock, read=lambda: _public(request, run)):
            services.run_reschedule(
                run=sight.run,
                windows=_windows(wish["phases"]),
                actor=person_at(request),
                now=timezone.now(),
            )
            body = _public(request, run)
        return answer_written(body)


def _public(request: Request, run_id: UUID) -> Row:
    """Queries: 6 at most."""
    sight = sight_at(request, run_id)
    run, now = sight.run, timezone.now()
    person: Any = request.user
    seat = debates.seat_of(run, person, is_staff=sight.viewer.is_staff, now=now)
    columns = DebateRun.objects.filter(pk=run.pk).values(*RUN_WHOLE.fields.values())[0]
    row = {name: columns[lookup] for name, lookup in RUN_WHOLE.fields.items()}
    return {**row, **_dates(seat.phases), "sides": _sides(seat), "mine": _mine(seat)}


def _mine(seat: Seat) -> Json | None:
    person = seat.participant
    if person is None:
        return None
    return {
        "participant_id": person.public_id,
        "number": person.number,
        "side": person.side.key if person.side else None,
        "arguments_owed": seat.arguments_owed,
        "rebuttals_owed": seat.rebuttals_owed,
        "has_closed": seat.has_closed,
    }


def _sides(seat: Seat) -> list[Json]:
    return [
        {
            "key": side.key,
            "label": side.label,
            "actor": side.actor.slug if side.actor else None,
            "leaning": side.leaning,
            "sources": [
                {
                    "reference": source.reference.key,
                    "locator": source.locator,
                    "note": source.note,
                }
                for source in side.sources.all()
            ],
            "opening_html": side.opening_html if seat.sees_openings else "",
        }
        for side in debates.sides_of(seat.run)
    ]


def _dates(phases: list[RunPhase]) -> Row:
    windows = [Window(each.kind, each.opens_at, each.closes_at) for each in phases]
    return {
        "phase": phase_at(windows, timezone.now()),
        "phases": [
            {"kind": each.kind, "opens_at": each.opens_at, "closes_at": each.closes_at}
            for each in windows
        ],
    }


def _windows(given: list[dict[str, Any]]) -> list[Window]:
    return [Window(each["kind"], each["opens_at"], each["closes_at"]) for each in given]
