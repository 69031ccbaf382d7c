"""What people decide about grades. Each decision is a row of the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.classrooms.policies import check_is_running
from apps.grades.enums import GradeEventKind, ItemKind
from apps.grades.errors import GradesChanged, NotApplicable, ReasonRequired
from apps.grades.models import CurrentGrade, GradeEvent, GradeItem
from apps.grades.services.recording import (
    Entry,
    Score,
    entries_append,
    points_check,
    students_lock,
)

TOTALS = frozenset({ItemKind.CATEGORY, ItemKind.TOTAL})


@dataclass(frozen=True, slots=True)
class Mark:
    """What a person gives one student for an item entered by hand.

    points: None takes the mark back.  version: of the grade that the person saw; 0 for none.
    """

    points: Decimal | None
    reason: str = ""
    version: int = 0


@transaction.atomic
def marks_save(
    *,
    item: GradeItem,
    marks: Mapping[int, Mark],
    actor: User,
    now: datetime,
    origin_id: UUID | None = None,
) -> list[GradeEvent]:
    """Record marks given by hand, all or none.

    marks: {user's primary key: Mark}.  origin_id: the import they came with. None: a form.
    Raises: NotApplicable for an item that is not entered by hand; InvalidPoints; NotEnrolled;
    GradesChanged where somebody else's came first; ClassroomArchived.
    Locks: Enrolment.  Queries: 11 and a savepoint, however many students.
    """
    check_is_running(item.classroom)
    if item.kind != ItemKind.MANUAL or item.retired_at is not None:
        raise NotApplicable(_("These points come from elsewhere; they are not entered by hand."))
    students_lock(item.classroom_id, list(marks))
    item = GradeItem.objects.get(pk=item.pk)
    versions = dict(
        CurrentGrade.objects.filter(item=item, student__in=list(marks)).values_list(
            "student_id", "version"
        )
    )
    changed = [
        student for student, mark in marks.items() if mark.version != versions.get(student, 0)
    ]
    if changed:
        raise GradesChanged(_("Somebody else has changed these meanwhile."), students=changed)
    entries = [
        Entry(
            item.pk,
            student,
            GradeEventKind.SCORE,
            Score(
                None if mark.points is None else points_check(mark.points, item.max_points),
                mark.reason,
                origin_id,
            ),
        )
        for student, mark in marks.items()
    ]
    return entries_append(classroom_id=item.classroom_id, entries=entries, actor=actor, now=now)


def grade_override(
    *,
    item: GradeItem,
    student: User,
    points: Decimal,
    reason: str,
    actor: User,
    now: datetime,
) -> GradeEvent:
    """Let an instructor's points stand in place of the source's, until that is ended.

    Of the totals only the course total can be overridden.
    Raises: InvalidPoints, ReasonRequired, NotApplicable, NotEnrolled, ClassroomArchived.
    Locks: Enrolment.
    """
    if item.kind == ItemKind.CATEGORY:
        raise NotApplicable(_("A category's total follows from its items."))
    return _decide(item, student, GradeEventKind.OVERRIDE, reason, actor, now, points=points)


def grade_override_end(
    *, item: GradeItem, student: User, reason: str, actor: User, now: datetime
) -> GradeEvent:
    """Let the source's points stand again.

    Raises: NotApplicable without an override; otherwise as grade_override.
    """
    return _decide(item, student, GradeEventKind.OVERRIDE_END, reason, actor, now)


def grade_excuse(
    *, item: GradeItem, student: User, reason: str, actor: User, now: datetime
) -> GradeEvent:
    """Count an item for nothing in one student's totals; its points stay on record.

    Raises: NotApplicable for a total, or twice; otherwise as grade_override.
    """
    return _decide(item, student, GradeEventKind.EXCUSE, reason, actor, now)


def grade_excuse_end(
    *, item: GradeItem, student: User, reason: str, actor: User, now: datetime
) -> GradeEvent:
    """Count an item again.  Raises: as grade_excuse."""
    return _decide(item, student, GradeEventKind.EXCUSE_END, reason, actor, now)


def grade_clear(
    *, item: GradeItem, student: User, reason: str, actor: User, now: datetime
) -> GradeEvent:
    """Go back to no grade: without points, override or exemption. The ledger keeps what was.

    Raises: NotApplicable for a total, or where there is no grade; otherwise as grade_override.
    """
    return _decide(item, student, GradeEventKind.CLEAR, reason, actor, now)


@transaction.atomic
def _decide(
    item: GradeItem,
    student: User,
    kind: GradeEventKind,
    reason: str,
    actor: User,
    now: datetime,
    *,
    points: Decimal | None = None,
) -> GradeEvent:
    check_is_running(item.classroom)
    if not reason.strip():
        raise ReasonRequired(_("Give a reason: it is what a complaint will be answered with."))
    students_lock(item.classroom_id, [student.pk])
    item = GradeItem.objects.get(pk=item.pk)
    grade = CurrentGrade.objects.filter(item=item, student=student).first()
    if item.retired_at is not None or kind not in _possible(item, grade):
        raise NotApplicable(_("The grade has changed meanwhile; look again."))
    if points is not None:
        points = points_check(points, item.max_points)
    entry = Entry(item.pk, student.pk, kind, Score(points, reason.strip()))
    events = entries_append(classroom_id=item.classroom_id, entries=[entry], actor=actor, now=now)
    return events[0]


def _possible(item: GradeItem, grade: CurrentGrade | None) -> Sequence[GradeEventKind]:
    """What can happen to a grade where it stands."""
    possible = [GradeEventKind.OVERRIDE]
    if grade is not None and grade.is_overridden:
        possible.append(GradeEventKind.OVERRIDE_END)
    if item.kind in TOTALS:
        return possible
    if grade is not None and grade.is_excused:
        possible.append(GradeEventKind.EXCUSE_END)
    else:
        possible.append(GradeEventKind.EXCUSE)
    if grade is not None and (grade.points is not None or grade.is_excused or grade.is_overridden):
        possible.append(GradeEventKind.CLEAR)
    return possible
