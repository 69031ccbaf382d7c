"""Where students stand in a debate, and what they say of each other's arguments."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import User
from apps.api.enums import Scope
from apps.api.v1.access import PERSONS, ApiView, check_pace
from apps.api.v1.details import DetailView, answer_one, answer_written
from apps.api.v1.inputs import Input, read
from apps.api.v1.repeats import idempotent
from apps.api.v1.seats import participant_at, person_at, student_seat_at
from apps.api.v1.shapes import MOMENT, STRING, Json, or_null
from apps.core.errors import NotFound
from apps.debates import selectors as debates
from apps.debates import services
from apps.debates.enums import StanceMoment
from apps.debates.errors import StanceRecorded
from apps.debates.models import DebateRun, Side, Stance
from apps.debates.selectors import Seat

_UUID: Json = {"type": "string", "format": "uuid"}
_STANCE: Json = {
    "type": "object",
    "properties": {
        "moment": {"type": "string", "enum": list(StanceMoment.values)},
        "value": {"type": "integer", "minimum": -3, "maximum": 3},
        "confidence": {"type": "integer", "minimum": 1, "maximum": 5},
        "side": or_null(STRING),
        "moved_by": or_null(_UUID),
        "recorded_at": MOMENT,
    },
    "examples": [
        {
            "moment": "opening",
            "value": 2,
            "confidence": 3,
            "side": "for",
            "moved_by": None,
            "recorded_at": "2026-10-01T09:00:00Z",
        }
    ],
}


class StanceIn(Input):
    value = serializers.IntegerField(
        min_value=-3, max_value=3, help_text="From -3, strongly disagree, to 3, strongly agree."
    )
    confidence = serializers.IntegerField(min_value=1, max_value=5)


class OpeningIn(StanceIn):
    side = serializers.CharField(
        max_length=40, required=False, help_text="Its key, where students choose their side."
    )


class ClosingIn(StanceIn):
    moved_by = serializers.UUIDField(required=False, allow_null=True, default=None)


class StanceView(DetailView):
    """One's own stance of one moment, recorded once: the same again changes nothing."""

    scope = Scope.DEBATES_READ
    write_scope = Scope.DEBATES_WRITE
    callers = PERSONS
    has_fields = False
    body = _STANCE
    is_conditional = False  # it is recorded once, by one's own hand

    moment: StanceMoment

    def get(self, request: Request, run: UUID) -> HttpResponseBase:
        return answer_one(request, _recorded(student_seat_at(request, run), self.moment))


class OpeningStance(StanceView):
    """One's own opening stance; until it is recorded, nothing of the debate is shown.

    It is recorded once: another is refused, and the same again changes nothing.
    """

    moment = StanceMoment.OPENING
    bodies = {"put": OpeningIn}

    @idempotent
    def put(self, request: Request, run: UUID) -> Response:
        seat = student_seat_at(request, run)
        wish = read(request, OpeningIn)
        key = wish.pop("side", None)
        side = Side.objects.filter(debate=seat.run.debate_id, key=key).first() if key else None
        try:
            services.stance_open(
                run=seat.run, student=person_at(request), side=side, **wish, now=timezone.now()
            )
        except StanceRecorded:
            _check_is_same(seat.run, self.moment, person_at(request), **wish)
        return answer_written(_recorded(student_seat_at(request, run), self.moment))


class ClosingStance(StanceView):
    """One's own closing stance, and what moved one if anything did; recorded once."""

    moment = StanceMoment.CLOSING
    bodies = {"put": ClosingIn}

    @idempotent
    def put(self, request: Request, run: UUID) -> Response:
        seat, participant = participant_at(request, run)
        wish = read(request, ClosingIn)
        asked = wish.pop("moved_by")
        mover = debates.movers_of(seat).filter(public_id=asked).first() if asked else None
        if asked and mover is None:
            raise NotFound(_("There is no such argument."))
        try:
            services.stance_close(
                participant=participant, moved_by=mover, **wish, now=timezone.now()
            )
        except StanceRecorded:
            _check_is_same(seat.run, self.moment, person_at(request), moved_by=mover, **wish)
        return answer_written(_recorded(seat, self.moment))


