"""What notifications about debates say."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from apps.debates.enums import ArgumentState, ModerationKind, PhaseKind, StanceMoment
from apps.debates.models import Argument, DebateRun, Report, RunPhase, Stance
from apps.debates.selectors import parts_owed
from apps.debates.visibility import Viewer, sees_text
from apps.notifications.enums import Kind
from apps.notifications.models import Notification
from apps.notifications.selectors.wording import Reader, Rows, Wording, moment_text, subject_ids


def of_arguments(reader: Reader, rows: Rows) -> Wording:
    opened = Stance.objects.filter(
        participant=OuterRef("parent__author"), moment=StanceMoment.OPENING
    )
    waiting = Report.objects.filter(argument=OuterRef("pk"), decided_at__isnull=True)
    found = {
        each.public_id: each
        for each in Argument.objects.filter(
            public_id__in=subject_ids(rows), run__classroom__in=reader.roles
        )
        .select_related("run", "author", "parent__author")
        .defer("text", "html", "parent__text", "parent__html", "run__background_html")
        .annotate(has_opened=Exists(opened), has_reports=Exists(waiting))
    }
    said: Wording = {}
    for row in rows:
        each = found.get(row.subject_id)
        text = _of_argument(reader, row, each) if each else ""
        if each and text:
            said[row.pk] = (text % {"motion": _motion(each.run)}, False)
    return said


def _motion(run: DebateRun) -> str:
    """Without its full stop, as it stands inside a sentence."""
    return run.motion.rstrip(".").rstrip()


def _of_argument(reader: Reader, row: Notification, each: Argument) -> str:
    """Empty where it says nothing."""
    if row.kind == Kind.REPORT and getattr(each, "has_reports", False):
        return _("An argument is reported in “%(motion)s”.")
    if row.kind == Kind.MODERATION and each.author.user_id == reader.user.pk:
        return _ACTS[row.detail]() if row.detail in _ACTS else ""
    if row.kind == Kind.REPLY and each.parent and each.parent.author.user_id == reader.user.pk:
        has_opened = getattr(each, "has_opened", False)
        viewer = Viewer(
            participant_id=each.parent.author_id, has_stance=has_opened, has_posted=True
        )
        is_seen = sees_text(
            viewer, state=each.state, author_id=each.author_id, posts_first=each.run.posts_first
        )
        if is_seen and each.state == ArgumentState.VISIBLE:
            return _("Your argument in “%(motion)s” is answered.")
    return ""


_ACTS: dict[str, Callable[[], str]] = {
    ModerationKind.HIDE: lambda: _(
        "A moderator has hidden your argument in “%(motion)s”; the reason stands beside it."
    ),
    ModerationKind.SHOW: lambda: _(
        "Your argument in “%(motion)s” is shown again; the reason stands beside it."
    ),
    ModerationKind.REMOVE: lambda: _(
        "A moderator has removed your argument in “%(motion)s”; the reason stands in its place."
    ),
    ModerationKind.LOCK: lambda: _(
        "A moderator has closed the answers to your argument in “%(motion)s”."
    ),
    ModerationKind.UNLOCK: lambda: _("Your argument in “%(motion)s” may be answered again."),
    ModerationKind.WARN: lambda: _(
        "A moderator warns you about your argument in “%(motion)s”; the reason stands beside it."
    ),
}


def of_runs(reader: Reader, rows: Rows) -> Wording:
    found = {
        (each.run.public_id, each.kind): each
        for each in RunPhase.objects.filter(
            run__public_id__in=subject_ids(rows),
            run__classroom__in=reader.roles,
        )
        .select_related("run")
        .defer("run__background_html")
    }
    due = [
        found[key] for row in rows if row.kind == Kind.DEADLINE and (key := _phase(row)) in found
    ]
    students = {phase.run.classroom_id: [reader.user.pk] for phase in due}
    owed = {phase for phase, _person in parts_owed(due, students)} if due else set()
    said: Wording = {}
    for row in rows:
        each = found.get(_phase(row))
        if each is None:
            continue
        words = {
            "motion": _motion(each.run),
            "phase": PhaseKind(each.kind).label,
            "moment": moment_text(each.closes_at),
        }
        is_over = each.closes_at <= reader.now
        if row.kind == Kind.DEADLINE:
            text = (
                _("“%(motion)s”: the phase “%(phase)s” ended on %(moment)s.")
                if is_over
                else _("“%(motion)s” waits for your part until %(moment)s: %(phase)s.")
            )
            said[row.pk] = (text % words, is_over or each.pk not in owed)
        elif each.opens_at == row.happened_at:  # by the dates that hold
            text = _("“%(motion)s” has come to a new phase, until %(moment)s: %(phase)s.")
            said[row.pk] = (text % words, is_over)
    return said


def _phase(row: Notification) -> tuple[UUID, str]:
    return row.subject_id, row.detail
