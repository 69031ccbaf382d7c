"""Writing, changing, putting aside and deleting one's own cards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.services import person_hold
from apps.content.markdown import EMPTY_CONTEXT, RenderContext, render_markdown
from apps.content.selectors import render_context
from apps.core.errors import NotFound
from apps.review import selectors
from apps.review.enums import OriginKind, SuspendedBy
from apps.review.errors import CardChanged, InvalidCard, TooMany
from apps.review.models import ReviewCard, ReviewRefusal, ReviewSettings

if TYPE_CHECKING:
    from apps.accounts.models import User
    from apps.content.models import Course

MAX_CARDS = 20_000
MAX_FRONT, MAX_BACK = 5_000, 20_000  # characters
MAX_TAGS, MAX_TAG = 20, 60
_WRITTEN = ("front", "back", "front_html", "back_html", "tags", "has_own_text", "text_version_id")


@dataclass(frozen=True, slots=True)
class Text:
    """Both sides in Markdown, and the tags."""

    front: str
    back: str
    tags: tuple[str, ...] = ()


def text_checked(text: Text) -> Text:
    """The text as it is kept.  Raises: InvalidCard."""
    front, back = text.front.strip(), text.back.strip()
    if not front or not back:
        raise InvalidCard(_("A card has two sides: write both."))
    if len(front) > MAX_FRONT or len(back) > MAX_BACK:
        raise InvalidCard(
            _("A front has at most %(front)s characters, and a back %(back)s.")
            % {"front": MAX_FRONT, "back": MAX_BACK}
        )
    return Text(front, back, tags_checked(text.tags))


def tags_checked(tags: Iterable[str]) -> tuple[str, ...]:
    """Each tag once, in order.  Raises: InvalidCard."""
    kept = tuple(dict.fromkeys(tag for each in tags for tag in each.split()))
    if len(kept) > MAX_TAGS or any(len(tag) > MAX_TAG for tag in kept):
        raise InvalidCard(
            _("A card has at most %(count)s tags of %(length)s characters.")
            % {"count": MAX_TAGS, "length": MAX_TAG}
        )
    return kept


def context_for(course: Course | None) -> RenderContext:
    """What a card may name: everything of its course.  Queries: 6, or 0 without one."""
    if course is None:
        return EMPTY_CONTEXT
    return replace(render_context(course), is_standalone=True, id_prefix="card")


def card_fill(card: ReviewCard, text: Text, context: RenderContext) -> None:
    """Set a card's text and its HTML, rendered and sanitised. Stores nothing."""
    card.front, card.back, card.tags = text.front, text.back, list(text.tags)
    card.front_html = render_markdown(text.front, context).html
    card.back_html = render_markdown(text.back, context).html


def check_room(owner: User, wanted: int) -> None:
    """Raises: TooMany.  Locks: User, so that the count holds until the cards are stored.

    Queries: 2.
    """
    person_hold(user=owner)
    if ReviewCard.objects.filter(owner=owner).count() + wanted > MAX_CARDS:
        raise TooMany(_("You can keep %(count)s cards.") % {"count": MAX_CARDS})


@transaction.atomic
def card_create(
    *, owner: User, text: Text, course: Course | None = None, now: datetime
) -> ReviewCard:
    """Keep a card that somebody wrote; it comes up as a new one.

    Raises: InvalidCard, TooMany.  Locks: User.  Queries: 3, and 6 with a course.
    """
    text = text_checked(text)
    check_room(owner, 1)
    card = ReviewCard(
        owner=owner, course=course, origin_kind=OriginKind.OWN, has_own_text=True, due_at=now
    )
    card_fill(card, text, context_for(course))
    card.save()
    return card


@transaction.atomic
def card_edit(*, owner: User, card_id: UUID, text: Text, version: int, now: datetime) -> ReviewCard:
    """Replace a card's text; from then on it follows nothing but its owner. When it comes up stays.

    version: of the card, when it was shown.
    Raises: NotFound, InvalidCard, CardChanged.  Locks: ReviewCard.  Queries: 2; 1 and those of
    `selectors.withheld_from` for a question; 6 with a course.
    """
    text = text_checked(text)
    card = card_lock(owner, card_id)
    _check_version(card, version)
    if card.origin_kind == OriginKind.QUESTION:
        (face,) = selectors.faces(owner, [card], now)
        if not face.is_shown:
            raise CardChanged(_("A quiz of your class keeps this question to itself at present."))
        card.text_version_id = selectors.version_of(card)
    card_fill(card, text, context_for(card.course))
    card.has_own_text = True
    card.version += 1
    card.save(update_fields=[*_WRITTEN, "version", "updated_at"])
    return card


