"""The tree of arguments as HTML: drawn once for all who see the same, then marked for each.

Three caches: an argument as drawn, a part of the tree as drawn, and the buttons beside an
argument. What is kept names the version that it was drawn from, and a newer one takes its place.
The database tells the version (`DebateRun.writes`, `named_at`), so all processes show the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import Any
from uuid import UUID

from django.core.cache import caches
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language, gettext

from apps.debates import selectors
from apps.debates.enums import ArgumentState
from apps.debates.models import Argument
from apps.debates.selectors import Marks, Seat
from apps.debates.tree import Shown, first_of

FIRST = 60
# What stands in drawn HTML for what is filled in later; no text of a person can hold a NUL.
_AUTHOR, _VERBS, _BELOW = "\0author\0", "\0verbs\0", "\0below\0"
_ID, _TOKEN = "\0id\0", "\0token\0"


@dataclass(frozen=True, slots=True)
class Piece:
    """An argument as drawn, but for its author, its buttons and what answers it.

    html: before the author, between author and buttons, between buttons and answers, the end.
    """

    pk: int
    public_id: str
    html: tuple[str, str, str, str]
    is_locked: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """`between[n]` stands before piece n as far as its answers, the last one after them all."""

    pieces: list[Piece]
    between: list[str]


def outline_html(
    request: HttpRequest, seat: Seat, *, under: Argument | None = None, after: int = 0
) -> SafeString:
    """At most FIRST arguments under one (or the motion), as this viewer may see them.

    Empty where they may see none yet.  Queries: 1 to 3, and 3 more after a write.
    """
    if not selectors.sees_outline(seat):
        return mark_safe("")
    drawn = _drawn(seat, under, after)
    marks = {each.pk: each for each in selectors.marks_of(seat, [each.pk for each in drawn.pieces])}
    own = _own(seat, marks)
    verbs = cache(partial(_verbs, seat))  # few kinds of buttons, many arguments
    parts = [drawn.between[0]]
    for piece, between in zip(drawn.pieces, drawn.between[1:], strict=True):
        mark = marks[piece.pk]
        author = gettext("you") if mark.is_own else mark.author
        before, middle, after_verbs, _end = piece.html
        parts += (before, escape(author), middle, own.get(piece.pk, ""))
        parts.append(verbs(_kind(mark, piece)).replace(_ID, piece.public_id))
        parts += (after_verbs, between)
    # Every part was escaped where it was made: by a template, content.markdown or escape().
    return mark_safe("".join(parts).replace(_TOKEN, get_token(request)))


def place_of(seat: Seat, argument: Argument) -> str:
    """Where this viewer finds an argument: on the debate's page, or among those beside it.

    Looked up in the tree as it is now.  Queries: 1, or 2 where it stands deeper or its parent
    is not loaded.
    """
    run = seat.run
    places, mark = [run.classroom.public_id, run.public_id], f"#argument-{argument.public_id}"
    tops, _more = first_of(selectors.nodes_of(run), under=None, after=0, limit=FIRST)
    if argument.pk in _keys(tops):
        return reverse("debates:run", args=places) + mark
    beside = f"&under={argument.parent.public_id}" if argument.parent else ""
    return f"{reverse('debates:branch', args=places)}?after={argument.pk - 1}{beside}{mark}"


def _kept(key: tuple[object, ...], version: tuple[object, ...], make: Callable[[], Any]) -> Any:
    store = caches["fragments"]
    name = ":".join(map(str, (*key, get_language(), get_current_timezone_name()))).replace(" ", "_")
    found = store.get(name)
    if found is None or found[0] != version:
        found = (version, make())
        store.set(name, found)
    return found[1]


def _drawn(seat: Seat, under: Argument | None, after: int) -> Drawn:
    run, is_staff = seat.run, seat.viewer.is_staff
    root = under.public_id if under else ""
    key = ("tree", run.public_id, is_staff, root, after)
    drawn: Drawn = _kept(key, (run.writes, run.named_at), lambda: _draw(seat, under, after))
    return drawn


def _draw(seat: Seat, under: Argument | None, after: int) -> Drawn:
    nodes = selectors.nodes_of(seat.run)
    numbers = {node.id: number for number, node in enumerate(nodes, start=1)}
    root = under.pk if under else None
    tops, more = first_of(nodes, under=root, after=after, limit=FIRST)
    keys = list(_keys(tops))
    rows = {row.pk: row for row in selectors.arguments_of(seat.run, keys)}
    drawn = Drawn([], [""])

    def draw(shown: Shown) -> None:
        row = rows[shown.node.id]
        piece = _piece(seat, row, numbers, is_locked=shown.is_locked)
        drawn.pieces.append(piece)
        drawn.between.append("")
        if shown.children or shown.hidden:
            count = len(shown.children) + shown.hidden
            opening, closing = _part("_answers", count=count, below=_BELOW).split(_BELOW)
            drawn.between[-1] += opening
            for child in shown.children:
                draw(child)
            if shown.hidden:
                last = shown.children[-1].node.id if shown.children else 0
                drawn.between[-1] += _more(seat, row, last, shown.hidden)
            drawn.between[-1] += closing
        drawn.between[-1] += piece.html[-1]

    for top in tops:
        draw(top)
    if more:
        drawn.between[-1] += _more(seat, under, tops[-1].node.id, more)
    return drawn


def _keys(shown: list[Shown]) -> Iterator[int]:
    for each in shown:
        yield each.node.id
        yield from _keys(each.children)


def _piece(seat: Seat, row: Argument, numbers: dict[int, int], *, is_locked: bool) -> Piece:
    is_staff = seat.viewer.is_staff
    tallies = (row.rating_count, row.rating_sum, row.moved_count)
    version = (row.revision, row.state, *tallies, is_locked, seat.run.named_at)
    key = ("argument", row.public_id, is_staff)
    html = _kept(key, version, lambda: _argument(seat, row, numbers, is_locked=is_locked))
    return Piece(row.pk, str(row.public_id), html, is_locked)


def _argument(
    seat: Seat, row: Argument, numbers: dict[int, int], *, is_locked: bool
) -> tuple[str, ...]:
    is_shown = row.state == ArgumentState.VISIBLE or (
        row.state == ArgumentState.HIDDEN and seat.viewer.is_staff
    )
    html = render_to_string(
        "debates/partials/_argument.html",
        {
            "argument": row,
            "number": numbers[row.pk],
            "answers": numbers.get(row.parent_id) if row.parent_id else None,
            "is_shown": is_shown,
            "is_locked": is_locked,
            "mean": row.rating_sum / row.rating_count if row.rating_count else None,
            "run": seat.run,
            "classroom": seat.run.classroom,
            "course": seat.run.classroom.course,
            "author": _AUTHOR,
            "verbs": _VERBS,
            "below": _BELOW,
        },
    )
    before, rest = html.split(_AUTHOR)
    middle, rest = rest.split(_VERBS)
    return (before, middle, *rest.split(_BELOW))


def _kind(mark: Marks, piece: Piece) -> tuple[bool, bool, bool, int | None, bool]:
    """What of an argument decides its buttons."""
    is_visible = mark.state == ArgumentState.VISIBLE
    return mark.is_own, is_visible, piece.is_locked, mark.own_rating, mark.is_moved


def _verbs(seat: Seat, kind: tuple[bool, bool, bool, int | None, bool]) -> str:
    """What this viewer can do with an argument, with places for its id and the form's token."""
    is_own, is_visible, is_locked, own_rating, is_moved = kind
    flags: dict[str, object] = {
        "is_own": is_own,
        "is_visible": is_visible,
        "is_locked": is_locked,
        "own_rating": own_rating,
        "is_moved": is_moved,
        "is_staff": seat.viewer.is_staff,
        "takes_part": seat.participant is not None,
        "may_answer": seat.may_answer,
        "may_rate": seat.may_rate,
    }
    key = ("verbs", seat.run.public_id, *flags.values())
    html: str = _kept(key, (), lambda: _verbs_drawn(seat, flags))
    return html


