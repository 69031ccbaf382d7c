"""Closing an attempt and handing what it earned to the ledger."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from apps.classrooms.selectors import accommodations_for
from apps.core import services as core
from apps.grades import services as grades
from apps.grades.enums import GradeEventKind
from apps.grades.models import CurrentGrade
from apps.quizzes import selectors
from apps.quizzes.enums import AttemptState, ClosedBy, CorrectionKind
from apps.quizzes.grading import (
    AttemptResult,
    Counted,
    attempt_result,
    counting_points,
    grade_answer,
    hints_cost,
    item_points,
)
from apps.quizzes.models import Assignment, Attempt, Correction, Response
from apps.quizzes.services.storing import rows_update

if TYPE_CHECKING:
    from apps.accounts.models import User

RESULT_FIELDS = ["graded_by", "ratio", "points", "needs_marking", "is_void"]
# What an assignment's settings say of grades. One that was fetched beside an attempt may be older
# than the attempt's lock: whoever changes these takes the attempts first.
_RULES = ["grading", "max_points", "late_penalty_ratio", "opens_at", "due_at", "closes_at"]
# What grading does not read of a version.
TEXTS = ("version__html", "version__stem", "version__explanation")


def attempt_close(attempt: Attempt, *, closed_by: ClosedBy, at: datetime, now: datetime) -> Attempt:
    """Grade and close a locked, open attempt as of `at`, and record what it earned.

    Call it inside a transaction that holds the attempt's row.  Locks: Enrolment.
    """
    responses = list(attempt.responses.select_related("version").defer(*TEXTS))
    corrections = corrections_for(responses, attempt.assignment_id)
    for response in responses:
        response_grade(response, corrections.get(response.question_id))
    rows_update(responses, RESULT_FIELDS)
    attempt.closed_by = closed_by
    attempt.submitted_at = at
    if attempt.assignment is not None:
        attempt.assignment.refresh_from_db(fields=_RULES)
        granted = accommodations_for(
            attempt.assignment.classroom, [attempt.student_id], attempt.assignment.public_id
        )[attempt.student_id]
        attempt.days_late = selectors.window_of(attempt.assignment, granted).days_late(at)
    attempt_total(attempt, responses)
    attempt.save()
    actor = None if closed_by == ClosedBy.DEADLINE else attempt.student
    attempt_tell(attempt, "attempt.submitted", actor=actor, now=now)
    if attempt.assignment is not None:
        grades_write(attempt.assignment, [attempt.student_id], actor=None, now=now)
    return attempt


def attempt_expire(attempt: Attempt, *, now: datetime) -> Attempt:
    """Close a locked attempt whose time is over, as of its end: with what was saved by then."""
    return attempt_close(attempt, closed_by=ClosedBy.DEADLINE, at=attempt.closes_at or now, now=now)


def attempts_close_due(*, now: datetime) -> int:
    """Close every attempt whose time is over, as of its end; the worker calls it.

    Each in a transaction of its own, so that no worker waits for one student while it holds
    another. Several workers share the work: a row that one of them holds is left to it.
    Returns: how many were closed.
    """
    closed = 0
    for pk in list(selectors.attempts_over(now).order_by("closes_at").values_list("pk", flat=True)):
        with transaction.atomic():
            attempt = (
                selectors.attempts_to_close()
                .select_for_update(of=("self",), skip_locked=selectors.can_skip_locked())
                .filter(pk=pk, state=AttemptState.OPEN)
                .first()
            )
            if attempt is not None:
                attempt_expire(attempt, now=now)
                closed += 1
    return closed


def attempt_tell(attempt: Attempt, kind: str, *, actor: User | None, now: datetime) -> None:
    """Add what happened to the outbox: of the class's school, for practice of the course's."""
    assignment = attempt.assignment
    school = assignment.classroom.school if assignment else attempt.quiz.course.school
    core.event_append(
        kind=kind,
        subject_id=attempt.public_id,
        school_id=school.public_id if school else None,
        actor_id=actor.public_id if actor else None,
        now=now,
    )


def corrections_for(
    responses: Iterable[Response], assignment_id: int | None
) -> dict[int, Correction]:
    """{question's pk: how it counts now}: the newest correction, everywhere or in this class.

    Queries: 1.
    """
    scope = Q(assignment__isnull=True) | Q(assignment=assignment_id)
    rows = Correction.objects.filter(
        scope, question__in={response.question_id for response in responses}
    )
    return {row.question_id: row for row in rows.select_related("version").order_by("pk")}


def response_grade(response: Response, correction: Correction | None) -> None:
    """Set what a response earned, by its own version or as a correction says. Stores nothing.

    A mark that a person gave stands, unless the item is left out or full for everybody.
    """
    response.is_void = correction is not None and correction.kind == CorrectionKind.VOID
    cost = hints_cost(response.version.hints, response.hints_taken)
    if correction is not None and correction.kind == CorrectionKind.FULL:
        response.ratio, response.points = Decimal(1), response.max_points
        response.needs_marking = False
        return
    asked = response.version
    if correction is not None and correction.version is not None:
        response.graded_by = asked = correction.version
    if response.marked_at is not None and response.ratio is not None:
        response.points = item_points(response.ratio, max_points=response.max_points, cost=cost)
        return
    result = grade_answer(
        asked.kind, asked.spec, response.answer, max_points=response.max_points, cost=cost
    )
    response.ratio, response.points = result.ratio, result.points
    response.needs_marking = result.needs_marking and not response.is_void


def attempt_total(attempt: Attempt, responses: Iterable[Response]) -> AttemptResult:
    """Set an attempt's points and state from its responses. Stores nothing.

    Nobody marks practice: what only a person could mark is left out of its sum.
    """
    is_practice = attempt.assignment_id is None
    result = attempt_result(
        (row.points, row.max_points, row.is_void or (is_practice and row.needs_marking))
        for row in responses
    )
    attempt.points, attempt.max_points = result.points, result.max_points
    attempt.state = AttemptState.SUBMITTED if result.points is None else AttemptState.GRADED
    return result


def grades_write(
    assignment: Assignment,
    student_ids: Collection[int],
    *,
    actor: User | None,
    now: datetime,
    kind: GradeEventKind = GradeEventKind.SCORE,
    reason: str = "",
) -> None:
    """Record what these students' attempts come to now, one ledger event each.

    Students whose grade does not change get no event. The caller holds an attempt, or the
    assignment.  Queries: constant.  Locks: Enrolment.
    """
    if assignment.grade_item is None:
        return
    assignment.refresh_from_db(fields=_RULES)
    # First the lock, then the reading: an attempt marked beside one submitted must see the other.
    grades.students_lock(assignment.classroom_id, student_ids)
    known = dict(
        CurrentGrade.objects.filter(
            item=assignment.grade_item, student__in=student_ids
        ).values_list("student_id", "source_points")
    )
    attempts: dict[int, list[Attempt]] = {student_id: [] for student_id in student_ids}
    rows = Attempt.objects.filter(
        assignment=assignment, student__in=student_ids, points__isnull=False
    )
    for attempt in rows.exclude(state=AttemptState.OPEN).order_by("number"):
        attempts[attempt.student_id].append(attempt)
    scores = {}
    for student_id, graded in attempts.items():
        counted = [
            Counted(row.points or Decimal(0), row.max_points, row.days_late) for row in graded
        ]
        points = counting_points(
            assignment.grading,
            counted,
            out_of=assignment.max_points,
            penalty=assignment.late_penalty_ratio,
        )
        if points == known.get(student_id):
            continue
        last = graded[-1] if graded else None
        scores[student_id] = grades.Score(
            points,
            reason=reason,
            origin_id=last.public_id if last else None,
            origin_path=selectors.attempt_path(last) if last else "",
        )
    grades.grades_record(item=assignment.grade_item, scores=scores, kind=kind, actor=actor, now=now)
