"""What students write, and what they say of each other's writing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.classrooms.policies import check_is_running
from apps.content.markdown import Rendered, render_markdown
from apps.content.selectors import render_context
from apps.core.services import event_append
from apps.debates import policies
from apps.debates.enums import ArgumentState, Relation
from apps.debates.errors import EditConflict, InvalidArgument
from apps.debates.models import (
    Argument,
    ArgumentEdit,
    Draft,
    Moved,
    Participant,
    Rating,
    Report,
)
from apps.debates.selectors import check_sees_others, evidence_words
from apps.debates.services.evidence import (
    Given,
    Source,
    evidence_label,
    evidence_made,
    evidence_store,
)
from apps.debates.services.runs import run_touch

if TYPE_CHECKING:
    from apps.debates.models import DebateRun

MAX_CHARACTERS = 20_000
MAX_REASON = 500


@transaction.atomic
def argument_post(
    *,
    participant: Participant,
    parent: Argument | None,
    relation: str,
    text: str,
    is_own_reasoning: bool,
    sources: Sequence[Source],
    key: UUID | None = None,
    now: datetime,
) -> Argument:
    """Answer the motion, or an argument that the author may see; their draft of it is done with.

    key: the public id that it is to have; the same words sent again with it are posted once.
    Raises: InvalidArgument, PhaseClosed, BranchLocked, ArgumentGone, StanceMissing.
    Locks: the participant where there is a key, the parent.
    """
    run = participant.run
    if key is not None:
        Participant.objects.select_for_update(of=("self",), no_key=True).get(pk=participant.pk)
        known = Argument.objects.filter(public_id=key).first()
        if known and (known.author_id, known.text) == (participant.pk, text.strip()):
            return known
        key = None if known else key
    check_is_running(run.classroom)
    policies.check_may_post(run, relation, now)
    if (parent is None) != (relation == Relation.OPENING):
        raise InvalidArgument(_("An opening answers the motion, everything else an argument."))
    if parent is not None:
        parent = Argument.objects.select_for_update(of=("self",), no_key=True).get(
            pk=parent.pk, run=run
        )
        policies.check_is_there(parent)
        policies.check_is_unlocked(parent)
        check_sees_others(participant)
        if relation not in policies.relations_to(parent, participant):
            raise InvalidArgument(_("Rebut somebody else’s argument; your own you may change."))
    evidence = evidence_made(run, sources)
    is_labelled = evidence_label(run, evidence, is_own_reasoning=is_own_reasoning)
    argument = Argument(
        run=run,
        parent=parent,
        author=participant,
        side_id=participant.side_id,
        relation=relation,
        is_own_reasoning=is_labelled,
        posted_at=now,
        **({"public_id": key} if key else {}),
    )
    _write(argument, run, text)
    argument.save()
    evidence_store(argument, evidence)
    Draft.objects.filter(participant=participant, parent=parent).delete()
    run_touch(run.pk)
    _tell("argument.posted", argument, participant, now)
    return argument


@transaction.atomic
def argument_edit(
    *,
    argument: Argument,
    participant: Participant,
    text: str,
    revision: int,
    sources: Sequence[Source] | None = None,
    is_own_reasoning: bool | None = None,
    now: datetime,
) -> Argument:
    """Say it better, or show better evidence; what stood there before is kept as history.

    revision: of the argument that the author saw.  sources, is_own_reasoning: None leaves them.
    A piece of evidence that stays the same is not looked for anew.
    Raises: EditConflict, InvalidArgument, PhaseClosed, ArgumentGone, OwnArgument.
    """
    locked = _lock(argument)
    policies.check_is_own(locked, participant)
    policies.check_may_post(locked.run, locked.relation, now)
    policies.check_is_there(locked)
    policies.check_is_unlocked(locked)
    kept = list(locked.evidence.select_related("reference", "paragraph"))
    evidence = kept if sources is None else evidence_made(locked.run, sources, known=kept)
    label = locked.is_own_reasoning if is_own_reasoning is None else is_own_reasoning
    label = evidence_label(locked.run, evidence, is_own_reasoning=label)
    if (text.strip(), evidence, label) == (locked.text, kept, locked.is_own_reasoning):
        return locked  # also where the button was pressed twice
    if locked.revision != revision:
        raise EditConflict(_("This was changed in another window; look at it again."))
    ArgumentEdit.objects.create(
        argument=locked,
        revision=locked.revision,
        text=locked.text,
        evidence=[evidence_words(piece) for piece in kept],
        replaced_at=now,
    )
    _write(locked, locked.run, text)
    evidence_store(locked, evidence)
    locked.is_own_reasoning = label
    locked.revision += 1
    locked.edited_at = now
    locked.save()
    run_touch(locked.run_id)
    _tell("argument.edited", locked, participant, now)
    return locked


@transaction.atomic
def argument_withdraw(*, argument: Argument, participant: Participant, now: datetime) -> Argument:
    """Take one's words back: a marker stays where others may have answered them.

    Raises: OwnArgument, ArgumentGone.
    """
    locked = _lock(argument)
    check_is_running(locked.run.classroom)
    policies.check_is_own(locked, participant)
    policies.check_is_there(locked)
    locked.state = ArgumentState.WITHDRAWN
    locked.save(update_fields=["state"])
    run_touch(locked.run_id)
    _tell("argument.withdrawn", locked, participant, now)
    return locked


@transaction.atomic
def argument_rate(
    *, argument: Argument, participant: Participant, strength: int, now: datetime
) -> Argument:
    """Say how strong it is, 1 to 5; a second rating of the same person replaces their first.

    Raises: InvalidArgument, PhaseClosed, OwnArgument, ArgumentGone, StanceMissing.
    """
    if strength not in range(1, 6):
        raise InvalidArgument(_("Rate from 1 to 5."))
    locked = _lock_of_another(argument, participant, now)
    Rating.objects.update_or_create(
        argument=locked, participant=participant, defaults={"strength": strength}
    )
    # Counted from the rows, under the lock of the argument: tallies cannot drift.
    tally = locked.ratings.aggregate(count=Count("pk"), total=Sum("strength"))
    locked.rating_count, locked.rating_sum = tally["count"], tally["total"]
    locked.save(update_fields=["rating_count", "rating_sum"])
    run_touch(locked.run_id)
    return locked


@transaction.atomic
def argument_mark_moved(
    *, argument: Argument, participant: Participant, is_moved: bool, now: datetime
) -> Argument:
    """Mark “this moved me”, or take the mark back.  Raises: as argument_rate."""
    locked = _lock_of_another(argument, participant, now)
    if is_moved:
        Moved.objects.get_or_create(
            argument=locked, participant=participant, defaults={"marked_at": now}
        )
    else:
        Moved.objects.filter(argument=locked, participant=participant).delete()
    locked.moved_count = locked.moved.count()
    locked.save(update_fields=["moved_count"])
    run_touch(locked.run_id)
    return locked


@transaction.atomic
def argument_report(
    *, argument: Argument, participant: Participant, reason: str, now: datetime
) -> Report:
    """Ask a moderator to look; a second report of the same person is their first.

    Raises: InvalidArgument, OwnArgument, ArgumentGone, StanceMissing.
    """
    locked = _lock(argument)
    check_is_running(locked.run.classroom)
    policies.check_is_anothers(locked, participant)
    policies.check_is_there(locked)
    check_sees_others(participant)
    if not 0 < len(reason.strip()) <= MAX_REASON:
        raise InvalidArgument(_("Say in at most 500 characters what is wrong."))
    report, is_new = Report.objects.get_or_create(
        argument=locked,
        participant=participant,
        defaults={"reason": reason.strip(), "reported_at": now},
    )
    if is_new:
        _tell("argument.reported", locked, participant, now)
    return report


@transaction.atomic
def draft_save(
    *,
    participant: Participant,
    parent: Argument | None,
    relation: str,
    text: str,
    is_own_reasoning: bool = False,
    evidence: Sequence[Given] = (),
    now: datetime,
) -> Draft:
    """Keep what somebody has begun to write; one for each place.

    evidence: as far as it is given yet, and not checked.
    """
    if len(text) > MAX_CHARACTERS:
        raise InvalidArgument(_("This is too long to be kept."))
    draft, _is_new = Draft.objects.update_or_create(
        participant=participant,
        parent=parent,
        defaults={
            "relation": relation,
            "text": text,
            "is_own_reasoning": is_own_reasoning,
            "evidence": list(evidence),
            "saved_at": now,
        },
    )
    return draft


def draft_discard(*, participant: Participant, parent: Argument | None) -> None:
    """Forget what somebody has begun to write in one place; twice is once."""
    Draft.objects.filter(participant=participant, parent=parent).delete()


def _lock(argument: Argument) -> Argument:
    locked: Argument = (
        Argument.objects.select_for_update(of=("self",), no_key=True)
        .select_related("run__classroom__school", "run__classroom__course", "parent")
        .get(pk=argument.pk)
    )
    return locked


def _lock_of_another(argument: Argument, participant: Participant, now: datetime) -> Argument:
    locked = _lock(argument)
    check_is_running(locked.run.classroom)
    policies.check_may_rate(locked.run, now)
    policies.check_is_anothers(locked, participant)
    policies.check_is_there(locked)
    check_sees_others(participant)
    return locked


def _write(argument: Argument, run: DebateRun, text: str) -> None:
    """Set text, HTML and count of words.  Raises: InvalidArgument."""
    text = text.strip()
    if len(text) > MAX_CHARACTERS:
        raise InvalidArgument(_("This is too long."))
    rendered = _rendered(argument, run, text)
    if rendered.words < run.min_words:
        words = ngettext("At least %(count)d word.", "At least %(count)d words.", run.min_words)
        raise InvalidArgument(words % {"count": run.min_words})
    if rendered.words > run.max_words:
        words = ngettext("At most %(count)d word.", "At most %(count)d words.", run.max_words)
        raise InvalidArgument(words % {"count": run.max_words})
    argument.text, argument.html, argument.words = text, rendered.html, rendered.words


def _rendered(argument: Argument, run: DebateRun, text: str) -> Rendered:
    context = render_context(run.classroom.course)
    return render_markdown(text, replace(context, id_prefix=f"a-{argument.public_id.hex[:8]}-"))


def _tell(kind: str, argument: Argument, participant: Participant, now: datetime) -> None:
    event_append(
        kind=kind,
        subject_id=argument.public_id,
        school_id=argument.run.classroom.school.public_id,
        actor_id=participant.user.public_id,
        now=now,
    )
