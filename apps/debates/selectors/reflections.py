"""A student's own part of a debate: what they wrote, what they owe, what was thought of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from apps.core.errors import NotFound
from apps.debates.anonymity import is_named
from apps.debates.enums import GRADE_SOURCE, ArgumentState, Criterion, PhaseKind
from apps.debates.models import (
    Argument,
    Participant,
    PeerReview,
    Reflection,
    RubricScore,
)
from apps.debates.selectors.outcomes import contributions
from apps.debates.selectors.writings import Begun, drafts_of
from apps.grades.models import GradeItem

if TYPE_CHECKING:
    from apps.debates.models import DebateRun
    from apps.debates.selectors.runs import Seat


@dataclass(frozen=True, slots=True)
class Level:
    """What somebody thought of one criterion: level 0 to 4."""

    label: str
    level: int
    comment: str = ""


@dataclass(frozen=True, slots=True)
class ReviewRead:
    """A classmate's review as its subject reads it: without a name."""

    levels: list[Level]
    comment: str


@dataclass(frozen=True, slots=True)
class ReviewDue:
    """A classmate to review, by the name that the reviewer knows them by."""

    review: PeerReview
    name: str


@dataclass(frozen=True, slots=True)
class Part:
    """scores: None until the marks are released.  received: None until the reflection is over.

    reviews_lacking: how many classmates are still to be dealt.
    """

    arguments: list[Argument]
    begun: list[Begun]
    scores: list[Level] | None
    reflection: Reflection | None
    due: list[ReviewDue]
    reviews_lacking: int
    received: list[ReviewRead] | None


def part_of(seat: Seat, participant: Participant, now: datetime) -> Part:
    """What a student has given to a run and got from it.  Queries: 10 at most."""
    run = participant.run
    arguments, scores = contributions(participant)
    due = [
        ReviewDue(review, name_in(run, review.reviewed))
        for review in participant.reviews_given.select_related("reviewed__user")
    ]
    return Part(
        arguments=arguments,
        begun=drafts_of(participant),
        scores=_levels(scores) if scores and marks_are_released(run) else None,
        reflection=Reflection.objects.filter(participant=participant).first(),
        due=due,
        reviews_lacking=max(0, run.peer_reviews_owed - len(due)),
        received=_received(participant) if _is_over(seat, now) else None,
    )


def name_in(run: DebateRun, participant: Participant) -> str:
    """The name by which a classmate knows them."""
    if is_named(is_anonymous=run.is_anonymous, is_own=False, is_staff=False):
        return participant.user.display_name or _("Somebody without a name")
    return _("Participant %(number)d") % {"number": participant.number}


def review_for(participant: Participant, review_id: UUID) -> PeerReview:
    """A review that this student was dealt.  Raises: NotFound.  Queries: 1."""
    review = (
        participant.reviews_given.filter(public_id=review_id)
        .select_related("reviewed__user", "reviewed__side")
        .first()
    )
    if review is None:
        raise NotFound(_("There is no such review."))
    review.reviewer = participant
    return review


def reviewable(participant: Participant) -> list[Argument]:
    """What of somebody's writing classmates may read and review.  Queries: 2."""
    return list(
        participant.arguments.filter(state=ArgumentState.VISIBLE)
        .select_related("parent")
        .prefetch_related("evidence__reference", "evidence__paragraph")
    )


def reviews_of(participant: Participant) -> list[PeerReview]:
    """For staff: what classmates wrote of somebody, and who.  Queries: 1."""
    return list(
        participant.reviews_received.exclude(written_at=None).select_related("reviewer__user")
    )


def review_levels(review: PeerReview) -> list[Level]:
    return [
        Level(str(each.label), review.levels[each]) for each in Criterion if each in review.levels
    ]


def _received(participant: Participant) -> list[ReviewRead]:
    return [
        ReviewRead(review_levels(review), review.comment)
        for review in participant.reviews_received.exclude(written_at=None)
    ]


def _levels(scores: dict[str, RubricScore]) -> list[Level]:
    return [
        Level(str(Criterion(name).label), score.level, score.comment)
        for name, score in scores.items()
    ]


def marks_are_released(run: DebateRun) -> bool:
    return GradeItem.objects.filter(
        source_kind=GRADE_SOURCE, source_id=run.public_id, released_at__isnull=False
    ).exists()


def _is_over(seat: Seat, now: datetime) -> bool:
    return any(
        phase.kind == PhaseKind.REFLECTING and phase.closes_at <= now for phase in seat.phases
    )
