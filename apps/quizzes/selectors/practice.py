"""Quizzes that anybody signed in may practise, and what a running quiz of a class withholds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import (
    Count,
    Exists,
    F,
    Manager,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Concat, Length, Replace, StrIndex
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.classrooms.models import Enrolment
from apps.content.models import Course
from apps.core.errors import NotFound
from apps.quizzes.enums import AttemptState, QuizKind
from apps.quizzes.models import Assignment, Attempt, Question, Quiz, QuizItem, Response
from apps.quizzes.selectors.assigned import disclosed_of
from apps.quizzes.selectors.attempts import closings_of
from apps.quizzes.selectors.bank import draw_candidates

_HEAVY = ("outline", "loaded_manifest")


@dataclass(frozen=True, slots=True)
class Practice:
    """A quiz to practise, with one's own attempts at it, the newest first."""

    quiz: Quiz
    running: Attempt | None
    finished: Sequence[Attempt]
    # Attempts that asked what a class withholds, by primary key: their points would tell of it.
    silent: Collection[int] = ()

    @property
    def results(self) -> list[tuple[Attempt, Decimal | None]]:
        """Finished attempts, each with its points; None where they are not shown or not known."""
        return [
            (attempt, None if attempt.pk in self.silent else attempt.points)
            for attempt in self.finished
        ]

    @property
    def best_percent(self) -> int | None:
        """Of finished attempts whose points may be seen; None without any."""
        shares = [
            points / attempt.max_points
            for attempt, points in self.results
            if points is not None and attempt.max_points
        ]
        return int(max(shares) * 100) if shares else None


@dataclass(frozen=True, slots=True)
class Practices:
    """A course's quizzes in the order of its units and lessons."""

    course: Course
    check_ups: Sequence[Practice]
    units: Sequence[Practice]
    others: Sequence[Practice]


def practice_course(slug: str) -> Course:
    """A course that can be read.  Raises: NotFound.  Queries: 1."""
    course: Course | None = (
        Course.objects.with_published_lessons().filter(slug=slug).defer(*_HEAVY).first()
    )
    if course is None:
        raise NotFound(_("There is no such course."))
    return course


def practices_of(course: Course, student: User, now: datetime) -> Practices:
    """Queries: 2, those of `questions_withheld`, and 1 where something is withheld."""
    quizzes = list(
        Quiz.objects.filter(course=course, is_practice=True)
        .select_related("lesson__unit", "unit")
        .order_by("lesson__unit__position", "lesson__position", "unit__position", "position", "pk")
    )
    all_of_them = _with_attempts(quizzes, student, questions_withheld(student, course, now))
    return Practices(
        course=course,
        check_ups=[each for each in all_of_them if each.quiz.kind == QuizKind.CHECK_UP],
        units=[each for each in all_of_them if each.quiz.kind == QuizKind.UNIT],
        others=[
            each for each in all_of_them if each.quiz.kind not in {QuizKind.CHECK_UP, QuizKind.UNIT}
        ],
    )


def practice_of(course_slug: str, slug: str, student: User, now: datetime) -> Practice:
    """Raises: NotFound, also for a quiz that is not open for practice.

    Queries: 3, those of `questions_withheld`, and 1 where something is withheld.
    """
    course = practice_course(course_slug)
    quiz = (
        Quiz.objects.filter(course=course, slug=slug, is_practice=True)
        .select_related("lesson__unit")
        .first()
    )
    if quiz is None:
        raise NotFound(_("There is no such quiz."))
    quiz.course = course
    return _with_attempts([quiz], student, questions_withheld(student, course, now))[0]


def check_up_of(course_slug: str, unit_slug: str, slug: str) -> Quiz | None:
    """The check-up of a lesson, if it has one that may be practised.  Queries: 1."""
    quiz: Quiz | None = Quiz.objects.filter(
        course__slug=course_slug,
        lesson__unit__slug=unit_slug,
        lesson__slug=slug,
        kind=QuizKind.CHECK_UP,
        is_practice=True,
    ).first()
    return quiz


