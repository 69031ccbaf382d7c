"""Attempts: begun, read, handed in and reviewed by their student; watched by staff and LMS."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import django_filters
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_filters.rest_framework import FilterSet
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import User
from apps.api.enums import Scope
from apps.api.selectors import quizzing
from apps.api.v1.access import PERSONS, ApiView, caller_of, client_of, person_of
from apps.api.v1.details import DetailView, answer_one
from apps.api.v1.filters import BooleanFilter
from apps.api.v1.lists import ListView, Row, check_parameters
from apps.api.v1.repeats import idempotent
from apps.api.v1.shapes import STRING, Shape, or_null
from apps.api.v1.sittings import ATTEMPT, attempt_body
from apps.api.v1.sittings import UUID as UUID_TYPE
from apps.quizzes import policies, services
from apps.quizzes import selectors as quizzes
from apps.quizzes.enums import AttemptState
from apps.quizzes.errors import NotAllowed
from apps.quizzes.models import Attempt
from apps.quizzes.timing import is_over

ATTEMPT_LINE = Shape(
    "AttemptSummary",
    Attempt,
    {
        "id": "public_id",
        "user_id": "student__public_id",
        "user_sis_id": "student_sis_id",
        "number": "number",
        "state": "state",
        "started_at": "started_at",
        "closes_at": "closes_at",
        "submitted_at": "submitted_at",
        "closed_by": "closed_by",
        "days_late": "days_late",
        "points": "points",
        "max_points": "max_points",
    },
    others={
        "id": {**or_null(UUID_TYPE), "description": "null while it is marked without names."},
        "user_sis_id": or_null(STRING),
    },
    example={
        "id": "0193a1c5-8b67-7f0a-9f10-0b8f6d0e1f1f",
        "user_id": "0b8f6d0e-93d5-4f0e-8b67-1f1f4f0a9f10",
        "user_sis_id": "1007",
        "number": 1,
        "state": "graded",
        "started_at": "2026-10-02T09:00:00Z",
        "closes_at": "2026-10-02T09:20:00Z",
        "submitted_at": "2026-10-02T09:12:00Z",
        "closed_by": "student",
        "days_late": 0,
        "points": 8.5,
        "max_points": 10,
    },
)
MY_ATTEMPT = Shape(
    "MyAttempt",
    Attempt,
    {
        "id": "public_id",
        "classroom_id": "assignment__classroom__public_id",
        "assignment_id": "assignment__public_id",
        "course": "quiz__course__slug",
        "quiz": "quiz__slug",
        "number": "number",
        "state": "state",
        "started_at": "started_at",
        "closes_at": "closes_at",
        "submitted_at": "submitted_at",
        "closed_by": "closed_by",
        "days_late": "days_late",
    },
    example={
        "id": "0193a1c5-8b67-7f0a-9f10-0b8f6d0e1f1f",
        "classroom_id": None,
        "assignment_id": None,
        "course": "pakistan-russia-sco",
        "quiz": "check-1",
        "number": 2,
        "state": "open",
        "started_at": "2026-10-02T09:00:00Z",
        "closes_at": None,
        "submitted_at": None,
        "closed_by": "",
        "days_late": 0,
    },
)


class AttemptFilters(FilterSet):
    state = django_filters.ChoiceFilter(choices=AttemptState.choices)
    user_id = django_filters.UUIDFilter("student__public_id")
    submitted_since = django_filters.IsoDateTimeFilter("submitted_at", "gte")

    class Meta:
        model = Attempt
        fields: tuple[str, ...] = ()


class MyAttemptFilters(FilterSet):
    state = django_filters.ChoiceFilter(choices=AttemptState.choices)
    is_practice = BooleanFilter("assignment", "isnull")
    assignment_id = django_filters.UUIDFilter("assignment__public_id")

    class Meta:
        model = Attempt
        fields: tuple[str, ...] = ()


class AssignmentAttempts(ListView):
    """The attempts of an assignment: a student's own; all of the class for staff and the LMS.

    Staff see what each earned; a student once it is shown to them; a school's program never (it
    reads results). POST begins the student's next attempt, or answers the one that is open.
    """

    scope = Scope.QUIZZES_READ
    scopes = {"post": Scope.ATTEMPTS_WRITE}
    write_scope = Scope.ATTEMPTS_WRITE
    shape = ATTEMPT_LINE
    ordering = ("number", "started_at", "submitted_at")
    # By person, so that no cursor tells whose an attempt is that is marked without names.
    keys = ("student__public_id", "number")
    filters = AttemptFilters
    answers = {"post": ATTEMPT}
    statuses = {"post": (201, 200)}
    _hidden: bool  # whether an attempt that waits to be marked has no id
    _points: dict[Any, Any] | None  # what the caller may see; None: everything

    def get(self, request: Request, key: str, assignment_id: UUID) -> Response:
        caller, now = caller_of(request), timezone.now()
        classroom, is_staff = quizzing.classroom_as(caller, key)
        self._hidden, self._points = False, None
        if is_staff:
            assignment = quizzing.assignment_as(classroom, assignment_id, is_staff=True)
            rows = quizzing.attempts_in(assignment)
            self._hidden = assignment.is_marked_anonymously
            if client_of(request) is not None:
                self._points = {}
        else:
            mine = quizzes.assigned_quiz(classroom, caller, assignment_id, now)
            rows = quizzing.attempts_in(mine.assignment).filter(student=caller)
            self._points = {line.attempt.public_id: line.points for line in mine.attempts}
        return self.answer(request, rows)

    def complete(self, rows: list[Row]) -> list[Row]:
        points = self._points
        return [
            {
                **row,
                "points": row["points"] if points is None else points.get(row["id"]),
                "id": None if self._hidden and row["state"] == "submitted" else row["id"],
            }
            for row in rows
        ]

    @idempotent
    def post(self, request: Request, key: str, assignment_id: UUID) -> Response:
        student, now = person_of(request), timezone.now()
        classroom = quizzing.classroom_attended(student, key)
        assignment = quizzing.assignment_as(classroom, assignment_id, is_staff=False)
        attempt = services.assignment_start(assignment=assignment, student=student, now=now)
        return begun(student, attempt, now)


class MyAttempts(ListView):
    """One's own attempts, assigned and for practice, oldest first."""

    scope = Scope.QUIZZES_READ
    callers = PERSONS
    shape = MY_ATTEMPT
    ordering = ("started_at", "submitted_at")
    keys = ("started_at", "public_id")
    filters = MyAttemptFilters

    def get(self, request: Request) -> Response:
        return self.answer(request, quizzing.attempts_of(person_of(request)))


