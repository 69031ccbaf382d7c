"""What review gives to a copy of everything about a person, and does when one is erased."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.exports import ExportTable, rows_of
from apps.review.enums import OriginKind
from apps.review.models import ReviewCard, ReviewLog, ReviewRefusal, ReviewSettings
from apps.review.selectors import withheld_from


def export_tables(user: User, now: datetime) -> list[ExportTable]:
    return [
        ExportTable(
            "review/cards",
            _("Your review cards"),
            _(
                "The words that you gave them, and how well you remember. A card of a question has "
                "no words of its own until you change it; while a quiz of your class keeps the "
                "answer to itself, your words for it are not in your copy."
            ),
            ("review.ReviewCard",),
            _cards(user, now),
        ),
        ExportTable(
            "review/ratings",
            _("What you reviewed"),
            _("Each rating, 1 (again) to 4 (easy), by the id of the card."),
            ("review.ReviewLog",),
            rows_of(
                ReviewLog.objects.filter(owner=user).order_by("pk"),
                card="card__public_id",
                rating="rating",
                at="reviewed_at",
                seconds="duration_seconds",
                before="before",
                undone_at="undone_at",
            ),
        ),
        ExportTable(
            "review/settings",
            _("How you review"),
            _("How much in a day, where it differs from what everybody begins with."),
            ("review.ReviewSettings",),
            rows_of(
                ReviewSettings.objects.filter(owner=user),
                new_per_day="new_per_day",
                reviews_per_day="reviews_per_day",
                share_to_remember="desired_retention",
                adds_what_you_miss="may_add_missed",
            ),
        ),
        ExportTable(
            "review/thrown-away",
            _("Cards that you threw away"),
            _("So that they are not made for you again."),
            ("review.ReviewRefusal",),
            rows_of(
                ReviewRefusal.objects.filter(owner=user).order_by("pk"),
                made_from="origin_kind",
                of="origin_id",
                at="refused_at",
            ),
        ),
    ]


def _cards(user: User, now: datetime) -> Iterator[Mapping[str, Any]]:
    """What its owner wrote on a card of a question may hold the key, so it waits like the card."""
    withheld = withheld_from(user, now)
    rows = rows_of(
        ReviewCard.objects.filter(owner=user).order_by("pk"),
        id="public_id",
        made_from="origin_kind",
        front="front",
        back="back",
        tags="tags",
        lesson="lesson__title",
        due_at="due_at",
        last_reviewed_at="last_reviewed_at",
        reviews="reps",
        forgotten="lapses",
        stability_in_days="stability",
        difficulty="difficulty",
        put_aside_at="suspended_at",
        made_at="created_at",
        origin="origin_id",
    )
    for row in rows:
        card = dict(row)
        origin = card.pop("origin")
        if card["made_from"] == OriginKind.QUESTION and origin in withheld:
            card |= {"front": "", "back": ""}
        yield card


def person_erase(*, user: User, names: Sequence[str], now: datetime) -> None:  # noqa: ARG001
    """Delete the person's cards and everything that was counted of them."""
    ReviewLog.objects.filter(owner=user).delete()
    ReviewCard.objects.filter(owner=user).delete()
    ReviewRefusal.objects.filter(owner=user).delete()
    ReviewSettings.objects.filter(owner=user).delete()
