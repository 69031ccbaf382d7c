"""What an author writes: a motion, and all that has a good default."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from apps.content.markdown import render_markdown
from apps.content.selectors import render_context
from apps.core.services import event_append
from apps.debates.models import Debate, Side

if TYPE_CHECKING:
    from apps.accounts.models import User


@transaction.atomic
def debate_save(*, debate: Debate, editor: User | None, now: datetime) -> Debate:
    """Store what an author wrote: the address follows from the motion, the background is rendered.

    Runs keep the motion, background and rules with which they were opened. Its sides are given
    to it by `sides_complete`.
    """
    is_new = debate.pk is None
    if not debate.slug:
        debate.slug = _free_slug(debate)
    debate.background_html = render_markdown(debate.background, render_context(debate.course)).html
    debate.save()
    event_append(
        kind="debate.created" if is_new else "debate.changed",
        subject_id=debate.public_id,
        school_id=debate.course.school.public_id if debate.course.school else None,
        actor_id=editor.public_id if editor else None,
        now=now,
    )
    return debate


@transaction.atomic
def sides_complete(*, debate: Debate) -> list[Side]:
    """A debate without sides is for and against; the model openings of its sides are rendered."""
    if not debate.sides.exists():
        Side.objects.bulk_create(
            [
                Side(debate=debate, key="for", label=_("For"), leaning=1, position=0),
                Side(debate=debate, key="against", label=_("Against"), leaning=-1, position=1),
            ]
        )
    sides = list(debate.sides.all())
    context = render_context(debate.course)
    for side in sides:
        side.opening_html = render_markdown(side.opening, context).html
    Side.objects.bulk_update(sides, ["opening_html"])
    return sides


def _free_slug(debate: Debate) -> str:
    stem = slugify(debate.motion)[:70].strip("-") or "debate"
    taken = frozenset(
        Debate.objects.filter(course=debate.course, slug__startswith=stem).values_list(
            "slug", flat=True
        )
    )
    slug, number = stem, 1
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug
