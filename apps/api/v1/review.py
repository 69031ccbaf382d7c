"""One's own review cards: what they ask, when they come up, and how well they are known."""

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

from apps.accounts.models import User
from apps.api import selectors
from apps.api.enums import Scope
from apps.api.v1.access import PERSONS, ApiView, check_pace, person_of
from apps.api.v1.details import DetailView, answer_one, answer_written, row_of, unchanged
from apps.api.v1.filters import BooleanFilter
from apps.api.v1.inputs import Input, read
from apps.api.v1.lists import ListView, Row
from apps.api.v1.repeats import idempotent
from apps.api.v1.shapes import MOMENT, STRING, STRINGS, Json, Shape, or_null
from apps.review import selectors as review
from apps.review import services
from apps.review.enums import CardState, OriginKind
from apps.review.models import ReviewCard
from apps.review.services import Text

_INTEGER: Json = {"type": "integer"}
CARD = Shape(
    "ReviewCard",
    ReviewCard,
    {
        "id": "public_id",
        "origin": "origin_kind",
        "course": "course__slug",
        "status": "pk",
        "front_html": "front_html",
        "back_html": "back_html",
        "front": "front",
        "back": "back",
        "tags": "tags",
        "has_own_text": "has_own_text",
        "state": "state",
        "due_at": "due_at",
        "last_reviewed_at": "last_reviewed_at",
        "stability": "stability",
        "difficulty": "difficulty",
        "reps": "reps",
        "lapses": "lapses",
        "suspended_at": "suspended_at",
        "version": "version",
        "updated_at": "updated_at",
    },
    others={
        "status": {
            "type": "string",
            "enum": ["shown", "withheld", "gone"],
            "description": "Withheld, or with its origin gone, a card has neither side.",
        },
        "front": {**STRING, "description": "Markdown, where the text is one's own."},
        "back": STRING,
        "tags": STRINGS,
    },
    example={
        "id": "5b0a4a0c-70f2-4f35-bd0e-7a0c5ed9a1d3",
        "origin": "own",
        "course": "pakistan-russia-sco",
        "status": "shown",
        "front_html": "<p>When did Pakistan become a member of the SCO?</p>",
        "back_html": "<p>In 2017.</p>",
        "front": "When did Pakistan become a member of the SCO?",
        "back": "In 2017.",
        "tags": [],
        "has_own_text": True,
        "state": 2,
        "due_at": "2026-10-09T09:00:00Z",
        "last_reviewed_at": "2026-10-02T09:00:00Z",
        "stability": 7.2,
        "difficulty": 5.1,
        "reps": 3,
        "lapses": 0,
        "suspended_at": None,
        "version": 4,
        "updated_at": "2026-10-02T09:00:00Z",
    },
)
RATED: Json = {
    "type": "object",
    "properties": {
        "outcome": {
            "type": "string",
            "enum": ["applied", "repeated", "stale"],
            "description": "Stale: the card was changed since it was shown; nothing was stored.",
        },
        "due_at": MOMENT,
        "version": _INTEGER,
        "is_leech": {"type": "boolean"},
    },
    "examples": [
        {
            "outcome": "applied",
            "due_at": "2026-10-09T09:00:00Z",
            "version": 5,
            "is_leech": False,
        }
    ],
}
QUEUE: Json = {
    "type": "object",
    "properties": {
        **dict.fromkeys(("new", "reviews", "learning", "soon", "done"), _INTEGER),
        "next_at": or_null(MOMENT),
        "card": or_null({"type": "string", "format": "uuid"}),
    },
    "examples": [
        {
            "new": 3,
            "reviews": 12,
            "learning": 0,
            "soon": 0,
            "done": 4,
            "next_at": None,
            "card": "5b0a4a0c-70f2-4f35-bd0e-7a0c5ed9a1d3",
        }
    ],
}


_TEXT = {"front", "back", "tags"}  # what is written anew


class CardFilters(FilterSet):
    origin = django_filters.ChoiceFilter("origin_kind", choices=OriginKind.choices)
    state = django_filters.ChoiceFilter(choices=CardState.choices)
    course = django_filters.CharFilter("course__slug")
    is_suspended = BooleanFilter("suspended_at", "isnull", exclude=True)
    due_before = django_filters.IsoDateTimeFilter("due_at", "lt")
    updated_since = django_filters.IsoDateTimeFilter("updated_at", "gte")

    class Meta:
        model = ReviewCard
        fields: tuple[str, ...] = ()


class CardIn(Input):
    front = serializers.CharField(max_length=5_000)
    back = serializers.CharField(max_length=20_000)
    tags = serializers.ListField(
        child=serializers.CharField(max_length=60), max_length=20, default=list
    )
    course = serializers.CharField(
        max_length=80, required=False, help_text="The slug or id of a course, for citations."
    )


class CardEditIn(Input):
    front = serializers.CharField(max_length=5_000, required=False)
    back = serializers.CharField(max_length=20_000, required=False)
    tags = serializers.ListField(
        child=serializers.CharField(max_length=60), max_length=20, required=False
    )
    is_suspended = serializers.BooleanField(required=False)


class CardRatingIn(Input):
    rating = serializers.IntegerField(
        min_value=1, max_value=4, help_text="1 again, 2 hard, 3 good, 4 easy."
    )
    version = serializers.IntegerField(min_value=1, help_text="Of the card, as it was shown.")
    client_id = serializers.UUIDField(help_text="Made once for each showing.")
    duration_seconds = serializers.IntegerField(
        min_value=0, max_value=86_400, required=False, allow_null=True, default=None
    )


