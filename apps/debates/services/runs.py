"""A debate given to a class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from apps.classrooms.policies import check_is_running
from apps.core.services import event_append
from apps.debates.errors import InvalidDebate
from apps.debates.models import Debate, DebateRun, Rules, RunPhase
from apps.debates.phases import Window, faults

if TYPE_CHECKING:
    from apps.accounts.models import User
    from apps.classrooms.models import Classroom

RULE_FIELDS = frozenset(field.name for field in Rules._meta.get_fields())


@transaction.atomic
def run_open(
    *,
    debate: Debate,
    classroom: Classroom,
    windows: Sequence[Window],
    rules: Mapping[str, Any] | None = None,
    actor: User,
    now: datetime,
) -> DebateRun:
    """Give a debate of the class's course to the class, with its rules as they are now.

    rules: what the class does otherwise than the debate says, by names of RULE_FIELDS.
    Raises: InvalidDebate, ClassroomArchived.
    """
    check_is_running(classroom)
    if debate.course_id != classroom.course_id:
        raise InvalidDebate(_("This debate belongs to another course."))
    unknown = set(rules or {}) - RULE_FIELDS
    if unknown:
        raise TypeError(f"Not rules of a debate: {', '.join(sorted(unknown))}.")
    chosen = {name: getattr(debate, name) for name in RULE_FIELDS} | dict(rules or {})
    if not 1 <= chosen["max_words"] >= chosen["min_words"]:
        raise InvalidDebate(_("At most as many words as this is fewer than at least."))
    _check_windows(windows)
    run = DebateRun.objects.create(
        debate=debate,
        classroom=classroom,
        motion=debate.motion,
        background_html=debate.background_html,
        opened_by=actor,
        **chosen,
    )
    _write(run, windows)
    _tell("debate_run.opened", run, actor, now)
    return run


@transaction.atomic
def run_reschedule(
    *, run: DebateRun, windows: Sequence[Window], actor: User, now: datetime
) -> DebateRun:
    """Set other dates.  Raises: InvalidDebate, ClassroomArchived.  Locks: DebateRun."""
    check_is_running(run.classroom)
    _check_windows(windows)
    locked = run_lock(run)
    locked.phases.all().delete()
    _write(locked, windows)
    _tell("debate_run.changed", locked, actor, now)
    return locked


def run_lock(run: DebateRun) -> DebateRun:
    """The run, held until the transaction ends: people join one after another.  Queries: 1."""
    locked: DebateRun = (
        DebateRun.objects.select_for_update(of=("self",), no_key=True)
        .select_related("classroom__school")
        .get(pk=run.pk)
    )
    return locked


def run_touch(run_id: int) -> None:
    """Say that an argument of the run was written.  Locks: DebateRun, after the argument."""
    DebateRun.objects.filter(pk=run_id).update(writes=F("writes") + 1)


def _check_windows(windows: Sequence[Window]) -> None:
    wrong = faults(windows)
    if wrong:
        raise InvalidDebate(
            _("Each phase begins after the one before it has ended: look at %(phases)s.")
            % {"phases": ", ".join(wrong)}
        )
    if {"opening", "arguing"} - {window.kind for window in windows}:
        raise InvalidDebate(_("A debate needs time for opening stances and for arguments."))


def _write(run: DebateRun, windows: Sequence[Window]) -> None:
    RunPhase.objects.bulk_create(
        RunPhase(run=run, kind=each.kind, opens_at=each.opens_at, closes_at=each.closes_at)
        for each in windows
    )


def _tell(kind: str, run: DebateRun, actor: User, now: datetime) -> None:
    event_append(
        kind=kind,
        subject_id=run.public_id,
        school_id=run.classroom.school.public_id,
        actor_id=actor.public_id,
        now=now,
    )
