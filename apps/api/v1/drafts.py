"""What a student has begun to write in a debate, and nobody else sees."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.enums import Scope
from apps.api.v1.access import PERSONS, check_pace
from apps.api.v1.details import DetailView, answer_one, row_of, tag_of
from apps.api.v1.inputs import Input, read
from apps.api.v1.lists import ListView
from apps.api.v1.repeats import idempotent
from apps.api.v1.seats import participant_at
from apps.api.v1.shapes import Shape, named
from apps.core.errors import NotFound
from apps.debates import selectors as debates
from apps.debates import services
from apps.debates.enums import Relation
from apps.debates.models import Argument, Draft, Participant
from apps.debates.selectors import Seat

MOTION = "motion"  # the place of an answer to the motion itself
DRAFT = Shape(
    "ArgumentDraft",
    Draft,
    {"parent_id": "parent__public_id", **named("relation", "text", "saved_at")},
    example={
        "parent_id": "9f100b8f-6d0e-4f1f-93d5-4f0e8b674f0a",
        "relation": "rebuttal",
        "text": "The figures of 2019 say",
        "saved_at": "2026-10-02T09:00:00Z",
    },
)


class DraftIn(Input):
    relation = serializers.ChoiceField(Relation.choices, default=Relation.OPENING.value)
    text = serializers.CharField(max_length=20_000, allow_blank=True, trim_whitespace=False)


class Drafts(ListView):
    """What one has begun to write in a debate, by the argument that it answers."""

    scope = Scope.DEBATES_READ
    callers = PERSONS
    shape = DRAFT
    keys = ("saved_at", "pk")

    def get(self, request: Request, run: UUID) -> Response:
        _seat, participant = participant_at(request, run)
        return self.answer(request, Draft.objects.filter(participant=participant))


class DraftDetail(DetailView):
    """What one has begun to write in one place; posting the argument there discards it."""

    scope = Scope.DEBATES_READ
    write_scope = Scope.DEBATES_WRITE
    callers = PERSONS
    shape = DRAFT
    bodies = {"put": DraftIn}
    is_conditional = False  # nobody else writes it, and the newest stands

    def get(self, request: Request, run: UUID, place: str) -> HttpResponseBase:
        rows, _parent, _participant = self._place(request, run, place)
        return answer_one(request, row_of(rows, DRAFT.fields))

    @idempotent
    def put(self, request: Request, run: UUID, place: str) -> Response:
        rows, parent, participant = self._place(request, run, place)
        wish = read(request, DraftIn)
        check_pace(request, "debate_draft")
        services.draft_save(participant=participant, parent=parent, **wish, now=timezone.now())
        body = row_of(rows, DRAFT.fields)
        return Response(body, headers={"ETag": tag_of(body)})

    @idempotent
    def delete(self, request: Request, run: UUID, place: str) -> Response:
        _rows, parent, participant = self._place(request, run, place)
        services.draft_discard(participant=participant, parent=parent)
        return Response(status=204)

    @staticmethod
    def _place(
        request: Request, run: UUID, place: str
    ) -> tuple[QuerySet[Draft], Argument | None, Participant]:
        seat, participant = participant_at(request, run)
        parent = None if place == MOTION else _argument(seat, place)
        return Draft.objects.filter(participant=participant, parent=parent), parent, participant


def _argument(seat: Seat, key: str) -> Argument:
    try:
        public_id = UUID(key)
    except ValueError as error:
        raise NotFound("There is no such argument.") from error
    return debates.argument_for(seat, public_id)
