"""Motions: what a class may debate, and what authors write for a course."""

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
from apps.api.selectors import quizzing
from apps.api.v1.access import PERSONS, caller_of
from apps.api.v1.debate_runs import RULES, RulesIn
from apps.api.v1.details import DetailView, answer_one, answer_written, row_of, unchanged
from apps.api.v1.inputs import Input, read
from apps.api.v1.lists import ListView, Row
from apps.api.v1.repeats import idempotent
from apps.api.v1.seats import person_at
from apps.api.v1.shapes import STRING, Json, Shape, named, or_null
from apps.content.models import Course
from apps.core.errors import NotFound
from apps.debates import selectors as debates
from apps.debates import services
from apps.debates.drafts import DebateDraft, SideDraft, SourceDraft
from apps.debates.enums import EvidenceRule, SideRule
from apps.debates.models import Debate, Side

_SIDES: Json = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "key": STRING,
            "label": STRING,
            "leaning": {"type": "integer", "enum": [-1, 0, 1]},
            "actor": or_null(STRING),
            "opening": STRING,
            "sources": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"reference": STRING, "locator": STRING, "note": STRING},
                },
            },
        },
    },
}
_EXAMPLE: Json = {
    "id": "9f100b8f-6d0e-4f1f-93d5-4f0e8b674f0a",
    "slug": "counterweight-to-nato",
    "motion": "The SCO is becoming a counterweight to NATO.",
    "position": 1,
    "evidence_rule": "labelled",
    "side_rule": "chosen",
    "updated_at": "2026-09-01T08:00:00Z",
}
MOTION = Shape(
    "Debate",
    Debate,
    {"id": "public_id", **named("slug", "motion", "position", *RULES, "updated_at")},
    example=_EXAMPLE,
)
MOTION_WHOLE = Shape(
    "DebateWhole",
    Debate,
    {
        "id": "public_id",
        **named("slug", "motion", "background", "position", *RULES, "updated_at"),
        "sides": "pk",
    },
    others={"sides": _SIDES},
    example={
        **_EXAMPLE,
        "background": "Some analysts liken the SCO to the Warsaw Pact ([P29](source:P29)).",
        "sides": [
            {
                "key": "for",
                "label": "Yes",
                "leaning": 1,
                "actor": None,
                "opening": "",
                "sources": [{"reference": "dehaas2007", "locator": "", "note": "…"}],
            }
        ],
    },
)


class SideSourceIn(Input):
    reference = serializers.CharField(max_length=60)
    locator = serializers.CharField(max_length=60, allow_blank=True, default="")
    note = serializers.CharField(max_length=2_000, allow_blank=True, default="")


class SideIn(Input):
    key = serializers.SlugField(max_length=40)
    label = serializers.CharField(max_length=120)  # type: ignore[assignment]
    leaning = serializers.ChoiceField([-1, 0, 1], default=0)
    actor = serializers.CharField(max_length=80, required=False, allow_null=True, default=None)
    opening = serializers.CharField(max_length=20_000, allow_blank=True, default="")
    sources = serializers.ListField(child=SideSourceIn(), max_length=40, default=list)


class MotionIn(Input):
    motion = serializers.CharField(max_length=300)
    background = serializers.CharField(max_length=20_000, allow_blank=True, default="")
    position = serializers.IntegerField(min_value=0, max_value=10_000, default=0)
    rules = RulesIn(required=False)
    sides = serializers.ListField(child=SideIn(), max_length=12, default=list)


class OwnMotionIn(Input):
    motion = serializers.CharField(max_length=300)
    background = serializers.CharField(max_length=20_000, allow_blank=True, default="")
    label_for = serializers.CharField(max_length=120, allow_blank=True, default="")
    label_against = serializers.CharField(max_length=120, allow_blank=True, default="")


class MotionFilters(FilterSet):
    evidence_rule = django_filters.ChoiceFilter(choices=EvidenceRule.choices)
    side_rule = django_filters.ChoiceFilter(choices=SideRule.choices)

    class Meta:
        model = Debate
        fields: tuple[str, ...] = ()


class MotionsOffered(ListView):
    """The motions that a class may hold, for its instructors; POST writes one of the school's own.

    Such a motion is for and against, and no other school is offered it.
    """

    scope = Scope.DEBATES_READ
    write_scope = Scope.DEBATES_WRITE
    shape = MOTION
    ordering = ("position", "motion", "updated_at")
    filters = MotionFilters
    keys = ("position", "public_id")
    bodies = {"post": OwnMotionIn}

    def get(self, request: Request, key: str) -> Response:
        classroom = selectors.classroom_run(caller_of(request), key)
        return self.answer(request, debates.debates_offered(classroom))

    @idempotent
    def post(self, request: Request, key: str) -> Response:
        person = person_at(request)
        classroom = selectors.classroom_run(person, key)
        wish = read(request, OwnMotionIn)
        debate = services.debate_write(
            debate=None,
            classroom=classroom,
            motion=wish["motion"],
            background=wish["background"],
            labels=(wish["label_for"], wish["label_against"]),
            actor=person,
            now=timezone.now(),
        )
        return Response(row_of(Debate.objects.filter(pk=debate.pk), MOTION.fields), status=201)


