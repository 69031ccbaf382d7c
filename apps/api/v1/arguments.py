"""Arguments of a debate: the tree as a list, each as far as its caller may see it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

import django_filters
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django_filters.rest_framework import FilterSet
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.enums import Scope
from apps.api.v1.access import check_pace
from apps.api.v1.details import DetailView, answer_one, answer_written, unchanged
from apps.api.v1.filters import BooleanFilter
from apps.api.v1.inputs import Input, read
from apps.api.v1.lists import ListView, Row
from apps.api.v1.repeats import idempotent
from apps.api.v1.seats import outline_sight_at, participant_at
from apps.api.v1.shapes import STRING, Json, Shape, or_null
from apps.content.models import Reference, SourceParagraph
from apps.core.errors import NotFound
from apps.debates import policies, services
from apps.debates import selectors as debates
from apps.debates.enums import ArgumentState, EvidenceKind, Relation
from apps.debates.models import Argument, Evidence, Moved, Rating
from apps.debates.selectors import Seat, Sight
from apps.debates.services import Source
from apps.debates.visibility import sees_text

_INTEGER: Json = {"type": "integer"}
_BOOLEAN: Json = {"type": "boolean"}
_EVIDENCE_NAMES = ("reference", "paragraph", "section", "url", "locator", "quotation")
EVIDENCE: Json = {
    "type": "array",
    "description": "What it rests on: each piece is one work, paragraph, section or link.",
    "items": {
        "type": "object",
        "properties": {
            "kind": {"type": "string", "enum": list(EvidenceKind.values)},
            **{name: or_null(STRING) for name in _EVIDENCE_NAMES[:4]},
            "locator": STRING,
            "quotation": STRING,
            "is_quotation_found": or_null(_BOOLEAN),
        },
    },
}
ARGUMENT = Shape(
    "Argument",
    Argument,
    {
        "id": "public_id",
        "parent_id": "parent__public_id",
        "relation": "relation",
        "state": "state",
        "side": "side__key",
        "author": "author__user__display_name",
        "author_number": "author__number",
        "user_id": "author__user__public_id",
        "is_own": "author_id",
        "text": "text",
        "html": "html",
        "words": "words",
        "evidence": "pk",
        "is_own_reasoning": "is_own_reasoning",
        "is_locked": "is_locked",
        "revision": "revision",
        "ratings": "rating_count",
        "strength": "rating_sum",
        "moved": "moved_count",
        "my_rating": "my_rating",
        "has_moved_me": "my_mark",
        "posted_at": "posted_at",
        "edited_at": "edited_at",
    },
    others={
        "author": {**STRING, "description": "As the caller knows them: a number, where asked for."},
        "author_number": or_null(_INTEGER),
        "user_id": {
            **or_null({"type": "string", "format": "uuid"}),
            "description": "For the staff, and of one's own.",
        },
        "is_own": _BOOLEAN,
        "text": {**STRING, "description": "Empty where the caller may not read it."},
        "html": STRING,
        "words": or_null(_INTEGER),
        "evidence": EVIDENCE,
        "is_own_reasoning": or_null(_BOOLEAN),
        "revision": or_null(_INTEGER),
        "ratings": or_null(_INTEGER),
        "strength": {**or_null({"type": "number"}), "description": "The mean of 1 to 5."},
        "moved": or_null(_INTEGER),
        "my_rating": or_null(_INTEGER),
        "has_moved_me": _BOOLEAN,
    },
    example={
        "id": "5b0a4a0c-70f2-4f35-bd0e-7a0c5ed9a1d3",
        "parent_id": None,
        "relation": "opening",
        "state": "visible",
        "side": "for",
        "author": "Participant 12",
        "author_number": 12,
        "user_id": None,
        "is_own": False,
        "text": "A counterweight is whatever others have to reckon with.",
        "html": "<p>A counterweight is whatever others have to reckon with.</p>",
        "words": 9,
        "evidence": [
            {
                "kind": "paragraph",
                "reference": None,
                "paragraph": "P27",
                "section": None,
                "url": None,
                "locator": "",
                "quotation": "",
                "is_quotation_found": None,
            }
        ],
        "is_own_reasoning": False,
        "is_locked": False,
        "revision": 1,
        "ratings": 2,
        "strength": 4.5,
        "moved": 1,
        "my_rating": None,
        "has_moved_me": False,
        "posted_at": "2026-10-02T09:00:00Z",
        "edited_at": None,
    },
)
# Of an argument whose words the caller may not read, what the words would tell.
_UNTOLD: Row = {
    "text": "",
    "html": "",
    "words": None,
    "evidence": [],
    "is_own_reasoning": None,
    "revision": None,
    "ratings": None,
    "strength": None,
    "moved": None,
    "my_rating": None,
    "has_moved_me": False,
    "edited_at": None,
}


class ArgumentFilters(FilterSet):
    parent = django_filters.UUIDFilter("parent__public_id")
    is_root = BooleanFilter("parent", "isnull")
    relation = django_filters.ChoiceFilter(choices=Relation.choices)
    state = django_filters.ChoiceFilter(choices=ArgumentState.choices)
    side = django_filters.CharFilter("side__key")
    posted_since = django_filters.IsoDateTimeFilter("posted_at", "gte")

    class Meta:
        model = Argument
        fields: tuple[str, ...] = ()


class EvidenceIn(Input):
    """One piece: exactly one of a work's key, a paragraph's number, a section, a link."""

    reference = serializers.CharField(max_length=60, required=False)
    paragraph = serializers.CharField(max_length=4, required=False)
    section = serializers.CharField(
        max_length=240, required=False, help_text="unit/lesson#anchor, of a published lesson."
    )
    url = serializers.URLField(max_length=500, required=False)
    locator = serializers.CharField(max_length=60, allow_blank=True, default="")
    quotation = serializers.CharField(max_length=2_000, allow_blank=True, default="")


class ArgumentIn(Input):
    parent_id = serializers.UUIDField(required=False, allow_null=True, default=None)
    relation = serializers.ChoiceField(Relation.choices)
    text = serializers.CharField(max_length=20_000)
    is_own_reasoning = serializers.BooleanField(default=False)
    evidence = serializers.ListField(child=EvidenceIn(), max_length=6, default=list)


class ArgumentEditIn(Input):
    """What is left out stays; `evidence` is all of it, anew."""

    text = serializers.CharField(max_length=20_000, required=False)
    is_own_reasoning = serializers.BooleanField(required=False)
    evidence = serializers.ListField(child=EvidenceIn(), max_length=6, required=False)


class Arguments(ListView):
    """A debate's arguments in the order of writing; nothing before the opening stance.

    What is hidden, withdrawn or removed keeps its place in the tree, without its words.
    """

    scope = Scope.DEBATES_READ
    write_scope = Scope.DEBATES_WRITE
    shape = ARGUMENT
    ordering = ("posted_at",)
    keys = ("posted_at", "public_id")
    filters = ArgumentFilters
    bodies = {"post": ArgumentIn}
    sight: Sight

    def get(self, request: Request, run: UUID) -> Response:
        self.sight = outline_sight_at(request, run)
        return self.answer(request, _rows(self.sight))

    def complete(self, rows: list[Row]) -> list[Row]:
        return _told(rows, self.sight)

    @idempotent
    def post(self, request: Request, run: UUID) -> Response:
        """Argue, or answer an argument. A student's alone."""
        seat, participant = participant_at(request, run)
        wish = read(request, ArgumentIn)
        check_pace(request, "debate_write")
        parent = debates.argument_for(seat, wish["parent_id"]) if wish["parent_id"] else None
        argument = services.argument_post(
            participant=participant,
            parent=parent,
            relation=wish["relation"],
            text=wish["text"],
            is_own_reasoning=wish["is_own_reasoning"],
            sources=_sources(seat, wish["evidence"]),
            now=timezone.now(),
        )
        return answer_written(_public(seat, argument.public_id), 201)


