"""After the arguing: one's own part, the reflection, and the classmates whom one reviews."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.utils import timezone
from django_filters.rest_framework import FilterSet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.enums import Scope
from apps.api.v1.access import PERSONS, check_pace
from apps.api.v1.details import DetailView, answer_one, answer_written, row_of
from apps.api.v1.filters import BooleanFilter
from apps.api.v1.inputs import Input, read
from apps.api.v1.lists import ListView, Row
from apps.api.v1.repeats import idempotent
from apps.api.v1.seats import participant_at
from apps.api.v1.shapes import MOMENT, OBJECT, STRING, Json, Shape, named, or_null
from apps.api.v1.sittings import UUID as UUID_TYPE
from apps.api.v1.sittings import WHOLE, fields, listed
from apps.debates import selectors as debates
from apps.debates import services
from apps.debates.models import PeerReview, Reflection
from apps.debates.selectors.reflections import Level

_LEVELS: Json = {**OBJECT, "description": "{criterion: level from 0 to 4}; {} until written."}
_JUDGED = listed(fields(label=STRING, level=WHOLE, comment=STRING))
REFLECTION = Shape(
    "Reflection",
    Reflection,
    named("text", "html", "written_at"),
    example={"text": "I had not seen …", "html": "<p>…</p>", "written_at": "2026-10-20T09:00:00Z"},
)
REVIEW = Shape(
    "PeerReview",
    PeerReview,
    {
        "id": "public_id",
        "name": "reviewed_id",
        "side": "reviewed__side__key",
        **named("levels", "comment", "dealt_at", "written_at"),
    },
    others={
        "name": {
            **STRING,
            "description": "As the caller knows them: a number, where so set.",
        },
        "levels": _LEVELS,
    },
    example={
        "id": "5b0a4a0c-70f2-4f35-bd0e-7a0c5ed9a1d3",
        "name": "Participant 12",
        "side": "for",
        "levels": {"claim": 3, "evidence": 4, "rebuttal": 2, "concession": 1},
        "comment": "The figures were new to me.",
        "dealt_at": "2026-10-20T09:00:00Z",
        "written_at": "2026-10-21T09:00:00Z",
    },
)
REVIEW_WHOLE = Shape(
    "PeerReviewWhole",
    PeerReview,
    {**REVIEW.fields, "arguments": "pk"},
    others={
        **REVIEW.others,
        "arguments": {**listed(UUID_TYPE), "description": "What they wrote, to be judged."},
    },
    example={**REVIEW.example, "arguments": ["9f100b8f-6d0e-4f1f-93d5-4f0e8b674f0a"]},
)
PART: Json = {
    "title": "DebatePart",
    **fields(
        arguments={**listed(UUID_TYPE), "description": "One's own."},
        scores={
            "type": ["array", "null"],
            "items": _JUDGED["items"],
            "description": "By the rubric; null until released.",
        },
        reflected_at=or_null(MOMENT),
        reviews_lacking={**WHOLE, "description": "Classmates still to be dealt: POST …/reviews."},
        received={
            "type": ["array", "null"],
            "items": fields(levels=_JUDGED, comment=STRING),
            "description": "What classmates thought, without names; null until the phase is over.",
        },
    ),
    "examples": [
        {
            "arguments": ["9f100b8f-6d0e-4f1f-93d5-4f0e8b674f0a"],
            "scores": None,
            "reflected_at": "2026-10-20T09:00:00Z",
            "reviews_lacking": 0,
            "received": None,
        }
    ],
}
DEALT: Json = {
    "title": "PeerReviewsDealt",
    **fields(reviews=WHOLE, lacking=WHOLE),
    "examples": [{"reviews": 2, "lacking": 0}],
}


class ReflectionIn(Input):
    text = serializers.CharField(max_length=20_000)


class PeerReviewIn(Input):
    claim = serializers.IntegerField(min_value=0, max_value=4)
    evidence = serializers.IntegerField(min_value=0, max_value=4)
    rebuttal = serializers.IntegerField(min_value=0, max_value=4)
    concession = serializers.IntegerField(min_value=0, max_value=4)
    comment = serializers.CharField(max_length=2_000, allow_blank=True, default="")


class OwnPart(DetailView):
    """What one has given to a debate and got from it: arguments, marks, what classmates thought."""

    scope = Scope.DEBATES_READ
    callers = PERSONS
    has_fields = False
    body = PART

    def get(self, request: Request, run: UUID) -> HttpResponseBase:
        seat, participant = participant_at(request, run)
        part = debates.part_of(seat, participant, timezone.now())
        received = part.received
        return answer_one(
            request,
            {
                "arguments": [row.public_id for row in part.arguments],
                "scores": None if part.scores is None else _judged(part.scores),
                "reflected_at": part.reflection.written_at if part.reflection else None,
                "reviews_lacking": part.reviews_lacking,
                "received": None
                if received is None
                else [{"levels": _judged(row.levels), "comment": row.comment} for row in received],
            },
        )


class OwnReflection(DetailView):
    """What one makes of the debate; the staff read it, classmates do not. PUT while it is asked."""

    scope = Scope.DEBATES_READ
    write_scope = Scope.DEBATES_WRITE
    callers = PERSONS
    shape = REFLECTION
    bodies = {"put": ReflectionIn}
    is_conditional = False  # nobody else writes it

    def get(self, request: Request, run: UUID) -> HttpResponseBase:
        _seat, participant = participant_at(request, run)
        rows = Reflection.objects.filter(participant=participant)
        return answer_one(request, row_of(rows, REFLECTION.fields))

    @idempotent
    def put(self, request: Request, run: UUID) -> Response:
        _seat, participant = participant_at(request, run)
        text = read(request, ReflectionIn)["text"]
        check_pace(request, "debate_write")
        services.reflection_write(participant=participant, text=text, now=timezone.now())
        return answer_written(
            row_of(Reflection.objects.filter(participant=participant), REFLECTION.fields)
        )


class ReviewFilters(FilterSet):
    is_written = BooleanFilter("written_at", "isnull", exclude=True)

    class Meta:
        model = PeerReview
        fields: tuple[str, ...] = ()


class PeerReviews(ListView):
    """The classmates whom one was dealt to review. POST deals those that are lacking.

    `lacking` is not 0 where too few have argued yet: ask again later.
    """

    scope = Scope.DEBATES_READ
    write_scope = Scope.DEBATES_WRITE
    callers = PERSONS
    shape = REVIEW
    keys = ("pk",)
    filters = ReviewFilters
    answers = {"post": DEALT}
    statuses = {"post": (200,)}

    def get(self, request: Request, run: UUID) -> Response:
        _seat, participant = participant_at(request, run)
        self.rows = participant.reviews_given.all()
        return self.answer(request, self.rows)

    def complete(self, rows: list[Row]) -> list[Row]:
        return _named(self.rows, rows)

    @idempotent
    def post(self, request: Request, run: UUID) -> Response:
        _seat, participant = participant_at(request, run)
        dealt = services.reviews_deal(participant=participant, now=timezone.now())
        lacking = max(0, participant.run.peer_reviews_owed - len(dealt))
        return Response({"reviews": len(dealt), "lacking": lacking})


class PeerReviewDetail(DetailView):
    """One of them, with the arguments that it is about; PUT says all of it anew.

    It counts for no grade, and whom it is about reads it without a name.
    """

    scope = Scope.DEBATES_READ
    write_scope = Scope.DEBATES_WRITE
    callers = PERSONS
    shape = REVIEW_WHOLE
    bodies = {"put": PeerReviewIn}
    is_conditional = False  # nobody else writes it

    def get(self, request: Request, run: UUID, review: UUID) -> HttpResponseBase:
        _seat, participant = participant_at(request, run)
        return answer_one(request, _whole(debates.review_for(participant, review)))

    @idempotent
    def put(self, request: Request, run: UUID, review: UUID) -> Response:
        _seat, participant = participant_at(request, run)
        row = debates.review_for(participant, review)
        levels = read(request, PeerReviewIn)
        check_pace(request, "debate_write")
        comment = levels.pop("comment")
        services.review_write(review=row, levels=levels, comment=comment, now=timezone.now())
        return answer_written(_whole(row))


def _judged(levels: list[Level]) -> list[Row]:
    return [{"label": each.label, "level": each.level, "comment": each.comment} for each in levels]


def _named(reviews: Any, rows: list[Row]) -> list[Row]:
    """Rows with the names by which classmates know each other.  Queries: 1."""
    people = {
        review.reviewed_id: debates.name_in(review.reviewed.run, review.reviewed)
        for review in reviews.select_related("reviewed__user", "reviewed__run")
    }
    return [{**row, "name": people[row["name"]]} for row in rows]


def _whole(review: PeerReview) -> Row:
    """Queries: 4."""
    rows = PeerReview.objects.filter(pk=review.pk)
    row = row_of(rows, REVIEW_WHOLE.fields)
    written = [argument.public_id for argument in debates.reviewable(review.reviewed)]
    return {**_named(rows, [row])[0], "arguments": written}