def _verbs_drawn(seat: Seat, flags: dict[str, object]) -> str:
    anybody = UUID(int=0)
    context = {**flags, "run": seat.run, "classroom": seat.run.classroom, "id": anybody}
    html = render_to_string("debates/partials/_verbs.html", {**context, "token": _TOKEN})
    return html.replace(str(anybody), _ID)


def _own(seat: Seat, marks: dict[int, Marks]) -> dict[int, str]:
    """The viewer's own words that others get a marker for, and what moderators said of them."""
    unseen = {ArgumentState.HIDDEN, ArgumentState.WITHDRAWN}
    gone = [mark.pk for mark in marks.values() if mark.is_own and mark.state in unseen]
    judged = [mark.pk for mark in marks.values() if mark.has_acts]
    texts = selectors.own_texts(seat, gone) if gone else {}
    acts = selectors.acts_on(seat, judged) if judged else {}
    return {
        key: render_to_string(
            "debates/partials/_own.html",
            {"html": texts.get(key, ""), "state": marks[key].state, "acts": acts.get(key, [])},
        )
        for key in {*gone, *judged}
    }


def _part(name: str, **context: object) -> str:
    return render_to_string(f"debates/partials/{name}.html", context)


def _more(seat: Seat, under: Argument | None, last: int, count: int) -> str:
    run = seat.run
    return _part("_more", run=run, classroom=run.classroom, under=under, after=last, count=count)