class CourseDebates(ListView):
    """A course's own debates, for its authors; POST writes another."""

    scope = Scope.DEBATES_READ
    write_scope = Scope.DEBATES_WRITE
    callers = PERSONS
    shape = MOTION
    ordering = ("position", "motion", "updated_at")
    filters = MotionFilters
    keys = ("position", "public_id")
    bodies = {"post": MotionIn}

    def get(self, request: Request, authored: str) -> Response:
        return self.answer(request, _debates(_authored(request, authored)))

    @idempotent
    def post(self, request: Request, authored: str) -> Response:
        person, found = person_at(request), _authored(request, authored)
        debate = services.debate_store(
            course=found,
            draft=_draft("", read(request, MotionIn)),
            editor=person,
            now=timezone.now(),
        )
        return Response(row_of(_debates(found).filter(pk=debate.pk), MOTION.fields), status=201)


class CourseDebate(DetailView):
    """One of a course's own debates, with its sides and their sources, for its authors.

    PUT says all of it anew; what a class holds keeps its sides and leanings.
    """

    scope = Scope.DEBATES_READ
    write_scope = Scope.DEBATES_WRITE
    callers = PERSONS
    shape = MOTION_WHOLE
    bodies = {"put": MotionIn}

    def get(self, request: Request, authored: str, debate: UUID) -> HttpResponseBase:
        return answer_one(request, _public(_asked(request, authored, debate)))

    @idempotent
    def put(self, request: Request, authored: str, debate: UUID) -> Response:
        person, row = person_at(request), _asked(request, authored, debate)
        wish = read(request, MotionIn)
        with unchanged(request, lock=_lock(row), read=lambda: _public(row)):
            services.debate_store(
                course=row.course,
                draft=_draft(row.slug, wish),
                editor=person,
                now=timezone.now(),
            )
            body = _public(row)
        return answer_written(body)

    @idempotent
    def delete(self, request: Request, authored: str, debate: UUID) -> Response:
        person, row = person_at(request), _asked(request, authored, debate)
        with unchanged(request, lock=_lock(row), read=lambda: _public(row)):
            services.debate_delete(debate=row, editor=person, now=timezone.now())
        return Response(status=204)


def _authored(request: Request, key: str) -> Course:
    """A course that the caller may change.  Raises: NotFound.  Queries: 1."""
    return quizzing.course_edited(person_at(request), key)


def _debates(course: Course) -> QuerySet[Debate]:
    return Debate.objects.filter(course=course, school=None)


def _asked(request: Request, authored: str, debate: UUID) -> Debate:
    found = _authored(request, authored)
    row = _debates(found).filter(public_id=debate).first()
    if row is None:
        raise NotFound("There is no such debate.")
    row.course = found
    return row


def _lock(row: Debate) -> QuerySet[Debate]:
    return Debate.objects.filter(pk=row.pk)


def _public(debate: Debate) -> Row:
    """Queries: 4."""
    row = row_of(Debate.objects.filter(pk=debate.pk), MOTION_WHOLE.fields)
    sides = Side.objects.filter(debate=debate).select_related("actor")
    return {
        **row,
        "sides": [
            {
                "key": side.key,
                "label": side.label,
                "leaning": side.leaning,
                "actor": side.actor.slug if side.actor else None,
                "opening": side.opening,
                "sources": [
                    {
                        "reference": source.reference.key,
                        "locator": source.locator,
                        "note": source.note,
                    }
                    for source in side.sources.all()
                ],
            }
            for side in sides.prefetch_related("sources__reference")
        ],
    }


def _draft(slug: str, wish: dict[str, Any]) -> DebateDraft:
    return DebateDraft(
        slug=slug,
        motion=wish["motion"],
        background=wish["background"],
        position=wish["position"],
        rules=dict(wish.get("rules") or {}),
        sides=tuple(
            SideDraft(
                key=side["key"],
                label=side["label"],
                leaning=side["leaning"],
                actor=side["actor"] or "",
                opening=side["opening"],
                sources=tuple(
                    SourceDraft(each["reference"], each["note"], each["locator"])
                    for each in side["sources"]
                ),
            )
            for side in wish["sides"]
        ),
    )
