"""What a student does to one item while an attempt is open: answer it, take a hint, check it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.enums import Scope
from apps.api.selectors import quizzing
from apps.api.v1.access import PERSONS, ApiView, person_of
from apps.api.v1.inputs import Input, ObjectField, read
from apps.api.v1.shapes import MOMENT, or_null
from apps.api.v1.sittings import BOOLEAN, HINT, ITEM, NUMBER, WHOLE, fields, item_body
from apps.quizzes import selectors as quizzes
from apps.quizzes import services
from apps.quizzes.enums import Confidence

MAX_SEQUENCE = 2**53  # what JavaScript counts exactly
MAX_SECONDS = 24 * 3600


class AnswerIn(Input):
    answer = ObjectField(
        required=False, help_text="In labels of this attempt; {} for none; left out: as it is."
    )
    sequence = serializers.IntegerField(
        min_value=1, max_value=MAX_SEQUENCE, help_text="Greater than what was saved before."
    )
    seconds = serializers.IntegerField(
        min_value=0, max_value=MAX_SECONDS, default=0, help_text="Spent since the last save."
    )
    confidence = serializers.ChoiceField(
        [0, *Confidence.values], required=False, help_text="0 takes it back."
    )
    is_flagged = serializers.BooleanField(required=False)


class HintIn(Input):
    number = serializers.IntegerField(min_value=1, max_value=100)


class CheckIn(Input):
    answer = ObjectField(required=False, help_text="Left out: what was saved.")


class Answer(ApiView):
    """Save an answer. Once this is answered it is kept, whatever becomes of the server.

    A save that arrives late cannot undo a newer one: `sequence` counts the changes of an item.
    So the same request may be sent again.
    """

    write_scope = Scope.ATTEMPTS_WRITE
    callers = PERSONS
    bodies = {"put": AnswerIn}
    body = {
        "title": "Saved",
        **fields(
            position=WHOLE,
            sequence={**WHOLE, "description": "The newest that is stored."},
            is_stored={**BOOLEAN, "description": "Whether that is what was sent."},
            saved_at=MOMENT,
            closes_at=or_null(MOMENT),
            seconds_left=or_null(NUMBER),
        ),
        "examples": [
            {
                "position": 1,
                "sequence": 4,
                "is_stored": True,
                "saved_at": "2026-10-02T09:04:00Z",
                "closes_at": "2026-10-02T09:20:00Z",
                "seconds_left": 960,
            }
        ],
    }

    def put(self, request: Request, attempt_id: UUID, position: int) -> Response:
        student, wish, now = person_of(request), read(request, AnswerIn), timezone.now()
        quizzing.check_reach(student, attempt_id)
        save = services.Save(
            raw=wish.get("answer"),
            sequence=wish["sequence"],
            seconds=wish["seconds"],
            confidence=wish.get("confidence"),
            is_flagged=wish.get("is_flagged"),
        )
        saved = services.answers_save(
            attempt_id=attempt_id, student=student, saves={position: save}, now=now
        )
        closes_at = saved.closes_at
        return Response(
            {
                "position": position,
                "sequence": saved.sequences[position],
                "is_stored": saved.sequences[position] == save.sequence,
                "saved_at": saved.saved_at,
                "closes_at": closes_at,
                "seconds_left": closes_at and max(0.0, (closes_at - now).total_seconds()),
            }
        )


class Hint(ApiView):
    """Take a hint of an item, at its cost; taking it again costs nothing."""

    write_scope = Scope.ATTEMPTS_WRITE
    callers = PERSONS
    statuses = {"post": (200,)}
    bodies = {"post": HintIn}
    body = {
        "title": "Hint",
        **HINT,
        "examples": [{"number": 1, "cost": 0.25, "html": "<p>Think of 1949.</p>"}],
    }

    def post(self, request: Request, attempt_id: UUID, position: int) -> Response:
        student, now = person_of(request), timezone.now()
        number = read(request, HintIn)["number"]
        quizzing.check_reach(student, attempt_id)
        services.hint_take(
            attempt_id=attempt_id, student=student, position=position, number=number, now=now
        )
        item = _item(student, attempt_id, position, now)
        return Response(next(hint for hint in item["hints"] if hint["number"] == number))


class Check(ApiView):
    """Of practice: grade one item at once and open its feedback; from then on its answer stands."""

    write_scope = Scope.ATTEMPTS_WRITE
    callers = PERSONS
    statuses = {"post": (200,)}
    bodies = {"post": CheckIn}
    body = {"title": "Item", **ITEM}

    def post(self, request: Request, attempt_id: UUID, position: int) -> Response:
        student, wish, now = person_of(request), read(request, CheckIn), timezone.now()
        quizzing.check_reach(student, attempt_id)
        services.response_check(
            attempt_id=attempt_id,
            student=student,
            position=position,
            raw=wish.get("answer"),
            now=now,
        )
        return Response(_item(student, attempt_id, position, now))


def _item(student: Any, attempt_id: UUID, position: int, now: Any) -> dict[str, Any]:
    sitting = quizzes.sitting_open(quizzing.attempt_of(student, attempt_id), now)
    return item_body(sitting.item(position), sitting)
