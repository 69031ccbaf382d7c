"""What a student has begun to write in a debate, and nobody else sees."""

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
from apps.api.v1.access import PERSONS, check_pace
from apps.api.v1.details import DetailView, answer_one, answer_written, row_of
from apps.api.v1.inputs import Input, read
from apps.api.v1.lists import ListView, Row
from apps.api.v1.repeats import idempotent
from apps.api.v1.seats import participant_at
from apps.api.v1.shapes import STRING, Json, Shape, named
from apps.core.errors import NotFound
from apps.debates import selectors as debates
from apps.debates import services
from apps.debates.enums import Relation
from apps.debates.models import Argument, Draft, Participant
from apps.debates.selectors import Seat
from apps.debates.services import GIVEN_NAMES, MAX_EVIDENCE

MOTION = "motion"  # the place of an answer to the motion itself
EVIDENCE: Json = {
    "type": "array",
    "description": "As far as it is given yet, and not checked.",
    "items": {"type": "object", "properties": dict.fromkeys(GIVEN_NAMES, STRING)},
}
SIMILAR: Json = {
    "type": "array",
    "description": "Others' arguments that say nearly this, of those that the caller may read.",
    "items": {"type": "string", "format": "uuid"},
}
_FIELDS = {
    "parent_id": "parent__public_id",
    **named("relation", "text", "is_own_reasoning", "evidence", "saved_at"),
}
_EXAMPLE: Json = {
    "parent_id": "9f100b8f-6d0e-4f1f-93d5-4f0e8b674f0a",
    "relation": "rebuttal",
    "text": "The figures of 2019 say",
    "is_own_reasoning": False,
    "evidence": [{"reference": "khan1961", "locator": "pp. 3-5"}],
    "saved_at": "2026-10-02T09:00:00Z",
}
DRAFT = Shape("ArgumentDraft", Draft, _FIELDS, others={"evidence": EVIDENCE}, example=_EXAMPLE)
DRAFT_WHOLE = Shape(
    "ArgumentDraftWhole",
    Draft,
    {**_FIELDS, "similar": "pk"},
    others={"evidence": EVIDENCE, "similar": SIMILAR},
    example={**_EXAMPLE, "similar": ["5b0a4a0c-70f2-4f35-bd0e-7a0c5ed9a1d3"]},
)


class DraftPieceIn(Input):
    reference = serializers.CharField(max_length=60, required=False)
    paragraph = serializers.CharField(max_length=4, required=False)
    section = serializers.CharField(max_length=240, required=False)
    url = serializers.CharField(max_length=500, required=False)
    locator = serializers.CharField(max_length=60, required=False)
    quotation = serializers.CharField(max_length=2_000, required=False)


class DraftIn(Input):
    relation = serializers.ChoiceField(Relation.choices, default=Relation.OPENING.value)
    text = serializers.CharField(max_length=20_000, allow_blank=True, trim_whitespace=False)
    is_own_reasoning = serializers.BooleanField(default=False)
    evidence = serializers.ListField(child=DraftPieceIn(), max_length=MAX_EVIDENCE, default=list)


class DraftFilters(FilterSet):
    relation = django_filters.ChoiceFilter(choices=Relation.choices)

    class Meta:
        model = Draft
        fields: tuple[str, ...] = ()


class Drafts(ListView):
    """What one has begun to write in a debate, by the argument that it answers."""

    scope = Scope.DEBATES_READ
    callers = PERSONS
    shape = DRAFT
    keys = ("saved_at", "pk")
    filters = DraftFilters

    def get(self, request: Request, run: UUID) -> Response:
        _seat, participant = participant_at(request, run)
        return self.answer(request, Draft.objects.filter(participant=participant))


class DraftDetail(DetailView):
    """What one has begun to write in one place, and what others have said that is nearly this.

    Posting the argument there discards it.
    """

    scope = Scope.DEBATES_READ
    write_scope = Scope.DEBATES_WRITE
    callers = PERSONS
    shape = DRAFT_WHOLE
    bodies = {"put": DraftIn}
    is_conditional = False  # nobody else writes it, and the newest stands

    def get(self, request: Request, run: UUID, place: str) -> HttpResponseBase:
        seat, parent, participant = self._place(request, run, place)
        return answer_one(request, _whole(seat, participant, parent))

    @idempotent
    def put(self, request: Request, run: UUID, place: str) -> Response:
        seat, parent, participant = self._place(request, run, place)
        wish = read(request, DraftIn)
        check_pace(request, "debate_draft")
        services.draft_save(participant=participant, parent=parent, **wish, now=timezone.now())
        return answer_written(_whole(seat, participant, parent))

    @idempotent
    def delete(self, request: Request, run: UUID, place: str) -> Response:
        _seat, parent, participant = self._place(request, run, place)
        services.draft_discard(participant=participant, parent=parent)
        return Response(status=204)

    @staticmethod
    def _place(
        request: Request, run: UUID, place: str
    ) -> tuple[Seat, Argument | None, Participant]:
        seat, participant = participant_at(request, run)
        return seat, None if place == MOTION else _argument(seat, place), participant


def _whole(seat: Seat, participant: Participant, parent: Argument | None) -> Row:
    """Raises: NotFound.  Queries: 3."""
    rows = Draft.objects.filter(participant=participant, parent=parent)
    row = row_of(rows, DRAFT_WHOLE.fields)
    similar = debates.similar_to(row["text"], seat, answers=parent)
    return {**row, "similar": [each.public_id for each in similar]}


def _argument(seat: Seat, key: str) -> Argument:
    try:
        public_id = UUID(key)
    except ValueError as error:
        raise NotFound("There is no such argument.") from error
    return debates.argument_for(seat, public_id)
