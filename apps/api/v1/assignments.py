"""What quizzes a class is given: seen by its members, set by its instructors."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils import timezone
from django_filters.rest_framework import FilterSet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api import selectors
from apps.api.enums import Scope
from apps.api.selectors import quizzing
from apps.api.v1.access import ApiView, caller_of, person_of
from apps.api.v1.details import DetailView, answer_one, answer_written, row_of, unchanged
from apps.api.v1.filters import BooleanFilter
from apps.api.v1.inputs import Input, read
from apps.api.v1.lists import ListView, Row
from apps.api.v1.repeats import idempotent
from apps.api.v1.shapes import MOMENT, Shape, named, or_null
from apps.api.v1.sittings import BOOLEAN, NULL, NUMBER, WHOLE, fields, one_of
from apps.api.v1.sittings import UUID as UUID_TYPE
from apps.classrooms.models import Classroom
from apps.quizzes import selectors as quizzes
from apps.quizzes import services
from apps.quizzes.enums import Disclosure, GradingMethod, Layout, QuizKind
from apps.quizzes.models import Assignment, Quiz
from apps.quizzes.selectors import AssignedQuiz

_SHOWN = ("score", "correctness", "feedback", "key")
_WHEN = tuple(f"{name}_{end}" for name in _SHOWN for end in ("when", "at"))
MINE = {
    "anyOf": [
        fields(
            state=one_of("planned", "running", "late", "open", "done", "closed"),
            opens_at=or_null(MOMENT),
            due_at=or_null(MOMENT),
            closes_at=or_null(MOMENT),
            time_limit_seconds=or_null(WHOLE),
            attempt_limit=or_null(WHOLE),
            attempts_left=or_null(WHOLE),
            may_start=BOOLEAN,
            open_attempt_id=or_null(UUID_TYPE),
            grade=or_null(NUMBER),
        ),
        NULL,
    ],
    "description": "For a student: what holds for them, what they are granted counted.",
}
ASSIGNMENT = Shape(
    "Assignment",
    Assignment,
    {
        "id": "public_id",
        "classroom_id": "classroom__public_id",
        "quiz_id": "quiz__public_id",
        "quiz": "quiz__slug",
        "grade_item_id": "grade_item__public_id",
        **named("title", "instructions", "published_at", "opens_at", "due_at", "closes_at"),
        **named("time_limit_seconds", "attempt_limit", "grading", "max_points"),
        **named("late_penalty_ratio", "layout", "shuffle_items", "has_hints", "has_confidence"),
        **named("is_marked_anonymously", "may_contest", *_WHEN, "updated_at"),
        "mine": "pk",
    },
    others={"mine": MINE},
    example={
        "id": "93d54f0e-8b67-4f0a-9f10-0b8f6d0e1f1f",
        "classroom_id": "0f6a1c55-2f0b-4c5e-9a53-6a6f7d0f2a4e",
        "quiz_id": "5b0a4a0c-70f2-4f35-bd0e-7a0c5ed9a1d3",
        "quiz": "unit-1",
        "grade_item_id": "70f24f35-bd0e-4a0c-9ed9-a1d35b0a4a0c",
        "title": "Quiz 1",
        "instructions": "",
        "published_at": "2026-10-01T09:00:00Z",
        "opens_at": None,
        "due_at": "2026-10-08T19:00:00Z",
        "closes_at": "2026-10-09T19:00:00Z",
        "time_limit_seconds": 1200,
        "attempt_limit": 1,
        "grading": "best",
        "max_points": 100,
        "late_penalty_ratio": 0.1,
        "layout": "one_page",
        "shuffle_items": False,
        "has_hints": True,
        "has_confidence": False,
        "is_marked_anonymously": True,
        "may_contest": True,
        "score_when": "submitted",
        "score_at": None,
        "correctness_when": "submitted",
        "correctness_at": None,
        "feedback_when": "closed",
        "feedback_at": None,
        "key_when": "closed",
        "key_at": None,
        "updated_at": "2026-10-01T09:00:00Z",
        "mine": {
            "state": "open",
            "opens_at": None,
            "due_at": "2026-10-08T19:00:00Z",
            "closes_at": "2026-10-09T19:00:00Z",
            "time_limit_seconds": 1800,
            "attempt_limit": 1,
            "attempts_left": 1,
            "may_start": True,
            "open_attempt_id": None,
            "grade": None,
        },
    },
)
GIVEABLE = Shape(
    "QuizToGive",
    Quiz,
    {"id": "public_id", **named("slug", "title", "kind", "position")},
    example={
        "id": "5b0a4a0c-70f2-4f35-bd0e-7a0c5ed9a1d3",
        "slug": "unit-1",
        "title": "Unit 1",
        "kind": "unit",
        "position": 1,
    },
)


class AssignmentFilters(FilterSet):
    quiz = django_filters.CharFilter("quiz__slug")
    is_published = BooleanFilter("published_at", "isnull", exclude=True)
    updated_since = django_filters.IsoDateTimeFilter("updated_at", "gte")

    class Meta:
        model = Assignment
        fields: tuple[str, ...] = ()


def _when() -> serializers.ChoiceField:
    return serializers.ChoiceField(Disclosure.choices, required=False)


def _at() -> serializers.DateTimeField:
    return serializers.DateTimeField(required=False, allow_null=True)


class AssignmentIn(Input):
    """What may be said of an assignment; what is left out keeps its value, or its default."""

    title = serializers.CharField(max_length=200, required=False)
    instructions = serializers.CharField(max_length=4000, allow_blank=True, required=False)
    opens_at = _at()
    due_at = _at()
    closes_at = _at()
    time_limit_seconds = serializers.IntegerField(
        min_value=30, max_value=7 * 24 * 3600, allow_null=True, required=False
    )
    attempt_limit = serializers.IntegerField(
        min_value=1, max_value=1000, allow_null=True, required=False
    )
    grading = serializers.ChoiceField(GradingMethod.choices, required=False)
    max_points = serializers.DecimalField(
        max_digits=8, decimal_places=2, min_value=0, required=False
    )
    late_penalty_ratio = serializers.DecimalField(
        max_digits=4, decimal_places=3, min_value=0, max_value=1, required=False
    )
    layout = serializers.ChoiceField(Layout.choices, required=False)
    shuffle_items = serializers.BooleanField(required=False)
    has_hints = serializers.BooleanField(required=False)
    has_confidence = serializers.BooleanField(required=False)
    is_marked_anonymously = serializers.BooleanField(required=False)
    may_contest = serializers.BooleanField(required=False)
    score_when = _when()
    score_at = _at()
    correctness_when = _when()
    correctness_at = _at()
    feedback_when = _when()
    feedback_at = _at()
    key_when = _when()
    key_at = _at()


class NewAssignmentIn(AssignmentIn):
    quiz_id = serializers.UUIDField(help_text="One of the quizzes that the class may be given.")


class GiveableFilters(FilterSet):
    kind = django_filters.ChoiceFilter(choices=QuizKind.choices)

    class Meta:
        model = Quiz
        fields: tuple[str, ...] = ()


class QuizzesToGive(ListView):
    """The quizzes of the class's course, for its instructors."""

    scope = Scope.QUIZZES_READ
    shape = GIVEABLE
    ordering = ("title",)
    filters = GiveableFilters
    keys = ("position", "slug")

    def get(self, request: Request, key: str) -> Response:
        classroom = selectors.classroom_run(caller_of(request), key)
        return self.answer(request, quizzes.quizzes_to_give(classroom))


