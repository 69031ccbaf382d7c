"""A person's own cards; anybody else's are not found."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.errors import NotFound
from apps.review.enums import OriginKind, SuspendedBy
from apps.review.models import ReviewCard, ReviewSettings

PAGE = 50
_HEAVY = ("course__outline", "course__loaded_manifest")


def cards_of(owner: User) -> QuerySet[ReviewCard]:
    """All of a person's cards with what `faces` reads of them."""
    return (
        ReviewCard.objects.filter(owner=owner)
        .select_related("course", "lesson__unit__course")
        .defer(*_HEAVY, *(f"lesson__unit__{name}" for name in _HEAVY))
    )


def card_of(owner: User, public_id: UUID) -> ReviewCard:
    """Raises: NotFound, also for somebody else's.  Queries: 1."""
    card = cards_of(owner).filter(public_id=public_id).first()
    if card is None:
        raise NotFound(_("There is no such card."))
    return card


def settings_of(owner: User) -> ReviewSettings:
    """As chosen, else as by default; a row that is not stored.  Queries: 1."""
    found = ReviewSettings.objects.filter(owner=owner).first()
    return found or ReviewSettings(owner=owner)


def cards_listed(owner: User, *, kind: str = "") -> QuerySet[ReviewCard]:
    """The newest first. kind: an OriginKind, "leech", "hand", or "" for all."""
    rows = cards_of(owner).order_by("-id")
    if kind in OriginKind.values:
        return rows.filter(origin_kind=kind)
    if kind in SuspendedBy.values:
        return rows.filter(suspended_by=kind)
    return rows


def card_counts(owner: User) -> dict[str, int]:
    """{"": all, and every kind that `cards_listed` takes}.  Queries: 1."""
    kinds = {kind: Count("id", filter=Q(origin_kind=kind)) for kind in OriginKind.values}
    aside = {by: Count("id", filter=Q(suspended_by=by)) for by in SuspendedBy.values}
    found: dict[str, int] = ReviewCard.objects.filter(owner=owner).aggregate(
        all=Count("id"), **kinds, **aside
    )
    return {"": found.pop("all"), **found}