class ArgumentDetail(DetailView):
    """One argument. Its author edits it, and takes it back by DELETE: a marker stays."""

    scope = Scope.DEBATES_READ
    write_scope = Scope.DEBATES_WRITE
    shape = ARGUMENT
    bodies = {"patch": ArgumentEditIn}

    def get(self, request: Request, run: UUID, argument: UUID) -> HttpResponseBase:
        return answer_one(request, _public(outline_sight_at(request, run), argument))

    @idempotent
    def patch(self, request: Request, run: UUID, argument: UUID) -> Response:
        seat, participant = participant_at(request, run)
        row = debates.argument_for(seat, argument)
        policies.check_is_own_or_missing(row, participant)
        wish = read(request, ArgumentEditIn)
        with unchanged(request, lock=_lock(row), read=lambda: _public(seat, argument)):
            check_pace(request, "debate_write")
            row.refresh_from_db(fields=["revision", "text"])
            services.argument_edit(
                argument=row,
                participant=participant,
                text=wish.get("text", row.text),
                revision=row.revision,
                sources=_sources(seat, wish["evidence"]) if "evidence" in wish else None,
                is_own_reasoning=wish.get("is_own_reasoning"),
                now=timezone.now(),
            )
            body = _public(seat, argument)
        return answer_written(body)

    @idempotent
    def delete(self, request: Request, run: UUID, argument: UUID) -> Response:
        seat, participant = participant_at(request, run)
        row = debates.argument_for(seat, argument)
        policies.check_is_own_or_missing(row, participant)
        with unchanged(request, lock=_lock(row), read=lambda: _public(seat, argument)):
            services.argument_withdraw(argument=row, participant=participant, now=timezone.now())
        return Response(status=204)