class Assignments(ListView):
    """The quizzes that a class is given: to its students those that are published."""

    scope = Scope.QUIZZES_READ
    write_scope = Scope.QUIZZES_WRITE
    shape = ASSIGNMENT
    ordering = ("title", "published_at", "opens_at", "due_at", "closes_at", "updated_at")
    filters = AssignmentFilters
    gone = ("assignment.deleted", "assignment.withdrawn")
    bodies = {"post": NewAssignmentIn}

    def get(self, request: Request, key: str) -> Response:
        self._classroom, self._is_staff = quizzing.classroom_as(caller_of(request), key)
        rows = quizzing.assignments_in(self._classroom, is_staff=self._is_staff)
        # What students were never shown is not told by its end either.
        known_by = "" if self._is_staff else "assignment.published"
        return self.answer(request, rows, within=self._classroom.public_id, known_by=known_by)

    def complete(self, rows: list[Row]) -> list[Row]:
        student = None if self._is_staff else person_of(self.request)
        return with_mine(rows, self._classroom, student, timezone.now())

    @idempotent
    def post(self, request: Request, key: str) -> Response:
        actor = person_of(request)
        classroom = selectors.classroom_run(actor, key)
        wish = read(request, NewAssignmentIn)
        quiz = quizzing.quiz_to_give(classroom, wish.pop("quiz_id"))
        row = services.assignment_create(
            classroom=classroom, quiz=quiz, fields=wish, actor=actor, now=timezone.now()
        )
        return answer_written(public(row), 201)


