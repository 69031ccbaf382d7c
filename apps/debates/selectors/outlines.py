"""The tree of arguments as one viewer may see it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from apps.core.errors import NotFound
from apps.debates import similarity
from apps.debates.anonymity import is_named
from apps.debates.enums import ArgumentState
from apps.debates.errors import StanceMissing
from apps.debates.models import (
    Argument,
    Evidence,
    ModerationAction,
    Moved,
    Participant,
    Rating,
    Stance,
)
from apps.debates.tree import Node, reading_order
from apps.debates.visibility import Viewer, sees_arguments, sees_text

if TYPE_CHECKING:
    from apps.debates.models import DebateRun
    from apps.debates.selectors.runs import Seat

_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Thread:
    """An argument at its place. text is "" where the viewer gets a marker instead.

    depth: 0 to 6; what is deeper is drawn at 6.  number: by the order of writing, from 1.
    own_rating: None where the viewer has not rated it.
    """

    argument: Argument
    number: int
    answers: int | None
    depth: int
    is_locked: bool
    author: str
    html: SafeString
    is_own: bool
    is_shown: bool
    evidence: list[Evidence]
    own_rating: int | None
    is_moved: bool
    acts: list[ModerationAction]  # what moderators did to it and why; its author alone is told

    @property
    def mean_rating(self) -> float | None:
        count = self.argument.rating_count
        return self.argument.rating_sum / count if count else None


@dataclass(frozen=True, slots=True)
class Outline:
    """threads: in reading order; empty where nothing may be seen, and `is_open` says which."""

    threads: list[Thread]
    is_open: bool


def outline(seat: Seat) -> Outline:
    """What of the tree this viewer may see, in reading order.

    Before the opening stance nothing; where one posts first, one's own arguments alone.
    Queries: 5, however many arguments.
    """
    viewer, run = seat.viewer, seat.run
    is_open = sees_arguments(viewer, posts_first=run.posts_first)
    rows = _rows(run)
    if not is_open:
        rows = rows.filter(author=viewer.participant_id) if viewer.has_stance else rows.none()
    arguments = {row.pk: row for row in rows}
    numbers = {key: number for number, key in enumerate(arguments, start=1)}
    ratings = dict(
        Rating.objects.filter(argument__run=run, participant=viewer.participant_id).values_list(
            "argument_id", "strength"
        )
    )
    moved = frozenset(
        Moved.objects.filter(argument__run=run, participant=viewer.participant_id).values_list(
            "argument_id", flat=True
        )
    )
    acts = defaultdict(list)
    for act in ModerationAction.objects.filter(
        argument__run=run, argument__author=viewer.participant_id
    ):
        acts[act.argument_id].append(act)
    nodes = [Node(row.pk, row.parent_id, row.is_locked) for row in arguments.values()]
    threads = []
    for placed in reading_order(nodes):
        row = arguments[placed.node.id]
        is_own = row.author_id == viewer.participant_id
        is_shown = sees_text(
            viewer, state=row.state, author_id=row.author_id, posts_first=run.posts_first
        )
        threads.append(
            Thread(
                argument=row,
                number=numbers[row.pk],
                answers=numbers.get(row.parent_id) if row.parent_id else None,
                depth=min(placed.depth, _DEEPEST),
                is_locked=placed.is_locked,
                author=name_of(row.author, run, viewer),
                html=mark_safe(row.html if is_shown else ""),  # rendered by content.markdown
                is_own=is_own,
                is_shown=is_shown,
                evidence=list(row.evidence.all()) if is_shown else [],
                own_rating=ratings.get(row.pk),
                is_moved=row.pk in moved,
                acts=acts[row.pk],
            )
        )
    return Outline(threads, is_open)


def name_of(author: Participant, run: DebateRun, viewer: Viewer) -> str:
    """The name by which this viewer knows the author."""
    is_own = author.pk == viewer.participant_id
    if is_named(is_anonymous=run.is_anonymous, is_own=is_own, is_staff=viewer.is_staff):
        return author.user.display_name or _("Somebody without a name")
    return _("Participant %(number)d") % {"number": author.number}


def argument_for(seat: Seat, argument_id: UUID) -> Argument:
    """An argument whose words the viewer may see.  Raises: NotFound.  Queries: 2."""
    row = _rows(seat.run).filter(public_id=argument_id).first()
    # Staff deal also with what its author has withdrawn; its words stay unseen.
    is_found = row is not None and (
        seat.viewer.is_staff
        or sees_text(
            seat.viewer,
            state=row.state,
            author_id=row.author_id,
            posts_first=seat.run.posts_first,
        )
    )
    if row is None or not is_found:
        raise NotFound(_("There is no such argument."))
    row.run = seat.run
    return row


def movers_of(seat: Seat) -> QuerySet[Argument]:
    """What may have moved the viewer: others' arguments, where they may see any."""
    if not sees_arguments(seat.viewer, posts_first=seat.run.posts_first):
        return Argument.objects.none()
    return Argument.objects.filter(run=seat.run, state=ArgumentState.VISIBLE).exclude(
        author=seat.viewer.participant_id
    )


def check_sees_others(participant: Participant) -> None:
    """Raises: StanceMissing before the opening stance, or the first post where that is asked.

    Queries: 2 at most.
    """
    viewer = Viewer(
        participant_id=participant.pk,
        has_stance=Stance.objects.filter(participant=participant, moment="opening").exists(),
        has_posted=not participant.run.posts_first or participant.arguments.exists(),
    )
    if not sees_arguments(viewer, posts_first=participant.run.posts_first):
        raise StanceMissing(_("First record where you stand, and write an argument of your own."))


def similar_to(text: str, seat: Seat) -> list[Argument]:
    """What others have said that is nearly this, of what the viewer may see.  Queries: 2."""
    if not text.strip() or not sees_arguments(seat.viewer, posts_first=seat.run.posts_first):
        return []
    rows = {
        row.pk: row
        for row in _rows(seat.run)
        .filter(state=ArgumentState.VISIBLE)
        .exclude(author=seat.viewer.participant_id)
    }
    found = similarity.similar(text, {key: row.text for key, row in rows.items()})
    return [rows[key] for key in found]


def _rows(run: DebateRun) -> QuerySet[Argument]:
    return (
        Argument.objects.filter(run=run)
        .select_related("author__user", "side")
        .prefetch_related(
            Prefetch(
                "evidence",
                Evidence.objects.select_related("reference", "paragraph"),
            )
        )
        .order_by("pk")
    )
