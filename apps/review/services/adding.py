"""Making cards from what a course and its reader hold: each thing makes one card of a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from apps.review import selectors
from apps.review.enums import OriginKind
from apps.review.errors import InvalidCard
from apps.review.models import ReviewCard, ReviewRefusal, ReviewSettings
from apps.review.services.cards import MAX_BACK, MAX_FRONT, check_room

if TYPE_CHECKING:
    from apps.accounts.models import User
    from apps.content.models import Course, Unit
    from apps.quizzes.models import Question

logger = structlog.get_logger(__name__)

# How often the worker looks for what somebody missed, and for how many people in one sweep.
LOOK_EVERY = timedelta(hours=1)
LOOK_AT_ONCE = 50


@transaction.atomic
def cards_add_terms(*, owner: User, course: Course, unit: Unit | None, now: datetime) -> int:
    """A card for each term of a course, or of one of its units; how many are new.

    They come up in the order in which the lessons name them.
    Raises: TooMany.  Locks: User.  Queries: 8 at most.
    """
    terms = {term.pk: term for term in selectors.terms_of(course, unit)}
    wanted = [
        _card(owner, course, OriginKind.TERM, terms[pk].public_id, spot, now)
        for pk, spot in selectors.spots_of_terms(terms.values()).items()
    ]
    said = {term.public_id: selectors.of_term(term) for term in terms.values()}
    return _add(owner, OriginKind.TERM, wanted, said)


@transaction.atomic
def cards_add_events(*, owner: User, course: Course, unit: Unit | None, now: datetime) -> int:
    """A card for each key date of a course, or of one of its units; how many are new.

    They come up in the order in which the lessons retell them.
    Raises: TooMany.  Locks: User.  Queries: 8 at most.
    """
    events = {event.pk: event for event in selectors.events_of(course, unit)}
    wanted = [
        _card(owner, course, OriginKind.EVENT, events[pk].public_id, spot, now)
        for pk, spot in selectors.spots_of_events(events.values()).items()
    ]
    said = {event.public_id: selectors.of_event(event) for event in events.values()}
    return _add(owner, OriginKind.EVENT, wanted, said)


@transaction.atomic
def cards_add_missed(
    *, owner: User, course: Course | None = None, is_asked: bool = True, now: datetime
) -> int:
    """A card for each question that somebody missed and whose key they may see; how many are new.

    is_asked: by a button, which adds again what was deleted; otherwise that stays away.
    Raises: TooMany.  Locks: User.  Queries: those of `selectors.missed_by`, and 5.
    """
    questions = selectors.missed_by(owner, now, course=course)
    if not is_asked:
        refused = set(
            ReviewRefusal.objects.filter(owner=owner, origin_kind=OriginKind.QUESTION).values_list(
                "origin_id", flat=True
            )
        )
        questions = [each for each in questions if each.public_id not in refused]
    return _add(owner, OriginKind.QUESTION, [_missed(owner, each, now) for each in questions], {})


@transaction.atomic
def card_add_note(*, owner: User, note_id: UUID, now: datetime) -> ReviewCard:
    """The card of one's own note; the one there is when it was added before.

    Raises: NotFound, TooMany; InvalidCard for a mark without words.  Queries: 7 at most.
    """
    note = selectors.note_of(owner, note_id)
    if not (note.body or note.exact):
        raise InvalidCard(_("This note has no words to ask for."))
    lesson = note.lesson
    spot = selectors.Spot(
        lesson.pk if lesson else None, note.section, note.sources[0] if note.sources else ""
    )
    card = ReviewCard(
        owner=owner,
        course_id=lesson.unit.course_id if lesson else None,
        origin_kind=OriginKind.NOTE,
        origin_id=note.public_id,
        due_at=now,
    )
    _place(card, spot)
    _add(owner, OriginKind.NOTE, [card], {note.public_id: selectors.of_note(note)})
    return ReviewCard.objects.get(
        owner=owner, origin_kind=OriginKind.NOTE, origin_id=note.public_id
    )


def missed_add_due(*, now: datetime) -> int:
    """Add what was missed for those who asked for it by a setting; the worker calls it.

    Each person is looked at once an hour, and claimed by one conditional UPDATE, so that two
    workers do not look at the same time. Returns: how many cards were added.
    """
    look_before = now - LOOK_EVERY
    is_due = Q(missed_looked_at__isnull=True) | Q(missed_looked_at__lte=look_before)
    rows = ReviewSettings.objects.filter(is_due, may_add_missed=True, owner__is_active=True)
    waiting = rows.select_related("owner").order_by(F("missed_looked_at").asc(nulls_first=True))
    added = 0
    for row in waiting[:LOOK_AT_ONCE]:
        if not rows.filter(pk=row.pk).update(missed_looked_at=now):
            continue
        try:
            added += cards_add_missed(owner=row.owner, is_asked=False, now=now)
        except Exception:
            # One person's cards never keep the others' waiting; an hour later it is tried again.
            logger.exception("missed_add_failed", settings=row.pk)
    return added


def _missed(owner: User, question: Question, now: datetime) -> ReviewCard:
    spot = selectors.Spot(question.lesson_id, question.anchor)
    return _card(owner, question.course, OriginKind.QUESTION, question.public_id, spot, now)


def _card(
    owner: User,
    course: Course,
    kind: OriginKind,
    origin_id: UUID,
    spot: selectors.Spot,
    now: datetime,
) -> ReviewCard:
    card = ReviewCard(owner=owner, course=course, origin_kind=kind, origin_id=origin_id, due_at=now)
    _place(card, spot)
    return card


def _place(card: ReviewCard, spot: selectors.Spot) -> None:
    card.lesson_id, card.anchor, card.paragraph = spot.lesson_id, spot.anchor, spot.paragraph


def _add(
    owner: User,
    kind: OriginKind,
    wanted: Sequence[ReviewCard],
    said: dict[UUID, selectors.Wording],
) -> int:
    """Store those that are new, with what they say on this day; the constraint settles a race."""
    known = selectors.known_origins(owner, kind)
    new = [card for card in wanted if card.origin_id not in known]
    if not new:
        return 0
    check_room(owner, len(new))
    for card in new:
        _word(card, said)
    ReviewCard.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
    _forget_refusals(owner, kind, (card.origin_id for card in new if card.origin_id))
    return len(new)


def _word(card: ReviewCard, said: dict[UUID, selectors.Wording]) -> None:
    """The text of the day; none for a question, whose key may not be shown tomorrow."""
    text = said.get(card.origin_id) if card.origin_id else None
    if text is not None:
        card.front, card.back = text.front[:MAX_FRONT], text.back[:MAX_BACK]
        card.front_html, card.back_html = text.front_html, text.back_html


def _forget_refusals(owner: User, kind: OriginKind, origin_ids: Iterable[UUID]) -> None:
    if kind == OriginKind.QUESTION:
        ReviewRefusal.objects.filter(
            owner=owner, origin_kind=kind, origin_id__in=list(origin_ids)
        ).delete()
