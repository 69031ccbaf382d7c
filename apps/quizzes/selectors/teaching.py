"""The quizzes of a class as its staff see them: who has begun, what waits, what was objected to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from django.db.models import Avg, Case, Count, Q, QuerySet, When
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.classrooms.models import Classroom, Enrolment
from apps.classrooms.selectors import students_of
from apps.content.models import Course
from apps.core.errors import NotFound
from apps.grades.models import CurrentGrade
from apps.quizzes.enums import AttemptState, ContestState, CorrectionScope
from apps.quizzes.models import (
    Assignment,
    Attempt,
    Contest,
    Question,
    QuestionVersion,
    Quiz,
    Response,
)

GivenState = Literal["draft", "planned", "open", "closed"]
_SUBMITTED = ~Q(state=AttemptState.OPEN)


@dataclass(frozen=True, slots=True)
class GivenQuiz:
    """An assignment with what has become of it.

    begun, handed_in: students.  waiting: answers to be marked.  objections: undecided ones.
    """

    assignment: Assignment
    state: GivenState
    begun: int
    handed_in: int
    waiting: int
    objections: int


@dataclass(frozen=True, slots=True)
class StudentLine:
    """One student of the class. attempts: oldest first.  grade: None for none yet."""

    enrolment: Enrolment
    attempts: Sequence[Attempt]
    grade: Decimal | None


@dataclass(frozen=True, slots=True)
class ItemLine:
    """A question that the class was asked. percent: mean of what its answers earned, or None."""

    question: Question
    stem: str  # sanitised HTML
    asked: int
    waiting: int
    percent: int | None


def quizzes_to_give(classroom: Classroom) -> QuerySet[Quiz]:
    """The quizzes of the class's course, in its order."""
    return Quiz.objects.filter(course=classroom.course_id).order_by("position", "pk")


def given_quizzes(classroom: Classroom, now: datetime) -> list[GivenQuiz]:
    """Every quiz of the class, those not yet published included.  Queries: 4."""
    rows = list(_assignments(classroom))
    for row in rows:
        row.classroom = classroom
    return _given(rows, now)


def given_quiz(classroom: Classroom, public_id: UUID, now: datetime) -> GivenQuiz:
    """Raises: NotFound.  Queries: 4."""
    return _given([assignment_in(classroom, public_id)], now)[0]


def assignment_in(classroom: Classroom, public_id: UUID) -> Assignment:
    """Raises: NotFound.  Queries: 1."""
    row: Assignment | None = _assignments(classroom).filter(public_id=public_id).first()
    if row is None:
        raise NotFound(_("There is no such quiz in your class."))
    row.classroom = classroom
    return row


def student_lines(assignment: Assignment) -> list[StudentLine]:
    """Every student of the class, by name.  Queries: 3."""
    attempts: dict[int, list[Attempt]] = {}
    for attempt in assignment.attempts.order_by("number"):
        attempts.setdefault(attempt.student_id, []).append(attempt)
    grades: Mapping[int, Decimal | None] = dict(
        CurrentGrade.objects.filter(item=assignment.grade_item_id).values_list(
            "student_id", "points"
        )
    )
    return [
        StudentLine(row, attempts.get(row.user_id, []), grades.get(row.user_id))
        for row in students_of(assignment.classroom)
    ]


def item_lines(assignment: Assignment) -> list[ItemLine]:
    """Every question of the attempts handed in, in the order of the bank.  Queries: 2."""
    counts: dict[int, Any] = {
        row["question"]: row
        for row in Response.objects.filter(attempt__assignment=assignment)
        .exclude(attempt__state=AttemptState.OPEN)
        .values("question")
        .annotate(
            asked=Count("pk"),
            waiting=Count("pk", filter=Q(needs_marking=True)),
            ratio=Avg("ratio", filter=Q(needs_marking=False, is_void=False)),
        )
    }
    questions = Question.objects.filter(pk__in=counts).select_related("current_version")
    return [
        ItemLine(
            question=question,
            stem=question.current_version.html["stem"],
            asked=counts[question.pk]["asked"],
            waiting=counts[question.pk]["waiting"],
            percent=_percent(counts[question.pk]["ratio"]),
        )
        for question in questions.order_by("position", "pk")
    ]