def _rows(sight: Sight | Seat) -> QuerySet[Any]:
    viewer = sight.viewer.participant_id
    rated = Rating.objects.filter(argument=OuterRef("pk"), participant=viewer)
    moved = Moved.objects.filter(argument=OuterRef("pk"), participant=viewer)
    return Argument.objects.filter(run=sight.run).annotate(
        my_rating=Subquery(rated.values("strength")[:1]), my_mark=Subquery(moved.values("pk")[:1])
    )


def _public(sight: Sight | Seat, argument: UUID) -> Row:
    """One argument, as its caller may see it.  Raises: NotFound.  Queries: 2."""
    found = _rows(sight).filter(public_id=argument).values(*ARGUMENT.fields.values()).first()
    if found is None:
        raise NotFound(_("There is no such argument."))
    return _told([{name: found[lookup] for name, lookup in ARGUMENT.fields.items()}], sight)[0]


def _told(rows: list[Row], sight: Sight | Seat) -> list[Row]:
    """What the caller is told of each.  Queries: 1."""
    keys = [row["evidence"] for row in rows if _is_read(row, sight)]
    pieces: dict[int, list[Json]] = defaultdict(list)
    evidence = Evidence.objects.filter(argument__in=keys).order_by("position", "pk")
    for piece in evidence.select_related("reference", "paragraph"):
        pieces[piece.argument_id].append(_piece(piece))
    return [_one(row, sight, pieces) for row in rows]


def _one(row: Row, sight: Sight | Seat, pieces: dict[int, list[Json]]) -> Row:
    viewer, author = sight.viewer, row["is_own"]
    is_own = author == viewer.participant_id
    told = {
        **row,
        "author": debates.name_known(sight, author, row["author_number"], row["author"]),
        "author_number": row["author_number"] if sight.run.is_anonymous else None,
        "user_id": row["user_id"] if is_own or viewer.is_staff else None,
        "is_own": is_own,
        "evidence": pieces[row["evidence"]],
        "strength": round(row["strength"] / row["ratings"], 2) if row["ratings"] else None,
        "has_moved_me": row["has_moved_me"] is not None,
    }
    return told if _is_read(row, sight) else {**told, **_UNTOLD}


def _is_read(row: Row, sight: Sight | Seat) -> bool:
    return sees_text(
        sight.viewer,
        state=row["state"],
        author_id=row["is_own"],
        posts_first=sight.run.posts_first,
    )


def _piece(piece: Evidence) -> Json:
    return {
        "kind": piece.kind,
        "reference": piece.reference.key if piece.reference else None,
        "paragraph": piece.paragraph.number if piece.paragraph else None,
        "section": piece.section or None,
        "url": piece.url or None,
        "locator": piece.locator,
        "quotation": piece.quotation,
        "is_quotation_found": piece.is_quotation_found,
    }


def _sources(seat: Seat, given: list[dict[str, Any]]) -> list[Source]:
    """What a body names as evidence, looked up in the course.  Queries: 2 at most."""
    course = seat.run.classroom.course_id
    keys = [each["reference"] for each in given if "reference" in each]
    numbers = [each["paragraph"] for each in given if "paragraph" in each]
    works = {row.key: row for row in Reference.objects.filter(course=course, key__in=keys)}
    rows = SourceParagraph.objects.filter(article__course=course, number__in=numbers)
    paragraphs = {row.number: row for row in rows.select_related("article")}
    return [
        Source(
            reference=_known(works, each, "reference", place),
            paragraph=_known(paragraphs, each, "paragraph", place),
            section=each.get("section", ""),
            url=each.get("url", ""),
            locator=each["locator"],
            quotation=each["quotation"],
        )
        for place, each in enumerate(given)
    ]


def _known(rows: dict[str, Any], given: dict[str, Any], name: str, place: int) -> Any:
    """The row that a piece names, None where it names none.  Raises: ValidationError."""
    key = given.get(name)
    if key is not None and key not in rows:
        raise ValidationError({f"evidence.{place}.{name}": ["The course has no such thing."]})
    return rows[key] if key is not None else None


def _lock(row: Argument) -> QuerySet[Argument]:
    """Whoever writes an argument, or of it, holds it."""
    return Argument.objects.filter(pk=row.pk)
