"""How review goes: what is to come, what was done, how much was remembered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Avg, Count, Q

from apps.accounts.models import User
from apps.review import days
from apps.review.charts import Bar, bars
from apps.review.enums import CardState, Rating
from apps.review.models import ReviewCard, ReviewLog

FORECAST_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """retention: the share of cards in review that were remembered, in percent; None without any.

    is_small: too few reviews to rely on it.  seconds: of a rating, on average; None if not known.
    """

    forecast: Sequence[Bar]
    done: Sequence[Bar]
    retention: int | None
    reviewed: int
    is_small: bool
    seconds: int | None
    ratings: Sequence[tuple[str, int]]
    cards: int
    known: int

    @property
    def to_come(self) -> int:
        return sum(bar.count for bar in self.forecast)

    @property
    def done_count(self) -> int:
        return sum(bar.count for bar in self.done)


def forecast(user: User, now: datetime) -> list[Bar]:
    """How many cards fall due on each of the next thirty days; what is overdue counts today.

    New cards have no date, and are not among them.  Queries: 1.
    """
    today = days.day_of(now, user.time_zone)
    end = days.begins(today + timedelta(days=FORECAST_DAYS), user.time_zone)
    due = ReviewCard.objects.filter(
        owner=user, suspended_at__isnull=True, reps__gte=1, due_at__lt=end
    ).values_list("due_at", flat=True)
    counts = Counter(max(today, days.day_of(moment, user.time_zone)) for moment in due.iterator())
    each = [today + timedelta(days=number) for number in range(FORECAST_DAYS)]
    return bars([(day, counts[day]) for day in each])


def statistics_of(user: User, now: datetime) -> Statistics:
    """The next thirty days and the last thirty.  Queries: 4."""
    today = days.day_of(now, user.time_zone)
    begin = days.begins(today - timedelta(days=FORECAST_DAYS - 1), user.time_zone)
    logs = ReviewLog.objects.filter(owner=user, undone_at__isnull=True, reviewed_at__gte=begin)
    counts = Counter(
        days.day_of(moment, user.time_zone)
        for moment in logs.values_list("reviewed_at", flat=True).iterator()
    )
    in_review = Q(state_before=CardState.REVIEW)
    said = logs.aggregate(
        reviewed=Count("id", filter=in_review),
        remembered=Count("id", filter=in_review & Q(rating__gt=Rating.AGAIN)),
        seconds=Avg("duration_seconds"),
        **{f"rating_{each.value}": Count("id", filter=Q(rating=each)) for each in Rating},
    )
    cards = ReviewCard.objects.filter(owner=user).aggregate(
        all=Count("id"), known=Count("id", filter=Q(state=CardState.REVIEW))
    )
    reviewed = said["reviewed"]
    return Statistics(
        forecast=forecast(user, now),
        done=bars(
            [
                (day, counts[day])
                for day in (
                    today - timedelta(days=number) for number in reversed(range(FORECAST_DAYS))
                )
            ]
        ),
        retention=round(100 * said["remembered"] / reviewed) if reviewed else None,
        reviewed=reviewed,
        is_small=reviewed < 30,
        seconds=None if said["seconds"] is None else round(said["seconds"]),
        ratings=[(str(each.label), said[f"rating_{each.value}"]) for each in Rating],
        cards=cards["all"],
        known=cards["known"],
    )