def question_asked_in(assignment: Assignment, public_id: UUID) -> Question:
    """A question that the class was asked.  Raises: NotFound.  Queries: 1."""
    asked = Response.objects.filter(attempt__assignment=assignment).values("question")
    question: Question | None = (
        Question.objects.filter(public_id=public_id, pk__in=asked)
        .select_related("current_version", "course__school")
        .defer("course__outline", "course__loaded_manifest")
        .first()
    )
    if question is None:
        raise NotFound(_("This quiz has not asked such a question."))
    return question


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose grades a correction may change. `scopes` are those that differ from one another."""

    assignments: dict[CorrectionScope, list[Assignment | None]]
    classes: dict[CorrectionScope, int]  # how many classes were asked the question there

    @property
    def scopes(self) -> list[CorrectionScope]:
        return list(self.assignments)


def correction_reach(question: Question, assignment: Assignment, instructor: User) -> Reach:
    """Where `instructor` may correct a question that their class was asked.  Queries: 2 or 3.

    A course that belongs to no school is taught by several: none of them changes the grades of
    another, so "every class" is offered only where one school owns the course.
    """
    asked = Attempt.objects.filter(responses__question=question, assignment__isnull=False)
    given = Assignment.objects.filter(pk__in=asked.values("assignment"))
    running = Classroom.objects.taught_by(instructor).filter(archived_at__isnull=True)
    mine = given.filter(Q(classroom__in=running) | Q(pk=assignment.pk))
    assignments: dict[CorrectionScope, list[Assignment | None]] = {
        CorrectionScope.CLASS: [assignment]
    }
    classes = {CorrectionScope.CLASS: 1}
    rows = list(mine.order_by("pk").select_related("classroom"))
    if len(rows) > 1:
        assignments[CorrectionScope.MINE] = list(rows)
        classes[CorrectionScope.MINE] = len({row.classroom_id for row in rows})
    course = question.course
    if course.school_id and Course.objects.editable_by(instructor).filter(pk=course.pk).exists():
        everywhere = given.aggregate(count=Count("classroom", distinct=True))["count"]
        if everywhere > classes.get(CorrectionScope.MINE, 1):
            assignments[CorrectionScope.COURSE] = [None]
            classes[CorrectionScope.COURSE] = everywhere
    return Reach(assignments, classes)


def versions_asked(question: Question) -> QuerySet[QuestionVersion]:
    """Its versions, the newest first, each with `asked`, how often in assignments that were handed
    in, and `facility`, the mean share of its points that was earned there.  Queries: 1.
    """
    counted = Q(responses__attempt__assignment__isnull=False, responses__needs_marking=False) & ~Q(
        responses__attempt__state=AttemptState.OPEN
    )
    return question.versions.annotate(
        asked=Count("responses", filter=counted),
        facility=Avg("responses__ratio", filter=counted),
    ).order_by("-number")


def objections_in(classroom: Classroom) -> QuerySet[Contest]:
    """Every objection of the class, undecided ones first, then the newest.  Queries: 1."""
    return (
        Contest.objects.filter(response__attempt__assignment__classroom=classroom)
        .select_related(
            "response__attempt__assignment__classroom__school",
            "response__attempt__student",
            "response__question__current_version",
            "response__question__course__school",
            "paragraph",
            "reference",
        )
        .defer(
            "response__question__course__outline",
            "response__question__course__loaded_manifest",
        )
        .order_by(Case(When(state=ContestState.OPEN, then=0), default=1), "-pk")
    )


def objection_in(classroom: Classroom, public_id: UUID) -> Contest:
    """Raises: NotFound.  Queries: 1."""
    contest: Contest | None = objections_in(classroom).filter(public_id=public_id).first()
    if contest is None:
        raise NotFound(_("There is no such objection."))
    return contest


def _assignments(classroom: Classroom) -> QuerySet[Assignment]:
    return (
        Assignment.objects.filter(classroom=classroom)
        .select_related("quiz", "grade_item")
        .order_by("due_at", "id")
    )


def _given(assignments: Sequence[Assignment], now: datetime) -> list[GivenQuiz]:
    pks = [row.pk for row in assignments]
    students: dict[int, tuple[int, int]] = {
        pk: (begun, handed_in)
        for pk, begun, handed_in in Attempt.objects.filter(assignment__in=pks)
        .values("assignment")
        .annotate(
            begun=Count("student", distinct=True),
            handed_in=Count("student", distinct=True, filter=_SUBMITTED),
        )
        .values_list("assignment", "begun", "handed_in")
    }
    waiting: dict[int, int] = dict(
        Response.objects.filter(attempt__assignment__in=pks, needs_marking=True)
        .exclude(attempt__state=AttemptState.OPEN)
        .values("attempt__assignment")
        .annotate(count=Count("pk"))
        .values_list("attempt__assignment", "count")
    )
    objections: dict[int, int] = dict(
        Contest.objects.filter(response__attempt__assignment__in=pks, state=ContestState.OPEN)
        .values("response__attempt__assignment")
        .annotate(count=Count("pk"))
        .values_list("response__attempt__assignment", "count")
    )
    return [
        GivenQuiz(
            row,
            _state(row, now),
            *students.get(row.pk, (0, 0)),
            waiting.get(row.pk, 0),
            objections.get(row.pk, 0),
        )
        for row in assignments
    ]


def _state(assignment: Assignment, now: datetime) -> GivenState:
    if assignment.published_at is None:
        return "draft"
    if assignment.opens_at is not None and now < assignment.opens_at:
        return "planned"
    if assignment.closes_at is not None and now >= assignment.closes_at:
        return "closed"
    return "open"


def _percent(ratio: Decimal | None) -> int | None:
    return None if ratio is None else round(ratio * 100)
