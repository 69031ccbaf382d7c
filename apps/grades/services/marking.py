"""What people decide about grades. Each decision is a row of the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.classrooms.policies import check_is_running
from apps.grades import policies
from apps.grades.enums import GradeEventKind
from apps.grades.errors import GradesChanged, NotApplicable, ReasonRequired
from apps.grades.models import CurrentGrade, GradeEvent, GradeItem
from apps.grades.services.recording import (
    Entry,
    Score,
    entries_append,
    points_check,
    students_lock,
)


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
    actor: User | None,
    now: datetime,
    origin_id: UUID | None = None,
) -> list[GradeEvent]:
    """Record marks given by hand, all or none.

    marks: {user's primary key: Mark}.  origin_id: the import, or the school's program, that they
    came with. None: a form.
    Raises: NotApplicable for an item that is not entered by hand; InvalidPoints; NotEnrolled;
    GradesChanged where somebody else's came first; ClassroomArchived.
    Locks: Enrolment.  Queries: 11 and a savepoint, however many students.
    """
    check_is_running(item.classroom)
    if not policies.is_entered_by_hand(item):
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
    actor: User | None,
    now: datetime,
    origin_id: UUID | None = None,
) -> GradeEvent:
    """Let an instructor's points stand in place of the source's, until that is ended.

    origin_id: the school's program that asked, where one did.
    Raises: InvalidPoints, ReasonRequired, NotEnrolled, ClassroomArchived; NotApplicable for a
    category's total, which follows from its items.
    Locks: Enrolment.
    """
    score = Score(points, reason.strip(), origin_id)
    return _decide(item, student, GradeEventKind.OVERRIDE, score, actor, now)


def grade_override_end(
    *, item: GradeItem, student: User, reason: str, actor: User | None, now: datetime
) -> GradeEvent:
    """Let the source's points stand again.

    Raises: NotApplicable without an override; otherwise as grade_override.
    """
    return _decide(item, student, GradeEventKind.OVERRIDE_END, _saying(reason), actor, now)


def grade_excuse(
    *, item: GradeItem, student: User, reason: str, actor: User | None, now: datetime
) -> GradeEvent:
    """Count an item for nothing in one student's totals; its points stay on record.

    Raises: NotApplicable for a total, or twice; otherwise as grade_override.
    """
    return _decide(item, student, GradeEventKind.EXCUSE, _saying(reason), actor, now)


def grade_excuse_end(
    *, item: GradeItem, student: User, reason: str, actor: User | None, now: datetime
) -> GradeEvent:
    """Count an item again.  Raises: as grade_excuse."""
    return _decide(item, student, GradeEventKind.EXCUSE_END, _saying(reason), actor, now)


def grade_clear(
    *, item: GradeItem, student: User, reason: str, actor: User | None, now: datetime
) -> GradeEvent:
    """Go back to no grade: without points, override or exemption. The ledger keeps what was.

    Raises: NotApplicable for a total, or where there is no grade; otherwise as grade_override.
    """
    return _decide(item, student, GradeEventKind.CLEAR, _saying(reason), actor, now)


def _saying(reason: str) -> Score:
    """No points, only why."""
    return Score(None, reason.strip())


@transaction.atomic
def _decide(
    item: GradeItem,
    student: User,
    kind: GradeEventKind,
    score: Score,
    actor: User | None,
    now: datetime,
) -> GradeEvent:
    check_is_running(item.classroom)
    if not score.reason:
        raise ReasonRequired(_("Give a reason: it is what a complaint will be answered with."))
    students_lock(item.classroom_id, [student.pk])
    item = GradeItem.objects.get(pk=item.pk)
    grade = CurrentGrade.objects.filter(item=item, student=student).first()
    if not _is_possible(kind, item, grade):
        raise NotApplicable(_("This cannot be done with the grade as it stands; look again."))
    if score.points is not None:
        score = replace(score, points=points_check(score.points, item.max_points))
    entry = Entry(item.pk, student.pk, kind, score)
    events = entries_append(classroom_id=item.classroom_id, entries=[entry], actor=actor, now=now)
    return events[0]


def _is_possible(kind: GradeEventKind, item: GradeItem, grade: CurrentGrade | None) -> bool:
    match kind:
        case GradeEventKind.OVERRIDE:
            return policies.may_override(item)
        case GradeEventKind.OVERRIDE_END:
            return policies.may_end_override(grade)
        case GradeEventKind.EXCUSE:
            return policies.may_excuse(item, grade)
        case GradeEventKind.EXCUSE_END:
            return policies.may_end_excuse(item, grade)
    return policies.may_clear(item, grade)
