"""What moderators do, each act with its reason in a log that nobody changes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.cache import caches
from django.db import transaction
from django.utils.translation import gettext as _

from apps.classrooms.policies import check_is_running
from apps.core.services import event_append
from apps.debates.enums import ArgumentState, ModerationKind
from apps.debates.errors import ArgumentGone, InvalidArgument
from apps.debates.models import Argument, ModerationAction
from apps.debates.services.runs import run_touch

if TYPE_CHECKING:
    from apps.accounts.models import User

MAX_REASON = 500
_STATES = {
    ModerationKind.HIDE: ArgumentState.HIDDEN,
    ModerationKind.SHOW: ArgumentState.VISIBLE,
    ModerationKind.REMOVE: ArgumentState.REMOVED,
}
_FROM = {
    ModerationKind.HIDE: {ArgumentState.VISIBLE},
    ModerationKind.SHOW: {ArgumentState.HIDDEN},
    ModerationKind.REMOVE: {
        ArgumentState.VISIBLE,
        ArgumentState.HIDDEN,
        ArgumentState.WITHDRAWN,
    },
}
_LOCKS = {ModerationKind.LOCK: True, ModerationKind.UNLOCK: False}


@transaction.atomic
def argument_moderate(
    *, argument: Argument, kind: str, reason: str, actor: User, now: datetime
) -> ModerationAction:
    """Hide, show, remove, lock, unlock, warn or dismiss; whatever it was reported for is decided.

    A removal deletes the text everywhere: its history, its evidence and its quotations too.
    The caller has fetched `argument` for one of its class's staff.
    Raises: InvalidArgument without a reason, ArgumentGone where its state does not allow it.
    Locks: Argument.
    """
    act = ModerationKind(kind)
    reason = reason.strip()
    if not 0 < len(reason) <= MAX_REASON:
        raise InvalidArgument(_("Give the reason, in at most 500 characters: the author sees it."))
    locked = (
        Argument.objects.select_for_update(of=("self",), no_key=True)
        .select_related("run__classroom__school")
        .get(pk=argument.pk)
    )
    check_is_running(locked.run.classroom)
    if act in _FROM and locked.state not in _FROM[act]:
        raise ArgumentGone(_("This argument has been dealt with already."))
    locked.state = _STATES.get(act, locked.state)
    locked.is_locked = _LOCKS.get(act, locked.is_locked)
    if act == ModerationKind.REMOVE:
        locked.text = locked.html = ""
        # What was drawn leads nowhere any more; here it leaves the memory too. Other processes
        # draw over theirs when somebody looks, or forget it within the hour.
        transaction.on_commit(caches["fragments"].clear)
        locked.edits.all().delete()
        locked.evidence.all().delete()
    locked.save()
    run_touch(locked.run_id)
    locked.reports.filter(decided_at=None).update(decided_at=now)
    action = ModerationAction.objects.create(
        run=locked.run, argument=locked, kind=act, reason=reason, actor=actor, happened_at=now
    )
    event_append(
        kind=f"argument.{act}",
        subject_id=locked.public_id,
        school_id=locked.run.classroom.school.public_id,
        actor_id=actor.public_id,
        now=now,
        is_tombstone=act == ModerationKind.REMOVE,
    )
    return action
