"""What an author writes: a motion, and all that has a good default."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from apps.classrooms.policies import check_is_running
from apps.content.markdown import render_markdown
from apps.content.models import Actor, Reference
from apps.content.selectors import render_context
from apps.core.services import event_append
from apps.debates.drafts import DebateDraft
from apps.debates.errors import DebateInUse, InvalidDebate
from apps.debates.models import Debate, Rules, Side, SideSource

if TYPE_CHECKING:
    from apps.accounts.models import User
    from apps.classrooms.models import Classroom
    from apps.content.models import Course

MAX_BACKGROUND = 20_000


@dataclass(frozen=True, slots=True)
class SideWork:
    """A work that a side may begin from, why, and where in it."""

    reference: Reference
    note: str = ""
    locator: str = ""


@transaction.atomic
def debate_save(*, debate: Debate, editor: User | None, now: datetime) -> Debate:
    """Store what an author wrote: the address follows from the motion, the background is rendered.

    Runs keep the motion, background and rules with which they were opened. Its sides are given
    to it by `sides_complete`.
    Raises: InvalidDebate for limits of words that contradict each other.
    """
    is_new = debate.pk is None
    if not 1 <= debate.max_words >= debate.min_words:
        raise InvalidDebate(_("At most as many words as this is fewer than at least."))
    if not debate.slug:
        debate.slug = _free_slug(debate)
    debate.background_html = render_markdown(debate.background, render_context(debate.course)).html
    debate.save()
    _tell("debate.created" if is_new else "debate.changed", debate, editor, now)
    return debate


@transaction.atomic
def debate_store(
    *, course: Course, draft: DebateDraft, editor: User | None, now: datetime
) -> Debate:
    """Make the course's own debate of this address say what `draft` says, its sides included.

    Without an address it is another debate, which gets one from its motion.

    Raises: InvalidDebate where a name is unknown, or where a side would go or lean otherwise in a
    debate that a class holds.
    """
    _check_draft(draft)
    debate = Debate.objects.filter(course=course, school=None, slug=draft.slug).first()
    debate = debate or Debate(course=course, slug=draft.slug)
    debate.motion, debate.background = draft.motion, draft.background
    debate.position = draft.position
    for name, value in draft.rules.items():
        setattr(debate, name, value)
    debate_save(debate=debate, editor=editor, now=now)
    _write_sides(debate, draft)
    sides_complete(debate=debate)
    return debate


@transaction.atomic
def debate_write(
    *,
    debate: Debate | None,
    classroom: Classroom,
    motion: str,
    background: str,
    labels: tuple[str, str],
    actor: User,
    now: datetime,
) -> Debate:
    """A motion of the class's school alone, for and against, written by one of its instructors.

    debate: the one to be written anew, or None for another.  labels: of the side for and against.
    The caller has fetched `classroom` for one of its instructors.
    Raises: InvalidDebate, ClassroomArchived; DebateInUse where a class holds it.
    """
    check_is_running(classroom)
    if debate is None:
        debate = Debate(course=classroom.course, school=classroom.school)
    elif debate.school_id != classroom.school_id:
        raise InvalidDebate(_("This motion is the course's: its authors change it."))
    elif debate.runs.exists():
        raise DebateInUse(_("A class holds or held this debate."))
    debate.motion, debate.background = motion.strip(), background.strip()
    if not 0 < len(debate.motion) <= 300 or len(debate.background) > MAX_BACKGROUND:
        raise InvalidDebate(_("Give a motion of at most 300 characters."))
    debate_save(debate=debate, editor=actor, now=now)
    sides_complete(debate=debate)
    for key, label in zip(("for", "against"), labels, strict=True):
        if label.strip():
            debate.sides.filter(key=key).update(label=label.strip()[:120])
    return debate


@transaction.atomic
def debate_delete(*, debate: Debate, editor: User | None, now: datetime) -> None:
    """Raises: DebateInUse where a class holds or held it."""
    if debate.runs.exists():
        raise DebateInUse(_("A class holds or held this debate."))
    _tell("debate.deleted", debate, editor, now, is_tombstone=True)
    debate.delete()


@transaction.atomic
def debate_copy(*, debate: Debate, editor: User | None, now: datetime) -> Debate:
    """Another debate of the course like this one, to be changed."""
    rules = {field.name: getattr(debate, field.name) for field in Rules._meta.get_fields()}
    copy = Debate(
        course=debate.course,
        motion=(_("%(motion)s (copy)") % {"motion": debate.motion[:240]}),
        background=debate.background,
        position=debate.position,
        school=debate.school,
        **rules,
    )
    debate_save(debate=copy, editor=editor, now=now)
    for side in debate.sides.prefetch_related("sources__reference"):
        sources = [
            SideWork(source.reference, source.note, source.locator) for source in side.sources.all()
        ]
        twin = Side.objects.create(
            debate=copy,
            key=side.key,
            label=side.label,
            actor_id=side.actor_id,
            leaning=side.leaning,
            opening=side.opening,
            position=side.position,
        )
        side_sources_write(side=twin, sources=sources)
    sides_complete(debate=copy)
    return copy


@transaction.atomic
def side_sources_write(*, side: Side, sources: Sequence[SideWork]) -> None:
    """Make these the works that a side may begin from, in this order."""
    side.sources.all().delete()
    SideSource.objects.bulk_create(
        SideSource(
            side=side,
            reference=work.reference,
            note=work.note,
            locator=work.locator,
            position=place,
        )
        for place, work in enumerate(sources)
    )


def _check_draft(draft: DebateDraft) -> None:
    """Raises: InvalidDebate where a side, or a source of one, is named twice."""
    named = [side.key for side in draft.sides]
    works = [(side.key, source.key) for side in draft.sides for source in side.sources]
    if len(named) != len(set(named)) or len(works) != len(set(works)):
        raise InvalidDebate(_("Name each side, and each source of a side, once."))


def _write_sides(debate: Debate, draft: DebateDraft) -> None:
    kept = {side.key: side for side in debate.sides.all()}
    leanings = {side.key: side.leaning for side in draft.sides}
    if debate.runs.exists() and any(
        leanings.get(key) != side.leaning for key, side in kept.items()
    ):
        raise InvalidDebate(
            _("A class holds this debate: keep the key and the leaning of each of its sides.")
        )
    debate.sides.exclude(key__in=leanings).delete()
    actors = _by_name(Actor, "slug", debate, [side.actor for side in draft.sides])
    works = _by_name(
        Reference, "key", debate, [given.key for side in draft.sides for given in side.sources]
    )
    for position, given in enumerate(draft.sides):
        side = kept.get(given.key) or Side(debate=debate, key=given.key)
        side.label, side.leaning, side.opening = given.label, given.leaning, given.opening
        side.actor, side.position = actors.get(given.actor), position
        side.save()
        sources = [SideWork(works[each.key], each.note, each.locator) for each in given.sources]
        side_sources_write(side=side, sources=sources)


def _by_name(model: Any, field: str, debate: Debate, names: Iterable[str]) -> dict[str, Any]:
    """{name: row} of the course.  Raises: InvalidDebate, with the first that is not there."""
    wanted = {name for name in names if name}
    rows = model.objects.filter(course=debate.course, **{f"{field}__in": wanted})
    found = {getattr(row, field): row for row in rows}
    for name in sorted(wanted - set(found)):
        raise InvalidDebate(_("This course has no “%(name)s”.") % {"name": name})
    return found


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
        Debate.objects.filter(
            course=debate.course, school=debate.school, slug__startswith=stem
        ).values_list("slug", flat=True)
    )
    slug, number = stem, 1
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug


def _tell(
    kind: str, debate: Debate, editor: User | None, now: datetime, *, is_tombstone: bool = False
) -> None:
    school = debate.school or debate.course.school
    event_append(
        kind=kind,
        subject_id=debate.public_id,
        school_id=school.public_id if school else None,
        actor_id=editor.public_id if editor else None,
        now=now,
        is_tombstone=is_tombstone,
        within_id=debate.course.public_id if is_tombstone else None,
    )