class AttemptDetail(DetailView):
    """One's own attempt: while it is open with its items, afterwards what became of it.

    What is over is closed, as of its end, by the first look at it.
    """

    scope = Scope.QUIZZES_READ
    callers = PERSONS
    has_fields = False
    body = ATTEMPT

    def get(self, request: Request, attempt_id: UUID) -> HttpResponseBase:
        student, now = person_of(request), timezone.now()
        attempt = as_it_stands(quizzing.attempt_of(student, attempt_id), now)
        if attempt.state == AttemptState.OPEN:
            return answer_one(request, attempt_body(quizzes.sitting_open(attempt, now)))
        sitting = quizzes.sitting_review(attempt, now=now)
        return answer_one(request, attempt_body(sitting, has_items=False))


class AttemptReview(DetailView):
    """A closed attempt with all that is disclosed of it: to its student as the assignment says,
    of practice at once, to the staff of its class everything."""

    scope = Scope.QUIZZES_READ
    callers = PERSONS
    has_fields = False
    body = ATTEMPT

    def get(self, request: Request, attempt_id: UUID) -> HttpResponseBase:
        viewer, now = person_of(request), timezone.now()
        attempt = as_it_stands(quizzing.attempt_for(viewer, attempt_id), now)
        is_staff = attempt.student_id != viewer.pk
        if attempt.state == AttemptState.OPEN:
            raise NotAllowed(_("This attempt has not been handed in."), code="still_open")
        if is_staff and policies.is_nameless(attempt):
            raise NotAllowed(_("This attempt is marked without names."), code="nameless")
        sitting = quizzes.sitting_review(attempt, is_staff=is_staff, now=now)
        return answer_one(request, attempt_body(sitting))


class AttemptSubmit(ApiView):
    """Hand an attempt in. Doing it again answers the first result; late, what was saved counts."""

    write_scope = Scope.ATTEMPTS_WRITE
    callers = PERSONS
    statuses = {"post": (200,)}
    body = ATTEMPT

    def post(self, request: Request, attempt_id: UUID) -> Response:
        check_parameters(request, [])
        student, now = person_of(request), timezone.now()
        quizzing.check_reach(student, attempt_id)
        services.attempt_submit(attempt_id=attempt_id, student=student, now=now)
        sitting = quizzes.sitting_review(quizzing.attempt_of(student, attempt_id), now=now)
        return Response(attempt_body(sitting, has_items=False))


def begun(student: User, attempt: Attempt, now: datetime) -> Response:
    """An attempt that was begun now (201), or was open already (200), with its items."""
    row = quizzing.attempt_of(student, attempt.public_id)
    return Response(
        attempt_body(quizzes.sitting_open(row, now)),
        status=201 if row.started_at == now else 200,
        headers={"Location": reverse("api:attempt", args=[row.public_id])},
    )


def as_it_stands(attempt: Attempt, now: datetime) -> Attempt:
    """The attempt, closed as of its end when its time is over."""
    if attempt.state == AttemptState.OPEN and is_over(attempt.closes_at, now):
        services.attempt_close_over(attempt_id=attempt.public_id, student=attempt.student, now=now)
        attempt.refresh_from_db()
    return attempt
