"""Rating a card once, whatever is clicked twice or held in two hands; and taking it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from apps.core.errors import NotFound
from apps.review import days, scheduling, selectors
from apps.review.enums import CardState, Rating, SuspendedBy
from apps.review.errors import CannotUndo, InvalidRating
from apps.review.models import ReviewCard, ReviewLog, ReviewSettings
from apps.review.scheduling import Memory

if TYPE_CHECKING:
    from apps.accounts.models import User

# What a rating changes, and undoing puts back.
CHANGED = (
    "state",
    "step",
    "stability",
    "difficulty",
    "due_at",
    "last_reviewed_at",
    "reps",
    "lapses",
    "suspended_at",
    "suspended_by",
)
_MOMENTS = ("due_at", "last_reviewed_at", "suspended_at")


@dataclass(frozen=True, slots=True)
class Rated:
    """What became of a rating.

    outcome: "applied" now; "repeated", when the same one had come before; "stale", when the card
    was rated, changed or put aside since it was shown: then nothing was stored, and log is None.
    is_leech: this rating put the card aside.
    """

    outcome: Literal["applied", "repeated", "stale"]
    card: ReviewCard
    log: ReviewLog | None
    is_leech: bool = False


@transaction.atomic
def card_rate(
    *,
    owner: User,
    card_id: UUID,
    rating: int,
    version: int,
    client_id: UUID,
    duration_seconds: int | None = None,
    now: datetime,
) -> Rated:
    """Apply a rating of 1 to 4 exactly once, to the card as it was shown.

    version: of the card, when it was shown.  client_id: made for that showing; the same one again
    gives the first result.  duration_seconds: cut at scheduling.MAX_SECONDS.
    Raises: NotFound, InvalidRating.  Locks: ReviewCard.  Queries: 5.
    """
    if rating not in Rating.values:
        raise InvalidRating(_("Rate a card from 1 to 4."))
    card = _locked(owner, card_id)
    known = ReviewLog.objects.filter(owner=owner, client_id=client_id).first()
    if known is not None:
        return Rated("repeated", card, known)
    if card.version != version or card.suspended_at is not None:
        return Rated("stale", card, None)
    before = {name: _stored(getattr(card, name)) for name in CHANGED}
    state_before = None if card.is_new else card.state
    is_leech = _apply(card, rating, selectors.settings_of(owner), owner.time_zone, now)
    card.save(update_fields=[*CHANGED, "version", "updated_at"])
    log = ReviewLog.objects.create(
        owner=owner,
        card=card,
        rating=rating,
        reviewed_at=now,
        duration_seconds=_seconds(duration_seconds),
        state_before=state_before,
        before=before,
        version_after=card.version,
        client_id=client_id,
    )
    return Rated("applied", card, log, is_leech)


@transaction.atomic
def rating_undo(*, owner: User, log_id: UUID, now: datetime) -> ReviewCard:
    """Put a card back to before a rating; undoing it again changes nothing.

    Ratings of one card are taken back from the last: one after the other, each rating and each
    undoing counts a version, so that the version tells whether anything else happened. It goes
    on, so that no page which showed the card earlier can rate it.
    Raises: NotFound; CannotUndo when something happened to the card since that still holds.
    Locks: ReviewCard.
    """
    found = ReviewLog.objects.filter(owner=owner, public_id=log_id).select_related("card").first()
    if found is None:
        raise NotFound(_("There is no such rating."))
    if found.card is None:
        raise CannotUndo(_("The card was deleted; there is nothing to undo."))
    card = _locked(owner, found.card.public_id)
    log = ReviewLog.objects.get(pk=found.pk)
    if log.undone_at is not None:
        return card
    later = ReviewLog.objects.filter(card=card, pk__gt=log.pk).aggregate(
        all=Count("pk"), undone=Count("undone_at")
    )
    is_last = later["all"] == later["undone"]
    if not is_last or card.version != selectors.version_after_undoing(log, later["all"]):
        raise CannotUndo(_("The card was rated or changed since, so that rating stays."))
    for name in CHANGED:
        setattr(card, name, _restored(name, log.before[name]))
    card.version += 1
    card.save(update_fields=[*CHANGED, "version", "updated_at"])
    log.undone_at = now
    log.save(update_fields=["undone_at"])
    return card


def memory_of(card: ReviewCard) -> Memory:
    """What FSRS knows of a card."""
    return Memory(
        due_at=card.due_at,
        state=card.state,
        step=card.step,
        stability=card.stability,
        difficulty=card.difficulty,
        last_reviewed_at=card.last_reviewed_at,
    )


def outcomes_of(
    card: ReviewCard, settings: ReviewSettings, zone: str, now: datetime
) -> dict[int, Memory]:
    """{rating: the card after it}: what each button would do now.  Queries: 0."""
    return scheduling.outcomes(memory_of(card), now=now, **_terms(card, settings, zone, now))


def _apply(
    card: ReviewCard, rating: int, settings: ReviewSettings, zone: str, now: datetime
) -> bool:
    """Set what the rating makes of the card; whether it was forgotten once too often."""
    memory = memory_of(card)
    after = scheduling.rated(memory, rating, now=now, **_terms(card, settings, zone, now))
    is_lapse = scheduling.is_lapse(memory, rating)
    card.state = CardState(after.state)
    card.step, card.stability, card.difficulty = after.step, after.stability, after.difficulty
    card.due_at, card.last_reviewed_at = after.due_at, after.last_reviewed_at
    card.reps += 1
    card.lapses += is_lapse
    card.version += 1
    is_leech = is_lapse and scheduling.is_leech(card.lapses)
    if is_leech:
        card.suspended_at, card.suspended_by = now, SuspendedBy.LEECH
    return is_leech


def _terms(card: ReviewCard, settings: ReviewSettings, zone: str, now: datetime) -> dict[str, Any]:
    last, days_since = card.last_reviewed_at, None
    if last is not None and card.state == CardState.REVIEW:
        # Short steps are minutes, also across midnight; intervals are the learner's days.
        days_since = days.days_between(last, now, zone) or None
    return {
        "desired_retention": settings.desired_retention,
        "days_since": days_since,
        "spread": f"{card.public_id}:{card.reps}",
    }


def _locked(owner: User, card_id: UUID) -> ReviewCard:
    rows = ReviewCard.objects.select_for_update(of=("self",))
    card = rows.filter(owner=owner, public_id=card_id).first()
    if card is None:
        raise NotFound(_("There is no such card."))
    return card


def _seconds(value: int | None) -> int | None:
    return None if value is None else min(max(0, value), scheduling.MAX_SECONDS)


def _stored(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _restored(name: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if name in _MOMENTS and value is not None else value
