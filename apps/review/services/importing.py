"""Cards from a file: all of it, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from apps.review import selectors
from apps.review.enums import OriginKind
from apps.review.errors import CannotImport, InvalidCard
from apps.review.models import ReviewCard
from apps.review.services.cards import (
    Text,
    card_fill,
    card_lock,
    check_room,
    context_for,
    text_checked,
)

if TYPE_CHECKING:
    from apps.accounts.models import User
    from apps.content.models import Course


@dataclass(frozen=True, slots=True)
class Imported:
    new: int
    changed: int
    same: int
    kept: int


@transaction.atomic
def cards_import(*, owner: User, text: str, course: Course | None, now: datetime) -> Imported:
    """Make and change cards as a file says; the same file again changes nothing.

    text: in Anki's text format (anki.read).  course: what the new cards are of, if of any.
    Raises: CannotImport when any line is at fault; TooMany. Nothing is half done.
    Locks: User, and each ReviewCard that changes.  Queries: 5, 2 for each card that changes, and 6
    with a course.
    """
    plan = plan_checked(owner, text)
    if plan.faults:
        line, message = plan.faults[0]
        raise CannotImport(
            _("Line %(line)s: %(message)s Nothing was imported.")
            % {"line": line, "message": message}
        )
    check_room(owner, plan.count("new"))
    context = context_for(course)
    made = []
    for row in plan.rows:
        said = Text(row.front, row.back, row.tags)
        if row.act == "new":
            card = ReviewCard(
                owner=owner,
                course=course,
                origin_kind=OriginKind.IMPORTED,
                origin_id=row.origin_id,
                guid=row.guid,
                has_own_text=True,
                due_at=now,
            )
            card_fill(card, said, context)
            made.append(card)
        elif row.act == "changed" and row.card is not None:
            card = card_lock(owner, row.card.public_id)
            card_fill(card, said, context if card.course_id else context_for(None))
            card.version += 1
            card.save(
                update_fields=[
                    *("front", "back", "front_html", "back_html", "tags"),
                    *("version", "updated_at"),
                ]
            )
    ReviewCard.objects.bulk_create(made, ignore_conflicts=True, batch_size=500)
    return Imported(**plan.counts)


def plan_checked(owner: User, text: str) -> selectors.Plan:
    """The plan of a file, with every text checked as a card's is.  Queries: 1."""
    plan = selectors.import_plan(owner, text)
    for row in plan.rows:
        try:
            text_checked(Text(row.front, row.back, row.tags))
        except InvalidCard as error:
            plan.faults.append((row.line, error.message))
    plan.faults.sort()
    return plan
