"""What the staff know of a debate's students, and what came of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpResponseBase
from django.utils import timezone
from django_filters.rest_framework import FilterSet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.enums import Scope
from apps.api.v1.access import client_of
from apps.api.v1.details import DetailView, answer_one, answer_written, unchanged
from apps.api.v1.inputs import Input, read
from apps.api.v1.lists import ListView, Row
from apps.api.v1.repeats import idempotent
from apps.api.v1.seats import person_at, staff_sight_at
from apps.api.v1.shapes import STRING, Json, Shape, or_null
from apps.debates import selectors as debates
from apps.debates import services
from apps.debates.enums import ArgumentState, Criterion, Relation, StanceMoment
from apps.debates.models import Argument, Participant, RubricScore, Stance
from apps.debates.services import Mark

_INTEGER: Json = {"type": "integer"}
_NUMBER_OR_NULL: Json = or_null({"type": "number"})
PARTICIPANT = Shape(
    "DebateParticipant",
    Participant,
    {
        "id": "public_id",
        "user_id": "user__public_id",
        "name": "user__display_name",
        "number": "number",
        "side": "side__key",
        "joined_at": "joined_at",
        "opening_value": "opening_value",
        "opening_confidence": "opening_confidence",
        "closing_value": "closing_value",
        "closing_confidence": "closing_confidence",
        "arguments": "given",
        "rebuttals": "rebutted",
        "points": "points",
    },
    others={
        **{
            f"{moment}_{what}": or_null(_INTEGER)
            for moment in StanceMoment.values
            for what in ("value", "confidence")
        },
        "arguments": _INTEGER,
        "rebuttals": _INTEGER,
        "points": {**or_null(_INTEGER), "description": "By the rubric; null before marking."},
    },
    example={
        "id": "7d0f2a4e-2f0b-4c5e-9a53-6a6f0f6a1c55",
        "user_id": "0b8f6d0e-93d5-4f0e-8b67-1f1f4f0a9f10",
        "name": "Amina Karim",
        "number": 12,
        "side": "for",
        "joined_at": "2026-10-01T09:00:00Z",
        "opening_value": 2,
        "opening_confidence": 3,
        "closing_value": None,
        "closing_confidence": None,
        "arguments": 1,
        "rebuttals": 2,
        "points": None,
    },
)
_LEVEL: Json = {
    "type": ["object", "null"],
    "properties": {
        "level": {"type": "integer", "minimum": 0, "maximum": 4},
        "comment": STRING,
    },
}
SCORES = Shape(
    "RubricScores",
    Participant,
    {"participant_id": "public_id", **{str(name): "pk" for name in Criterion}},
    others={str(name): _LEVEL for name in Criterion},
    example={
        "participant_id": "7d0f2a4e-2f0b-4c5e-9a53-6a6f0f6a1c55",
        **{str(name): {"level": 3, "comment": ""} for name in Criterion},
    },
)
_COUNTED: Json = {
    "type": "array",
    "items": {"type": "object", "properties": {"label": STRING, "count": _INTEGER}},
}
RESULTS: Json = {
    "type": "object",
    "properties": {
        "points": {"type": "array", "items": _INTEGER},
        "matrix": {
            "type": "array",
            "description": "Rows by the stance before, columns by the stance after, as `points`.",
            "items": {"type": "array", "items": _INTEGER},
        },
        "pairs": _INTEGER,
        "rose": _INTEGER,
        "fell": _INTEGER,
        "stayed": _INTEGER,
        "mean_change": _NUMBER_OR_NULL,
        "mean_confidence_change": _NUMBER_OR_NULL,
        "arguments": _INTEGER,
        "own_reasoning": _INTEGER,
        "movers": {"type": "array", "items": {"type": "string", "format": "uuid"}},
        "unanswered": {"type": "array", "items": {"type": "string", "format": "uuid"}},
        "sides": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"label": STRING, "count": _INTEGER, "is_thin": {"type": "boolean"}},
            },
        },
        "evidence": _COUNTED,
        "sources": _COUNTED,
    },
    "examples": [
        {
            "points": [-3, -2, -1, 0, 1, 2, 3],
            "matrix": [[0] * 7] * 7,
            "pairs": 0,
            "rose": 0,
            "fell": 0,
            "stayed": 0,
            "mean_change": None,
            "mean_confidence_change": None,
            "arguments": 0,
            "own_reasoning": 0,
            "movers": [],
            "unanswered": [],
            "sides": [{"label": "For", "count": 0, "is_thin": False}],
            "evidence": [{"label": "work", "count": 0}],
            "sources": [],
        }
    ],
}


class ParticipantFilters(FilterSet):
    user = django_filters.UUIDFilter("user__public_id")
    side = django_filters.CharFilter("side__key")

    class Meta:
        model = Participant
        fields: tuple[str, ...] = ()


class Participants(ListView):
    """Who takes part in a debate: side, stances, what they wrote; for its staff.

    A school's program is told no points: it reads results, once they are released.
    """

    scope = Scope.DEBATES_READ
    shape = PARTICIPANT
    ordering = ("name", "number", "joined_at")
    filters = ParticipantFilters

    def get(self, request: Request, run: UUID) -> Response:
        sight = staff_sight_at(request, run)
        self.is_program = client_of(request) is not None
        return self.answer(request, _people(Participant.objects.filter(run=sight.run)))

    def complete(self, rows: list[Row]) -> list[Row]:
        return [{**row, "points": None} for row in rows] if self.is_program else rows


class LevelIn(Input):
    level = serializers.IntegerField(min_value=0, max_value=4)
    comment = serializers.CharField(max_length=2_000, allow_blank=True, default="")


class ScoresIn(Input):
    claim = LevelIn()
    evidence = LevelIn()
    rebuttal = LevelIn()
    concession = LevelIn()


class Scores(DetailView):
    """One student's debate by the rubric; for the staff.

    Marks are held until released; until then a school's program is told none.
    """

    scope = Scope.DEBATES_READ
    write_scope = Scope.DEBATES_WRITE
    shape = SCORES
    bodies = {"put": ScoresIn}

    def get(self, request: Request, run: UUID, participant: UUID) -> HttpResponseBase:
        sight = staff_sight_at(request, run)
        row = _scores(debates.participant_in(sight.run, participant))
        if client_of(request) is not None and not debates.marks_are_released(sight.run):
            row |= {str(name): None for name in Criterion}
        return answer_one(request, row)

    @idempotent
    def put(self, request: Request, run: UUID, participant: UUID) -> Response:
        person = person_at(request)
        row = debates.participant_in(staff_sight_at(request, run).run, participant)
        wish = read(request, ScoresIn)
        lock: QuerySet[Any] = Participant.objects.filter(pk=row.pk)
        with unchanged(request, lock=lock, read=lambda: _scores(row)):
            services.scores_save(
                participant=row,
                marks={name: Mark(**mark) for name, mark in wish.items()},
                marker=person,
                now=timezone.now(),
            )
            body = _scores(row)
        return answer_written(body)


class DebateResults(DetailView):
    """How opinion moved in a debate, what moved it, and what was argued from; for its staff."""

    scope = Scope.DEBATES_READ
    has_fields = False
    body = RESULTS

    def get(self, request: Request, run: UUID) -> HttpResponseBase:
        shown = debates.results(staff_sight_at(request, run).run)
        moved = shown.shift
        return answer_one(
            request,
            {
                "points": list(shown.points),
                "matrix": moved.matrix,
                "pairs": shown.pairs,
                "rose": moved.rose,
                "fell": moved.fell,
                "stayed": moved.stayed,
                "mean_change": moved.mean_change,
                "mean_confidence_change": moved.mean_confidence_change,
                "arguments": shown.arguments,
                "own_reasoning": shown.own_reasoning,
                "movers": [row.public_id for row, _people in shown.movers],
                "unanswered": [row.public_id for row in shown.unanswered],
                "sides": [
                    {"label": label, "count": count, "is_thin": is_thin}
                    for label, count, is_thin in shown.sides
                ],
                "evidence": _counted(shown.kinds),
                "sources": _counted(shown.sources),
            },
        )


def _counted(pairs: list[tuple[str, int]]) -> list[Json]:
    return [{"label": label, "count": count} for label, count in pairs]


def _people(rows: QuerySet[Participant]) -> QuerySet[Any]:
    """With stances, counts of what is visible, and points, each by a query of its own inside."""
    visible = Argument.objects.filter(author=OuterRef("pk"), state=ArgumentState.VISIBLE)
    stances = Stance.objects.filter(participant=OuterRef("pk"))
    points = RubricScore.objects.filter(participant=OuterRef("pk")).order_by()
    summed = points.values("participant").annotate(total=Sum("level")).values("total")

    def counted(given: QuerySet[Argument]) -> Any:
        count = given.order_by().values("author").annotate(n=Count("pk")).values("n")
        return Coalesce(Subquery(count), 0)

    rebuttal = Q(relation=Relation.REBUTTAL)
    return rows.annotate(
        given=counted(visible.exclude(rebuttal)),
        rebutted=counted(visible.filter(rebuttal)),
        points=Subquery(summed),
        **{
            f"{moment}_{what}": Subquery(stances.filter(moment=moment).values(what)[:1])
            for moment in StanceMoment.values
            for what in ("value", "confidence")
        },
    )


def _scores(participant: Participant) -> Row:
    """Queries: 1."""
    found = {row.criterion: row for row in RubricScore.objects.filter(participant=participant)}
    levels = {
        str(name): {"level": found[name].level, "comment": found[name].comment}
        if name in found
        else None
        for name in Criterion
    }
    return {"participant_id": participant.public_id, **levels}