def questions_withheld(student: User, course: Course, now: datetime) -> frozenset[int]:
    """Questions whose key a quiz of the student's own classes does not show them yet.

    Practice tells nothing about these: it would give away what the class is asked. Those are the
    questions that a quiz names or may draw, until its key has been shown to this student.
    Queries: 1; where a quiz of the course is set at present, 6.
    """
    classes = Enrolment.objects.students().filter(user=student).values("classroom")
    assignments = list(
        Assignment.objects.filter(
            classroom__in=classes, quiz__course=course, published_at__isnull=False
        ).select_related("grade_item")
    )
    if not assignments:
        return frozenset()
    mine: dict[int | None, list[Attempt]] = {row.pk: [] for row in assignments}
    for attempt in Attempt.objects.filter(student=student, assignment__in=mine):
        mine[attempt.assignment_id].append(attempt)
    closings = closings_of(assignments)
    hidden = [
        row for row in assignments if not _is_key_shown(row, mine[row.pk], closings[row.pk], now)
    ]
    items = list(QuizItem.objects.filter(quiz__in={row.quiz_id for row in hidden}))
    named = {item.question_id for item in items if item.question_id}
    drawn = {pk for pks in draw_candidates(items, course).values() for pk in pks}
    asked = Response.objects.filter(
        attempt__student=student, attempt__assignment__in=[row.pk for row in hidden]
    ).values_list("question_id", flat=True)
    return frozenset(named | drawn | set(asked))


def questions_withheld_by(student: User, assignments: Collection[Assignment]) -> QuerySet[Question]:
    """Those of `questions_withheld`, for a query that has no other one to spare.

    assignments: of the student's classes, whose key they have not been shown.  Queries: 0.
    """
    items = QuizItem.objects.filter(quiz__in={row.quiz_id for row in assignments})
    # A draw takes a question that carries all its tags. Its list of names is looked at as text,
    # `["cold-war", "actors"]`, which both databases write alike; a tag holds no quotation mark.
    quote = Value('"')
    through: Manager[Any] = Question.tags.through.objects
    carried = (
        through.filter(question=OuterRef(OuterRef("pk")))
        .annotate(place=StrIndex(OuterRef("said"), Concat(quote, F("tag__name"), quote)))
        .filter(place__gt=0)
        .order_by()
        .values("question")
        .annotate(count=Count("pk"))
        .values("count")
    )
    draws = (
        items.filter(
            Q(draw_unit__isnull=True) | Q(draw_unit=OuterRef("lesson__unit")),
            Q(draw_difficulty="") | Q(draw_difficulty=OuterRef("difficulty")),
            question__isnull=True,
            quiz__course=OuterRef("course"),
        )
        .annotate(said=Cast("draw_tags", TextField()))
        .annotate(
            asked=(Length("said") - Length(Replace("said", quote, Value("")))) / 2,
            carried=Coalesce(Subquery(carried), 0),
        )
        .filter(asked=F("carried"))
    )
    given = Response.objects.filter(
        attempt__student=student,
        attempt__assignment__in=[row.pk for row in assignments],
        question=OuterRef("pk"),
    )
    return Question.objects.filter(
        Exists(items.filter(question=OuterRef("pk")))
        | (Q(retired_at__isnull=True) & Exists(draws))
        | Exists(given)
    )


def is_withheld(quiz: Quiz, student: User, now: datetime) -> bool:
    """Whether a quiz names a question that is withheld; or draws, where any may be.

    Queries: those of `questions_withheld`, and 1 or 2.
    """
    withheld = questions_withheld(student, quiz.course, now)
    if not withheld:
        return False
    items = list(quiz.items.all())
    if withheld & {item.question_id for item in items}:
        return True
    drawn = {pk for pks in draw_candidates(items, quiz.course).values() for pk in pks}
    return bool(drawn) and drawn <= withheld


def _is_key_shown(
    assignment: Assignment, attempts: Sequence[Attempt], closed_at: datetime | None, now: datetime
) -> bool:
    return any(
        disclosed_of(assignment, attempt, closed_at=closed_at, now=now).key for attempt in attempts
    )


def _with_attempts(
    quizzes: Sequence[Quiz], student: User, withheld: Collection[int]
) -> list[Practice]:
    attempts: dict[int, list[Attempt]] = {quiz.pk: [] for quiz in quizzes}
    rows = Attempt.objects.filter(quiz__in=attempts, student=student, assignment__isnull=True)
    for attempt in rows.order_by("-number"):
        attempts[attempt.quiz_id].append(attempt)
    silent: Collection[int] = ()
    if withheld:
        told = Response.objects.filter(
            attempt__student=student, attempt__quiz__in=attempts, question__in=withheld
        )
        silent = frozenset(told.values_list("attempt_id", flat=True))
    return [
        Practice(
            quiz=quiz,
            running=next((row for row in attempts[quiz.pk] if _is_open(row)), None),
            finished=[row for row in attempts[quiz.pk] if not _is_open(row)],
            silent=silent,
        )
        for quiz in quizzes
    ]


def _is_open(attempt: Attempt) -> bool:
    return attempt.state == AttemptState.OPEN
