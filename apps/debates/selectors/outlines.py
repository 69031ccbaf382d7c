"""The tree of arguments, and what of it one viewer may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.utils.translation import gettext as _

from apps.core.errors import NotFound
from apps.debates import similarity
from apps.debates.anonymity import is_named
from apps.debates.enums import ArgumentState, ModerationKind
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
from apps.debates.tree import Node
from apps.debates.visibility import Viewer, sees_arguments, sees_text

if TYPE_CHECKING:
    from apps.debates.models import DebateRun
    from apps.debates.selectors.runs import Seat, Sight


@dataclass(frozen=True, slots=True)
class Marks:
    """What one viewer is told of an argument, beyond what all are.

    author: the name by which they know its author.  own_rating: None where they have not rated.
    """

    pk: int
    author: str
    is_own: bool
    state: str
    own_rating: int | None
    is_moved: bool
    has_acts: bool


def nodes_of(run: DebateRun) -> list[Node]:
    """The whole tree in the order of writing, without any words.  Queries: 1."""
    rows = Argument.objects.filter(run=run).order_by("pk")
    return [Node(*row) for row in rows.values_list("pk", "parent_id", "is_locked")]


def arguments_of(run: DebateRun, keys: Collection[int]) -> list[Argument]:
    """Arguments with all that is drawn of them.  Queries: 2."""
    return list(_rows(run).filter(pk__in=keys))


def marks_of(seat: Seat, keys: Collection[int]) -> list[Marks]:
    """What the viewer is told of these.  Queries: 1."""
    viewer = seat.viewer.participant_id
    given = Rating.objects.filter(argument=OuterRef("pk"), participant=viewer)
    rows = Argument.objects.filter(pk__in=keys).annotate(
        own_rating=Subquery(given.values("strength")[:1]),
        is_moved=Exists(Moved.objects.filter(argument=OuterRef("pk"), participant=viewer)),
        has_acts=Exists(ModerationAction.objects.filter(argument=OuterRef("pk"))),
    )
    return [
        Marks(
            pk=pk,
            author=name_known(seat, author, number, name),
            is_own=author == viewer,
            state=state,
            own_rating=rating,
            is_moved=is_moved,
            has_acts=has_acts and author == viewer,
        )
        for pk, author, number, name, state, rating, is_moved, has_acts in rows.values_list(
            "pk",
            "author",
            "author__number",
            "author__user__display_name",
            "state",
            "own_rating",
            "is_moved",
            "has_acts",
        )
    ]


def own_texts(seat: Seat, keys: Collection[int]) -> dict[int, str]:
    """{argument: html} of the viewer's own that others get a marker for.  Queries: 1."""
    rows = Argument.objects.filter(pk__in=keys, author=seat.viewer.participant_id)
    return dict(rows.values_list("pk", "html"))


def acts_on(seat: Seat, keys: Collection[int]) -> dict[int, list[ModerationAction]]:
    """What moderators did to the viewer's own arguments, and why.  Queries: 1.

    A dismissed report did nothing to them, and its reason may tell who reported.
    """
    acts = defaultdict(list)
    for act in ModerationAction.objects.filter(
        argument__in=keys, argument__author=seat.viewer.participant_id
    ).exclude(kind=ModerationKind.DISMISS):
        acts[act.argument_id].append(act)
    return acts


def sees_outline(seat: Seat | Sight) -> bool:
    return sees_arguments(seat.viewer, posts_first=seat.run.posts_first)


def name_known(seat: Seat | Sight, author_id: int, number: int, name: str) -> str:
    """The name by which this viewer knows an author."""
    viewer = seat.viewer
    is_own = author_id == viewer.participant_id
    if is_named(is_anonymous=seat.run.is_anonymous, is_own=is_own, is_staff=viewer.is_staff):
        return name or _("Somebody without a name")
    return _("Participant %(number)d") % {"number": number}


def argument_for(seat: Seat | Sight, argument_id: UUID) -> Argument:
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


def node_for(seat: Seat, argument_id: UUID) -> Argument:
    """A place in the tree, whose words may be gone; the caller may see the outline.

    Raises: NotFound.  Queries: 1.
    """
    row = Argument.objects.filter(run=seat.run, public_id=argument_id).first()
    if row is None:
        raise NotFound(_("There is no such argument."))
    return row


def movers_of(seat: Seat) -> QuerySet[Argument]:
    """What may have moved the viewer: others' arguments, where they may see any.

    What they have marked comes first, with `is_marked`.
    """
    if not sees_arguments(seat.viewer, posts_first=seat.run.posts_first):
        return Argument.objects.none()
    viewer = seat.viewer.participant_id
    marks = Moved.objects.filter(argument=OuterRef("pk"), participant=viewer)
    others = Argument.objects.filter(run=seat.run, state=ArgumentState.VISIBLE)
    return (
        others.exclude(author=viewer).annotate(is_marked=Exists(marks)).order_by("-is_marked", "pk")
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


def similar_to(text: str, seat: Seat, *, answers: Argument | None) -> list[Argument]:
    """What others have said that is nearly this, of what the viewer may see.  Queries: 2.

    answers: what the text answers, which it may well take words from; None: the motion.
    """
    if not text.strip() or not sees_arguments(seat.viewer, posts_first=seat.run.posts_first):
        return []
    rows = {
        row.pk: row
        for row in _rows(seat.run)
        .filter(state=ArgumentState.VISIBLE)
        .exclude(author=seat.viewer.participant_id)
        if answers is None or row.pk != answers.pk
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
