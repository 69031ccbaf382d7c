"""Attempts follow dates that change after they have begun: of their assignment, or of a student."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.classrooms.models import Accommodation
from apps.classrooms.selectors import accommodations_for
from apps.core import services as core
from apps.core.models import Event
from apps.grades import services as grades
from apps.grades.enums import GradeEventKind
from apps.quizzes import selectors
from apps.quizzes.enums import AttemptState
from apps.quizzes.models import Assignment, Attempt
from apps.quizzes.services.closing import grades_write
from apps.quizzes.services.storing import rows_update

if TYPE_CHECKING:
    from apps.accounts.models import User

_READER = "quizzes.accommodations"
_KINDS = frozenset({"accommodation.saved", "accommodation.deleted"})
_BATCH = 500
_BATCHES = 20  # then other sweeps have their turn

# {assignment: the students whose dates changed; None for everybody's}
Concerned = Mapping[Assignment, Collection[int] | None]


def attempts_follow(
    concerned: Concerned, *, actor: User | None, now: datetime, reason: str
) -> None:
    """Give open attempts the end that holds now, where it is later, and count lateness again.

    Who has begun is never cut short. Grades that change are recorded with the reason.
    Call it inside a transaction.  Locks: Attempt, then Enrolment.
    Queries: 1 where nobody has begun; else 1 for each assignment, and those of what changes.
    """
    attempts = attempts_lock(concerned)
    late: dict[Assignment, set[int]] = {}
    for assignment in concerned:
        asked = [attempt for attempt in attempts if attempt.assignment_id == assignment.pk]
        if changed := _recount(assignment, asked):
            late[assignment] = changed
    # Before any of the writing: whoever writes for two quizzes of a class takes its students once.
    for classroom_id in sorted({assignment.classroom_id for assignment in late}):
        here = (ids for each, ids in late.items() if each.classroom_id == classroom_id)
        grades.students_lock(classroom_id, set().union(*here))
    for assignment, student_ids in late.items():
        grades_write(
            assignment,
            sorted(student_ids),
            actor=actor,
            now=now,
            kind=GradeEventKind.REGRADE,
            reason=reason,
        )


def attempts_lock(concerned: Concerned) -> list[Attempt]:
    """Whose dates change, by id, ours until the transaction ends.  Queries: 1."""
    mine = Q(pk__in=[])
    for assignment, students in concerned.items():
        everybody = Q(assignment=assignment)
        mine |= everybody if students is None else everybody & Q(student__in=students)
    return list(Attempt.objects.select_for_update().filter(mine).order_by("pk"))


def accommodations_follow(*, now: datetime) -> int:
    """Apply what students were granted, or no more, after they had begun; the worker calls it.

    Returns: how many grants were looked at.
    """
    followed = 0
    for _batch in range(_BATCHES):
        with transaction.atomic():
            events = core.events_take(reader=_READER, limit=_BATCH)
            told = [event for event in events if event.kind in _KINDS]
            if told:
                attempts_follow(
                    _concerned(told), actor=None, now=now, reason=_("Other dates were granted.")
                )
        followed += len(told)
        if len(events) < _BATCH:
            break
    return followed


def _recount(assignment: Assignment, attempts: list[Attempt]) -> set[int]:
    """Store what the dates of now make of locked attempts.  Returns: who is more or less late."""
    students = {attempt.student_id for attempt in attempts}
    if not students:
        return set()
    granted = accommodations_for(assignment.classroom, students, assignment.public_id)
    longer, counted = [], []
    for attempt in attempts:
        window = selectors.window_of(assignment, granted[attempt.student_id])
        if attempt.state == AttemptState.OPEN:
            end = window.attempt_end(attempt.started_at)
            if attempt.closes_at is not None and (end is None or end > attempt.closes_at):
                attempt.closes_at = end
                longer.append(attempt)
        elif attempt.submitted_at is not None:
            days = window.days_late(attempt.submitted_at)
            if days != attempt.days_late:
                attempt.days_late = days
                counted.append(attempt)
    rows_update(longer, ["closes_at"])
    rows_update(counted, ["days_late"])
    return {attempt.student_id for attempt in counted}


def _concerned(events: Iterable[Event]) -> dict[Assignment, set[int] | None]:
    """Whose attempts grants speak of. One that was taken back names its class alone."""
    events = list(events)
    granted = Accommodation.objects.filter(
        public_id__in=[event.subject_id for event in events]
    ).values_list("enrolment__classroom", "enrolment__user", "activity_id")
    by_class: dict[int, list[tuple[int, object]]] = {}
    for classroom_id, user_id, activity_id in granted:
        by_class.setdefault(classroom_id, []).append((user_id, activity_id))
    whole = {event.within_id for event in events if event.within_id is not None}
    concerned: dict[Assignment, set[int] | None] = {}
    for assignment in Assignment.objects.filter(
        Q(classroom__in=by_class) | Q(classroom__public_id__in=whole),
        published_at__isnull=False,
    ).select_related("classroom", "grade_item"):
        here = by_class.get(assignment.classroom_id, [])
        students = {who for who, activity in here if activity in {None, assignment.public_id}}
        if assignment.classroom.public_id in whole:
            concerned[assignment] = None
        elif students:
            concerned[assignment] = students
    return concerned