class ReviewCards(ListView):
    """One's own review cards; POST keeps one that one wrote.

    A card of a question that a quiz of one's class keeps to itself has neither side.
    """

    scope = Scope.REVIEW
    write_scope = Scope.REVIEW
    callers = PERSONS
    shape = CARD
    ordering = ("due_at", "last_reviewed_at", "updated_at")
    filters = CardFilters
    bodies = {"post": CardIn}
    person: User

    def get(self, request: Request) -> Response:
        self.person = person_of(request)
        return self.answer(request, ReviewCard.objects.filter(owner=self.person))

    def complete(self, rows: list[Row]) -> list[Row]:
        return _told(self.person, rows)

    @idempotent
    def post(self, request: Request) -> Response:
        person = person_of(request)
        wish = read(request, CardIn)
        check_pace(request, "review_write")
        card = services.card_create(
            owner=person,
            text=Text(wish["front"], wish["back"], tuple(wish["tags"])),
            course=selectors.course_by_key(wish["course"]) if "course" in wish else None,
            now=timezone.now(),
        )
        return answer_written(_public(person, card), 201)


class ReviewCardDetail(DetailView):
    """One of one's own review cards. `is_suspended` puts it aside, or takes it back."""

    scope = Scope.REVIEW
    write_scope = Scope.REVIEW
    callers = PERSONS
    shape = CARD
    bodies = {"patch": CardEditIn}

    def get(self, request: Request, card: UUID) -> HttpResponseBase:
        person = person_of(request)
        return answer_one(request, _public(person, review.card_of(person, card)))

    @idempotent
    def patch(self, request: Request, card: UUID) -> Response:
        person = person_of(request)
        row = review.card_of(person, card)
        wish = read(request, CardEditIn, is_partial=True)
        with unchanged(request, lock=_lock(row), read=lambda: _public(person, row)):
            if _TEXT & set(wish):
                check_pace(request, "review_write")
            self._change(person, review.card_of(person, card), wish)
            body = _public(person, row)
        return answer_written(body)

    @idempotent
    def delete(self, request: Request, card: UUID) -> Response:
        person = person_of(request)
        row = review.card_of(person, card)
        with unchanged(request, lock=_lock(row), read=lambda: _public(person, row)):
            services.card_delete(owner=person, card_id=card, now=timezone.now())
        return Response(status=204)

    @staticmethod
    def _change(person: User, row: ReviewCard, wish: dict[str, Any]) -> None:
        now = timezone.now()
        if _TEXT & set(wish):
            services.card_edit(
                owner=person,
                card_id=row.public_id,
                text=Text(
                    wish.get("front", row.front),
                    wish.get("back", row.back),
                    tuple(wish.get("tags", row.tags)),
                ),
                version=row.version,
                now=now,
            )
        if wish.get("is_suspended") is True:
            services.card_suspend(owner=person, card_id=row.public_id, now=now)
        elif wish.get("is_suspended") is False:
            services.card_resume(owner=person, card_id=row.public_id)


class ReviewRatings(ApiView):
    """Say how well one knew a card, as it was shown; the same `client_id` again counts once."""

    write_scope = Scope.REVIEW
    callers = PERSONS
    bodies = {"post": CardRatingIn}
    body = RATED

    @idempotent
    def post(self, request: Request, card: UUID) -> Response:
        person = person_of(request)
        review.card_of(person, card)
        wish = read(request, CardRatingIn)
        rated = services.card_rate(owner=person, card_id=card, **wish, now=timezone.now())
        body = {
            "outcome": rated.outcome,
            "due_at": rated.card.due_at,
            "version": rated.card.version,
            "is_leech": rated.is_leech,
        }
        return Response(body, status=201)


class ReviewQueue(DetailView):
    """What comes up today, and which card comes next."""

    scope = Scope.REVIEW
    callers = PERSONS
    has_fields = False
    body = QUEUE

    def get(self, request: Request) -> HttpResponseBase:
        person, now = person_of(request), timezone.now()
        without = review.withheld_from(person, now)
        summary = review.review_summary(person, now, without=without)
        card = review.queue_next(person, summary, now, without=without)
        return answer_one(
            request,
            {
                "new": summary.new,
                "reviews": summary.reviews,
                "learning": summary.learning,
                "soon": summary.soon,
                "done": summary.done,
                "next_at": summary.next_at,
                "card": card.public_id if card else None,
            },
        )


def _public(person: User, card: ReviewCard) -> Row:
    row = row_of(ReviewCard.objects.filter(pk=card.pk), CARD.fields)
    return _told(person, [row])[0]


def _told(person: User, rows: list[Row]) -> list[Row]:
    """Both sides of each as its owner may see them now.  Queries: 1, and those of `faces`."""
    cards = review.cards_of(person).filter(pk__in=[row["status"] for row in rows])
    faces = {face.card.pk: face for face in review.faces(person, list(cards), timezone.now())}
    return [_one(row, faces[row["status"]]) for row in rows]


def _one(row: Row, face: review.Face) -> Row:
    is_own = row["has_own_text"] and face.is_shown
    return {
        **row,
        "status": face.status,
        "front_html": str(face.listed),
        "back_html": str(face.back),
        "front": row["front"] if is_own else "",
        "back": row["back"] if is_own else "",
    }


def _lock(card: ReviewCard) -> QuerySet[Any]:
    return ReviewCard.objects.filter(pk=card.pk)
