"""What comes up today, and what comes next."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from apps.accounts.models import User
from apps.quizzes.models import Question
from apps.review import days
from apps.review.enums import CardState, OriginKind
from apps.review.models import NEW_PER_DAY, REVIEWS_PER_DAY, ReviewCard, ReviewLog
from apps.review.selectors.cards import cards_of

# A card that is due within minutes is asked at once when nothing else is left.
AHEAD = timedelta(minutes=20)
# What was rated longer ago is no slip of the finger.
UNDO = timedelta(hours=12)

_NEW = Q(reps=0)
_IN_REVIEW = Q(state=CardState.REVIEW)
_SHORT = Q(reps__gte=1, state__in=[CardState.LEARNING, CardState.RELEARNING])
# Of a rating: what it took from the limits of its day.
_WAS_NEW = Q(state_before__isnull=True)
_WAS_IN_REVIEW = Q(state_before=CardState.REVIEW)
_PER_DAY = {
    "new_per_day": Max("owner__review_settings__new_per_day"),
    "reviews_per_day": Max("owner__review_settings__reviews_per_day"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A person's review today. new, reviews: what is still to come within the limits of the day.

    learning: cards in their short steps that are due now; soon: within minutes.
    next_at: when the next card falls due that does not come up today.  None: there is none.
    """

    new: int
    reviews: int
    learning: int
    soon: int
    cards: int
    suspended: int
    leeches: int
    done: int
    over_limit: int
    next_at: datetime | None
    may_new: int
    may_review: int

    @property
    def due(self) -> int:
        return self.new + self.reviews + self.learning

    @property
    def in_steps(self) -> int:
        """Cards in their short steps that still come back in this sitting."""
        return self.learning + self.soon


def review_summary(
    user: User, now: datetime, *, without: Collection[UUID] = frozenset()
) -> Summary:
    """What there is to review today.

    without: questions that are withheld at present. A page that does not ask for them may count
    a card that waits until a quiz of the class is over.  Queries: 2.
    """
    begin, end = days.bounds(now, user.time_zone)
    awake = Q(suspended_at__isnull=True) & ~_withheld(without)
    said: dict[str, Any] = ReviewCard.objects.filter(owner=user).aggregate(
        **_waiting(awake, now, end),
        **_PER_DAY,
        soon=Count("id", filter=awake & _SHORT & Q(due_at__gt=now, due_at__lte=now + AHEAD)),
        cards=Count("id"),
        suspended=Count("id", filter=Q(suspended_at__isnull=False)),
        leeches=Count("id", filter=Q(suspended_by="leech")),
        next_at=Min(
            "due_at",
            filter=awake & (_IN_REVIEW & Q(due_at__gte=end) | _SHORT & Q(due_at__gt=now + AHEAD)),
        ),
    )
    done: dict[str, int] = _rated(user, begin, end).aggregate(
        all=Count("id"),
        new=Count("id", filter=_WAS_NEW),
        reviews=Count("id", filter=_WAS_IN_REVIEW),
    )
    may_new = max(0, _chosen(said.pop("new_per_day"), NEW_PER_DAY) - done["new"])
    chosen = _chosen(said.pop("reviews_per_day"), REVIEWS_PER_DAY)
    may_review = max(0, chosen - done["reviews"])
    new, reviews = min(said.pop("new"), may_new), min(waiting := said.pop("reviews"), may_review)
    return Summary(
        **said,
        new=new,
        reviews=reviews,
        over_limit=waiting - reviews,
        done=done["all"],
        may_new=may_new,
        may_review=may_review,
    )


