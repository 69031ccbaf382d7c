"""Reads around attempts: each begins from what the person may see."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.classrooms.models import Accommodation
from apps.classrooms.selectors import Accommodated
from apps.core.errors import NotFound
from apps.quizzes.enums import AttemptState
from apps.quizzes.models import Assignment, Attempt, Question, Response
from apps.quizzes.querysets import AttemptQuerySet
from apps.quizzes.timing import GRACE, Window


def window_of(assignment: Assignment, granted: Accommodated) -> Window:
    """When and how often one student may attempt it.  Queries: 0."""
    everybody = Window(
        opens_at=assignment.opens_at,
        due_at=assignment.due_at,
        closes_at=assignment.closes_at,
        time_limit_seconds=assignment.time_limit_seconds,
        attempt_limit=assignment.attempt_limit,
    )
    return everybody.for_student(
        time_ratio=granted.time_ratio,
        extra_attempts=granted.extra_attempts,
        opens_at=granted.opens_at,
        due_at=granted.due_at,
        closes_at=granted.closes_at,
    )


def closing_of(assignment: Assignment) -> datetime | None:
    """When the last student's time is over, accommodations counted. None: never.  Queries: 1."""
    return closings_of([assignment])[assignment.pk]


def closings_of(assignments: Collection[Assignment]) -> dict[int, datetime | None]:
    """{assignment's pk: when the last student's time is over}.  Queries: 1; 0 where none closes."""
    latest = {row.pk: row.closes_at for row in assignments}
    closing = [row for row in assignments if row.closes_at is not None]
    if not closing:
        return latest
    granted = Accommodation.objects.filter(
        enrolment__classroom__in={row.classroom_id for row in closing},
        enrolment__removed_at__isnull=True,
    ).values_list("enrolment__classroom", "activity_id", "closes_at", "due_at")
    for classroom, activity, *moments in granted:
        for row in closing:
            if row.classroom_id == classroom and activity in {None, row.public_id}:
                latest[row.pk] = max(each for each in (latest[row.pk], *moments) if each)
    return latest


def attempts_over(now: datetime) -> AttemptQuerySet:
    """Open attempts whose time, and the grace for the network, are over."""
    return Attempt.objects.filter(state=AttemptState.OPEN, closes_at__lt=now - GRACE)


def attempts_to_close() -> AttemptQuerySet:
    """Attempts with all that closing and grading one reads of its class and course."""
    return Attempt.objects.select_related(
        "assignment__classroom__school", "assignment__grade_item", "quiz__course__school", "student"
    ).defer("quiz__course__outline", "quiz__course__loaded_manifest", "quiz__intro_html")


def assignment_path(assignment: Assignment) -> str:
    """The quiz's page in its class."""
    return reverse(
        "quizzes:assignment", args=[assignment.classroom.public_id, assignment.public_id]
    )


def attempt_path(attempt: Attempt) -> str:
    """Where the attempt is reviewed; student and instructor each see what they may."""
    return reverse("quizzes:attempt-review", args=[attempt.public_id])


def places_of(attempt: Attempt) -> tuple[UUID, UUID]:
    """The public ids of an assigned attempt's class and assignment, as addresses take them."""
    assignment = attempt.assignment
    if assignment is None:
        raise NotFound(_("Practice belongs to no class."))
    return assignment.classroom.public_id, assignment.public_id


def can_skip_locked() -> bool:
    """SQLite has no row locks: one writer at a time, so there is nothing to skip."""
    return connection.features.has_select_for_update_skip_locked


def attempts_asking(question: Question, assignment: Assignment | None) -> AttemptQuerySet:
    """Every attempt, open ones included, that was asked the question, in one class or in all."""
    rows = Attempt.objects.filter(
        pk__in=Response.objects.filter(question=question).values("attempt")
    ).select_related("assignment__classroom__school", "assignment__grade_item")
    return rows if assignment is None else rows.filter(assignment=assignment)


def attempts_asked(question: Question, assignments: Sequence[Assignment | None]) -> AttemptQuerySet:
    """Submitted attempts that were asked the question, with their responses.  Queries: 2.

    assignments: where; None among them stands for everywhere.
    """
    responses = Response.objects.select_related("version").order_by("position")
    rows = attempts_asking(question, None)
    if None not in assignments:
        rows = rows.filter(assignment__in=[given for given in assignments if given])
    return (
        rows.exclude(state=AttemptState.OPEN)
        .select_related("student", "assignment__classroom")
        .prefetch_related(Prefetch("responses", queryset=responses))
        .order_by("assignment__classroom__title", "student__display_name", "number")
    )
