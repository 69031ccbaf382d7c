"""What stood in an argument before, and what is not an argument yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from apps.content.markdown import render_markdown
from apps.content.selectors import render_context
from apps.debates.enums import ArgumentState
from apps.debates.models import Argument, Draft, Participant

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Earlier:
    """How an argument read until it was edited.  evidence: a line for each piece."""

    html: str
    evidence: Sequence[str]
    until: datetime


@dataclass(frozen=True, slots=True)
class Begun:
    """is_open: whether what it answers is still there."""

    draft: Draft
    is_open: bool


def earlier_of(argument: Argument) -> list[Earlier]:
    """The newest first; the caller has fetched `argument` for its viewer.

    Queries: 1, and what render_context costs.
    """
    context = render_context(argument.run.classroom.course)
    return [
        Earlier(
            render_markdown(each.text, replace(context, id_prefix=f"r{each.revision}-")).html,
            each.evidence,
            each.replaced_at,
        )
        for each in argument.edits.order_by("-revision")
    ]


def drafts_of(participant: Participant) -> list[Begun]:
    """What a student has begun to write, the newest first.  Queries: 1."""
    drafts = Draft.objects.filter(participant=participant).select_related("parent")
    return [
        Begun(each, each.parent is None or each.parent.state == ArgumentState.VISIBLE)
        for each in drafts.order_by("-saved_at", "pk")
    ]