@transaction.atomic
def card_follow(*, owner: User, card_id: UUID, version: int) -> ReviewCard:
    """Give up one's own text of a card that was made from something, and follow that again.

    Raises: NotFound, CardChanged; InvalidCard for a card that has no other text.
    Locks: ReviewCard.  Queries: 2.
    """
    card = card_lock(owner, card_id)
    _check_version(card, version)
    if card.origin_kind in {OriginKind.OWN, OriginKind.IMPORTED}:
        raise InvalidCard(_("This card has no text but yours."))
    card.has_own_text, card.text_version_id = False, None
    if card.origin_kind == OriginKind.QUESTION:
        card.front = card.back = card.front_html = card.back_html = ""
    card.version += 1
    card.save(update_fields=[*_WRITTEN, "version", "updated_at"])
    return card


@transaction.atomic
def card_suspend(*, owner: User, card_id: UUID, now: datetime) -> ReviewCard:
    """Put a card aside; doing it again changes nothing.  Raises: NotFound.  Locks: ReviewCard."""
    card = card_lock(owner, card_id)
    if card.suspended_at is None:
        card.suspended_at, card.suspended_by = now, SuspendedBy.HAND
        card.version += 1
        card.save(update_fields=["suspended_at", "suspended_by", "version", "updated_at"])
    return card


@transaction.atomic
def card_resume(*, owner: User, card_id: UUID) -> ReviewCard:
    """Let a card come up again; doing it again changes nothing.

    Raises: NotFound.  Locks: ReviewCard.
    """
    card = card_lock(owner, card_id)
    if card.suspended_at is not None:
        card.suspended_at, card.suspended_by = None, ""
        card.version += 1
        card.save(update_fields=["suspended_at", "suspended_by", "version", "updated_at"])
    return card


@transaction.atomic
def card_delete(*, owner: User, card_id: UUID, now: datetime) -> None:
    """Delete a card for good; what is added by itself does not add it again.

    Its ratings stay in the statistics, without the card.
    Raises: NotFound.  Locks: ReviewCard.
    """
    card = card_lock(owner, card_id)
    if card.origin_kind == OriginKind.QUESTION and card.origin_id is not None:
        ReviewRefusal.objects.update_or_create(
            owner=owner,
            origin_kind=card.origin_kind,
            origin_id=card.origin_id,
            defaults={"refused_at": now},
        )
    card.delete()


@transaction.atomic
def settings_save(
    *,
    owner: User,
    new_per_day: int,
    reviews_per_day: int,
    desired_retention: float,
    may_add_missed: bool,
) -> ReviewSettings:
    """Keep how much somebody wants to review; cards are spaced by it from their next rating on.

    Raises: InvalidCard for a number out of bounds.  Queries: 3.
    """
    chosen = {
        "new_per_day": new_per_day,
        "reviews_per_day": reviews_per_day,
        "desired_retention": desired_retention,
        "may_add_missed": may_add_missed,
    }
    if not (0 <= new_per_day <= 200 and 0 <= reviews_per_day <= 2000):
        raise InvalidCard(_("Choose at most 200 new cards and 2,000 reviews a day."))
    if not 0.7 <= desired_retention <= 0.97:
        raise InvalidCard(_("Choose to remember between 70% and 97%."))
    row, _is_new = ReviewSettings.objects.update_or_create(owner=owner, defaults=chosen)
    return row


def card_lock(owner: User, card_id: UUID) -> ReviewCard:
    """One's own card, locked.  Raises: NotFound.  Queries: 1."""
    rows = selectors.cards_of(owner).select_for_update(of=("self",))
    card = rows.filter(public_id=card_id).first()
    if card is None:
        raise NotFound(_("There is no such card."))
    return card


def _check_version(card: ReviewCard, version: int) -> None:
    if card.version != version:
        raise CardChanged(
            _("The card was rated or changed meanwhile, perhaps elsewhere. Look, and save again.")
        )
