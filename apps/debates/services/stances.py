"""Where a student stands, before any argument is seen and again at the close."""

from __future__ import annotations

from datetime import datetime
from random import SystemRandom
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from apps.classrooms.policies import check_is_running
from apps.core.services import event_append
from apps.debates import policies, sides
from apps.debates.anonymity import number_deal
from apps.debates.enums import ArgumentState, SideRule, StanceMoment
from apps.debates.errors import InvalidStance, OwnArgument, StanceRecorded
from apps.debates.models import Argument, DebateRun, Participant, Side, Stance
from apps.debates.services.runs import run_lock

if TYPE_CHECKING:
    from apps.accounts.models import User

VALUES = range(-3, 4)
CONFIDENCES = range(1, 6)


@transaction.atomic
def stance_open(
    *,
    run: DebateRun,
    student: User,
    value: int,
    confidence: int,
    side: Side | None,
    now: datetime,
) -> Participant:
    """Record the opening stance and let the student in; the first of two at once stands.

    side: counts only where students choose theirs; elsewhere the run's rule deals one.
    Raises: InvalidStance, PhaseClosed, StanceRecorded.  Locks: DebateRun.  Queries: 10.
    """
    check_is_running(run.classroom)
    _check_opinion(value, confidence)
    locked = run_lock(run)
    policies.check_may_record(locked, StanceMoment.OPENING, now)
    if Participant.objects.filter(run=locked, user=student).exists():
        raise StanceRecorded(_("Your opening stance is recorded already."))
    taken = Participant.objects.filter(run=locked).values_list("number", flat=True)
    lot = SystemRandom()
    participant = Participant.objects.create(
        run=locked,
        user=student,
        number=number_deal(list(taken), lot),
        side_id=_deal_side(locked, side, value, lot),
        joined_at=now,
    )
    Stance.objects.create(
        participant=participant,
        moment=StanceMoment.OPENING,
        value=value,
        confidence=confidence,
        recorded_at=now,
    )
    _tell("debate_stance.opened", participant, student, now)
    return participant


@transaction.atomic
def stance_close(
    *,
    participant: Participant,
    value: int,
    confidence: int,
    moved_by: Argument | None,
    now: datetime,
) -> Stance:
    """Record the closing stance, and what moved it if anything did.

    Raises: InvalidStance, PhaseClosed, StanceRecorded, OwnArgument.  Locks: Participant.
    """
    run = participant.run
    check_is_running(run.classroom)
    _check_opinion(value, confidence)
    policies.check_may_record(run, StanceMoment.CLOSING, now)
    if moved_by is not None:
        if moved_by.run_id != run.pk or moved_by.state != ArgumentState.VISIBLE:
            raise InvalidStance(_("Name an argument of this debate."))
        if moved_by.author_id == participant.pk:
            raise OwnArgument(_("Your own argument cannot be what moved you."))
    held = Participant.objects.select_for_update(of=("self",)).get(pk=participant.pk)
    if held.stances.filter(moment=StanceMoment.CLOSING).exists():
        raise StanceRecorded(_("Your closing stance is recorded already."))
    stance = Stance.objects.create(
        participant=held,
        moment=StanceMoment.CLOSING,
        value=value,
        confidence=confidence,
        moved_by=moved_by,
        recorded_at=now,
    )
    _tell("debate_stance.closed", participant, participant.user, now)
    return stance


def _deal_side(run: DebateRun, chosen: Side | None, value: int, lot: SystemRandom) -> int | None:
    offered = list(Side.objects.filter(debate=run.debate_id))
    sizes = dict.fromkeys((side.pk for side in offered), 0)
    if not sizes:
        return None
    if run.side_rule == SideRule.CHOSEN:
        if chosen is None or chosen.pk not in sizes:
            raise InvalidStance(_("Choose the side that you argue for."))
        return chosen.pk
    if run.side_rule == SideRule.RANDOM:
        return sides.drawn(list(sizes), lot)
    held = Participant.objects.filter(run=run, side__isnull=False).values_list("side")
    sizes.update(held.annotate(people=Count("pk")))
    if run.side_rule == SideRule.BALANCED:
        return sides.balanced(sizes, lot)
    return sides.against({side.pk: side.leaning for side in offered}, sizes, value, lot)


def _check_opinion(value: int, confidence: int) -> None:
    if value not in VALUES or confidence not in CONFIDENCES:
        raise InvalidStance(_("Choose one of the seven points and say how sure you are."))


def _tell(kind: str, participant: Participant, student: User, now: datetime) -> None:
    event_append(
        kind=kind,
        subject_id=participant.public_id,
        school_id=participant.run.classroom.school.public_id,
        actor_id=student.public_id,
        now=now,
    )