class AssignmentDetail(DetailView):
    """One of them. Grades follow changed points and dates; nobody who has begun is cut short."""

    scope = Scope.QUIZZES_READ
    write_scope = Scope.QUIZZES_WRITE
    shape = ASSIGNMENT
    bodies = {"patch": AssignmentIn}

    def get(self, request: Request, key: str, assignment_id: UUID) -> HttpResponseBase:
        classroom, is_staff = quizzing.classroom_as(caller_of(request), key)
        row = quizzing.assignment_as(classroom, assignment_id, is_staff=is_staff)
        if is_staff:
            return answer_one(request, public(row))
        raw = row_of(Assignment.objects.filter(pk=row.pk), ASSIGNMENT.fields)
        mine = with_mine([raw], classroom, person_of(request), timezone.now())
        return answer_one(request, mine[0])

    @idempotent
    def patch(self, request: Request, key: str, assignment_id: UUID) -> Response:
        actor, row = _set_by(request, key, assignment_id)
        wish = read(request, AssignmentIn)
        with unchanged(request, lock=_lock(row), read=lambda: public(row)):
            row.refresh_from_db(fields=["revision"])
            row = services.assignment_save(
                assignment=row,
                fields=wish,
                expected_revision=row.revision,
                actor=actor,
                now=timezone.now(),
            )
            body = public(row)
        return answer_written(body)

    @idempotent
    def delete(self, request: Request, key: str, assignment_id: UUID) -> Response:
        actor, row = _set_by(request, key, assignment_id)
        with unchanged(request, lock=_lock(row), read=lambda: public(row)):
            services.assignment_delete(assignment=row, actor=actor, now=timezone.now())
        return Response(status=204)


class AssignmentPublish(ApiView):
    """Let the students of the class see it; twice is once."""

    write_scope = Scope.QUIZZES_WRITE
    statuses = {"post": (200,)}
    shape = ASSIGNMENT
    deed = staticmethod(services.assignment_publish)

    def post(self, request: Request, key: str, assignment_id: UUID) -> Response:
        actor, row = _set_by(request, key, assignment_id)
        self.deed(assignment=row, actor=actor, now=timezone.now())
        return answer_written(public(row))


class AssignmentWithdraw(AssignmentPublish):
    """Hide it from students again. 409 `in_use` once somebody has begun."""

    deed = staticmethod(services.assignment_withdraw)


def public(row: Assignment) -> Row:
    """An assignment as staff and the school's program see it.  Queries: 1."""
    return {**row_of(Assignment.objects.filter(pk=row.pk), ASSIGNMENT.fields), "mine": None}


def with_mine(rows: list[Row], classroom: Classroom, student: Any, now: datetime) -> list[Row]:
    """Rows with what holds for `student`; None for staff.  Queries: 4, or 0 for staff."""
    if student is None:
        return [{**row, "mine": None} for row in rows]
    found = quizzes.assigned_among(classroom, student, [row["mine"] for row in rows], now)
    return [{**row, "mine": _mine(found[row["mine"]])} for row in rows if row["mine"] in found]


def _mine(assigned: AssignedQuiz) -> Row:
    window, running = assigned.window, assigned.running
    names = ("opens_at", "due_at", "closes_at", "time_limit_seconds", "attempt_limit")
    return {
        "state": assigned.state,
        **{name: getattr(window, name) for name in names},
        "attempts_left": assigned.attempts_left,
        "may_start": assigned.may_start,
        "open_attempt_id": running.public_id if running else None,
        "grade": assigned.grade,
    }


def _set_by(request: Request, key: str, assignment_id: UUID) -> tuple[Any, Assignment]:
    """Raises: NotFound for everybody but the class's instructors."""
    actor = person_of(request)
    classroom = selectors.classroom_run(actor, key)
    return actor, quizzes.assignment_in(classroom, assignment_id)


def _lock(row: Assignment) -> QuerySet[Assignment]:
    return Assignment.objects.filter(pk=row.pk)