class RatingIn(Input):
    strength = serializers.IntegerField(min_value=1, max_value=5)


class ArgumentRating(ApiView):
    """How strong one finds somebody else's argument; a second rating replaces the first."""

    write_scope = Scope.DEBATES_WRITE
    callers = PERSONS
    bodies = {"put": RatingIn}
    body: Json = {"type": "object", "properties": {"strength": {"type": "integer"}}}

    @idempotent
    def put(self, request: Request, run: UUID, argument: UUID) -> Response:
        seat, participant = participant_at(request, run)
        row = debates.argument_for(seat, argument)
        wish = read(request, RatingIn)
        check_pace(request, "debate_judge")
        services.argument_rate(argument=row, participant=participant, **wish, now=timezone.now())
        return Response(wish)


class ArgumentMoved(ApiView):
    """“This moved me”, by PUT; DELETE takes the mark back."""

    write_scope = Scope.DEBATES_WRITE
    callers = PERSONS
    body: Json = {"type": "object", "properties": {"has_moved_me": {"type": "boolean"}}}

    @idempotent
    def put(self, request: Request, run: UUID, argument: UUID) -> Response:
        self._mark(request, run, argument, is_moved=True)
        return Response({"has_moved_me": True})

    @idempotent
    def delete(self, request: Request, run: UUID, argument: UUID) -> Response:
        self._mark(request, run, argument, is_moved=False)
        return Response(status=204)

    @staticmethod
    def _mark(request: Request, run: UUID, argument: UUID, *, is_moved: bool) -> None:
        seat, participant = participant_at(request, run)
        row = debates.argument_for(seat, argument)
        check_pace(request, "debate_judge")
        services.argument_mark_moved(
            argument=row, participant=participant, is_moved=is_moved, now=timezone.now()
        )


class ReportIn(Input):
    reason = serializers.CharField(max_length=500)


class ArgumentReports(ApiView):
    """Ask a moderator to look at somebody else's argument; a second time is the first."""

    write_scope = Scope.DEBATES_WRITE
    callers = PERSONS
    bodies = {"post": ReportIn}
    body: Json = {"type": "object", "properties": {"reason": STRING, "reported_at": MOMENT}}

    @idempotent
    def post(self, request: Request, run: UUID, argument: UUID) -> Response:
        seat, participant = participant_at(request, run)
        row = debates.argument_for(seat, argument)
        wish = read(request, ReportIn)
        check_pace(request, "debate_report")
        report = services.argument_report(
            argument=row, participant=participant, **wish, now=timezone.now()
        )
        body = {"reason": report.reason, "reported_at": report.reported_at}
        return Response(body, status=201)


def _stance_of(seat: Seat, moment: StanceMoment) -> Stance | None:
    rows = Stance.objects.filter(participant=seat.participant, moment=moment)
    return (
        rows.select_related("moved_by", "participant__side").first() if seat.participant else None
    )


def _recorded(seat: Seat, moment: StanceMoment) -> Json:
    """Raises: NotFound before it is recorded.  Queries: 1."""
    stance = _stance_of(seat, moment)
    if stance is None:
        raise NotFound(_("This stance is not recorded yet."))
    side = stance.participant.side
    return {
        "moment": stance.moment,
        "value": stance.value,
        "confidence": stance.confidence,
        "side": side.key if side else None,
        "moved_by": stance.moved_by.public_id if stance.moved_by else None,
        "recorded_at": stance.recorded_at,
    }


def _check_is_same(run: DebateRun, moment: StanceMoment, person: User, **wish: Any) -> None:
    """Raises: StanceRecorded where another stance stands than the one that is asked for."""
    stances = Stance.objects.filter(participant__run=run, participant__user=person, moment=moment)
    if not stances.filter(**wish).exists():
        raise StanceRecorded(_("Another stance is recorded, and it is never changed."))