def cards_due_count(user: User, now: datetime, *, without: QuerySet[Question] | None = None) -> int:
    """How many cards come up today: `review_summary(user, now).due`, for pages of other apps.

    without: questions that are withheld at present.
    Queries: 1. The ratings of the day are counted within that of the cards.
    """
    awake = Q(suspended_at__isnull=True)
    if without is not None:
        awake &= ~Q(origin_kind=OriginKind.QUESTION, origin_id__in=without.values("public_id"))
    begin, end = days.bounds(now, user.time_zone)
    rated = _rated(user, begin, end).order_by().values("owner").annotate(count=Count("id"))
    said: dict[str, Any] = ReviewCard.objects.filter(owner=user).aggregate(
        **_waiting(awake, now, end),
        **_PER_DAY,
        done_new=Max(Subquery(rated.filter(_WAS_NEW).values("count"))),
        done_reviews=Max(Subquery(rated.filter(_WAS_IN_REVIEW).values("count"))),
    )
    may_new = max(0, _chosen(said["new_per_day"], NEW_PER_DAY) - (said["done_new"] or 0))
    may_review = max(
        0, _chosen(said["reviews_per_day"], REVIEWS_PER_DAY) - (said["done_reviews"] or 0)
    )
    due: int = min(said["new"], may_new) + min(said["reviews"], may_review) + said["learning"]
    return due


def queue_next(
    user: User, summary: Summary, now: datetime, *, without: Collection[UUID] = frozenset()
) -> ReviewCard | None:
    """The card to ask next: short steps that are due, then reviews, then new ones.

    When nothing else is left, what falls due within minutes.  summary, without: those of
    `review_summary` at this moment.  Queries: 1.
    """
    _begin, end = days.bounds(now, user.time_zone)
    places = [When(_SHORT & Q(due_at__lte=now), then=Value(0))]
    if summary.may_review:
        places.append(When(_IN_REVIEW & Q(due_at__lt=end), then=Value(1)))
    if summary.may_new:
        places.append(When(_NEW, then=Value(2)))
    places.append(When(_SHORT & Q(due_at__lte=now + AHEAD), then=Value(3)))
    return (
        cards_of(user)
        .filter(suspended_at__isnull=True)
        .exclude(_withheld(without))
        .annotate(place=Case(*places, default=None, output_field=IntegerField()))
        .filter(place__isnull=False)
        .order_by("place", "due_at", "id")
        .first()
    )


def rating_to_undo(user: User, now: datetime) -> ReviewLog | None:
    """The last rating that counts, if it can be taken back; then the one before comes up here.

    It can, while nothing happened to its card since but ratings that were taken back.  Queries: 1.
    """
    later = ReviewLog.objects.filter(card=OuterRef("card"), pk__gt=OuterRef("pk"))
    count = later.order_by().values("card").annotate(count=Count("pk")).values("count")
    rows = _ratings(user).filter(undone_at__isnull=True).annotate(later=Subquery(count))
    last = rows.order_by("-id").first()
    if last is None or last.card is None or last.reviewed_at < now - UNDO:
        return None
    return last if last.card.version == version_after_undoing(last, last.later or 0) else None


def version_after_undoing(log: ReviewLog, later: int) -> int:
    """The version of a card that was rated `later` times since, each of them taken back."""
    return log.version_after + 2 * later


def _waiting(awake: Q, now: datetime, end: datetime) -> dict[str, Count]:
    """What could come up on the day that ends at `end`, before its limits."""
    return {
        "new": Count("id", filter=awake & _NEW),
        "reviews": Count("id", filter=awake & _IN_REVIEW & Q(due_at__lt=end)),
        "learning": Count("id", filter=awake & _SHORT & Q(due_at__lte=now)),
    }


def _rated(user: User, begin: datetime, end: datetime) -> QuerySet[ReviewLog]:
    return ReviewLog.objects.filter(
        owner=user, undone_at__isnull=True, reviewed_at__gte=begin, reviewed_at__lt=end
    )


def _ratings(user: User) -> QuerySet[ReviewLog]:
    return ReviewLog.objects.filter(owner=user).select_related("card")


def _withheld(public_ids: Collection[UUID]) -> Q:
    if not public_ids:
        return Q(pk__in=[])
    return Q(origin_kind=OriginKind.QUESTION, origin_id__in=list(public_ids))


def _chosen(value: int | None, default: int) -> int:
    """None: no row of settings, or no card at all."""
    return default if value is None else value
