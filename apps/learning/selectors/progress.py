"""How far one person has come, lesson by lesson."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.classrooms.models import Enrolment
from apps.content.document import RIGHT_TO_LEFT
from apps.content.models import Course, Lesson
from apps.content.outline import OutlineLesson, OutlineSection
from apps.core.errors import NotFound
from apps.learning import reading
from apps.learning.enums import LessonState
from apps.learning.models import LessonProgress
from apps.quizzes.enums import AttemptState, QuizKind
from apps.quizzes.models import Attempt, Quiz


@dataclass(frozen=True, slots=True)
class LessonStanding:
    """A published lesson, and how far its reader has come in it.

    objective_keys: of each objective, "" for none; empty where none has one.
    resume: the section where they stopped; None for nowhere, or one that is no more.
    touched_at: when anything was last recorded of it; None: never.
    """

    unit_slug: str
    slug: str
    title: str
    minutes: int
    objectives: Sequence[str]
    objective_keys: Sequence[str]
    sections: Sequence[OutlineSection]
    seen: frozenset[str] = frozenset()
    state: LessonState = LessonState.UNREAD
    resume: OutlineSection | None = None
    resume_at: datetime | None = None
    touched_at: datetime | None = None
    is_declared: bool = False
    is_retracted: bool = False
    has_check_up: bool = False
    is_tried: bool = False

    @property
    def key(self) -> str:
        """As the outline's addresses name it: unit/lesson."""
        return f"{self.unit_slug}/{self.slug}"

    @property
    def is_read(self) -> bool:
        return self.state == LessonState.READ

    @property
    def is_begun(self) -> bool:
        return self.state == LessonState.BEGUN

    @property
    def seen_count(self) -> int:
        return sum(section["id"] in self.seen for section in self.sections)

    @property
    def is_check_up_due(self) -> bool:
        """Only the check-up is lacking."""
        return (
            self.is_begun
            and self.has_check_up
            and not self.is_tried
            and self.seen_count == len(self.sections)
        )


@dataclass(frozen=True, slots=True)
class UnitStanding:
    slug: str
    title: str
    lessons: Sequence[LessonStanding]

    @property
    def read_count(self) -> int:
        return sum(lesson.is_read for lesson in self.lessons)


@dataclass(frozen=True, slots=True)
class CourseStanding:
    """A course and how much of it one person has read."""

    pk: int
    slug: str
    title: str
    language: str
    units: Sequence[UnitStanding] = field(repr=False)

    @property
    def direction(self) -> str:
        return "rtl" if self.language.split("-")[0] in RIGHT_TO_LEFT else "ltr"

    @property
    def lessons(self) -> list[LessonStanding]:
        return [lesson for unit in self.units for lesson in unit.lessons]

    @property
    def read_count(self) -> int:
        return sum(unit.read_count for unit in self.units)

    @property
    def percent(self) -> int:
        return 100 * self.read_count // max(1, len(self.lessons))

    @property
    def touched_at(self) -> datetime | None:
        return max((row.touched_at for row in self.lessons if row.touched_at), default=None)

    @property
    def next(self) -> LessonStanding | None:
        """Where to go on: the lesson last touched, or the next unread one. None: all is read."""
        lessons = self.lessons
        touched = [(row.touched_at, place) for place, row in enumerate(lessons) if row.touched_at]
        last = max(touched)[1] if touched else 0
        return next((row for row in [*lessons[last:], *lessons[:last]] if not row.is_read), None)


_HEAVY = ("loaded_manifest",)


def courses_followed(user: User) -> list[Course]:
    """Courses of the classes that `user` learns in, and those they have opened.  Queries: 1."""
    learning = Enrolment.objects.students().filter(user=user)
    opened = LessonProgress.objects.filter(reader=user, lesson__unit__course=OuterRef("pk"))
    rows = Course.objects.filter(Q(pk__in=learning.values("classroom__course")) | Exists(opened))
    return [course for course in rows.defer(*_HEAVY).order_by("title") if _units(course)]


def course_followed(slug: str) -> Course:
    """A course that can be read, by whoever asks.  Raises: NotFound.  Queries: 1."""
    course: Course | None = Course.objects.filter(slug=slug).defer(*_HEAVY).first()
    if course is None or not _units(course):
        raise NotFound(_("There is no such course."))
    return course


def progress_of(user: User, courses: Sequence[Course] | None = None) -> list[CourseStanding]:
    """Where `user` stands in each course: what the rule says now, whoever has looked since.

    courses: with their outline; None: those that they follow.  Queries: 1, and 1 without courses.
    """
    shown = courses_followed(user) if courses is None else courses
    rows = _rows(user).filter(lesson__unit__course__in=[course.pk for course in shown])
    kept = {
        (row["lesson__unit__course_id"], row["lesson__unit__slug"], row["lesson__slug"]): row
        for row in rows
    }
    return [
        CourseStanding(
            pk=course.pk,
            slug=course.slug,
            title=course.title,
            language=course.language,
            units=[
                UnitStanding(
                    slug=unit["slug"],
                    title=unit["title"],
                    lessons=[
                        _standing(
                            unit["slug"],
                            lesson,
                            kept.get((course.pk, unit["slug"], lesson["slug"])),
                        )
                        for lesson in unit["lessons"]
                    ],
                )
                for unit in _units(course)
            ],
        )
        for course in shown
    ]


def lesson_published(course_slug: str, unit_slug: str, slug: str) -> Lesson:
    """A lesson that can be read, with its course.  Raises: NotFound.  Queries: 1."""
    lesson = (
        Lesson.objects.published()
        .filter(unit__course__slug=course_slug, unit__slug=unit_slug, slug=slug)
        .select_related("unit__course")
        .defer(*(f"unit__course__{name}" for name in _HEAVY))
        .first()
    )
    if lesson is None:
        raise NotFound(_("There is no such lesson."))
    return lesson


def check_ups_tried(reader_id: int, lessons: Iterable[int]) -> dict[int, datetime | None]:
    """{lesson: when the reader last handed in its check-up, or None}, of those that have one.

    Queries: 1.
    """
    mine = Q(attempts__student=reader_id) & ~Q(attempts__state=AttemptState.OPEN)
    rows = _check_ups().filter(lesson__in=lessons)
    return dict(
        rows.annotate(tried_at=Max("attempts__submitted_at", filter=mine)).values_list(
            "lesson_id", "tried_at"
        )
    )


def sections_of(outline: dict[str, Any]) -> dict[tuple[str, str], list[str]]:
    """{(unit, lesson): anchors} of everything published, from a course's outline."""
    return {
        (unit["slug"], lesson["slug"]): [section["id"] for section in lesson["sections"]]
        for unit in outline.get("units", [])
        for lesson in unit["lessons"]
    }


def _check_ups() -> QuerySet[Quiz]:
    return Quiz.objects.filter(kind=QuizKind.CHECK_UP, is_practice=True, lesson__isnull=False)


def _units(course: Course) -> list[Any]:
    return course.outline.get("units", [])


def _rows(user: User) -> QuerySet[Any, Any]:
    tried = (
        Attempt.objects.filter(
            student=user, quiz__lesson=OuterRef("lesson"), quiz__kind=QuizKind.CHECK_UP
        )
        .exclude(state=AttemptState.OPEN)
        .order_by("-submitted_at")
    )
    return (
        LessonProgress.objects.filter(reader=user)
        .annotate(
            has_check_up=Exists(_check_ups().filter(lesson=OuterRef("lesson"))),
            tried_at=Subquery(tried.values("submitted_at")[:1]),
        )
        .values(
            "lesson__unit__course_id",
            "lesson__unit__slug",
            "lesson__slug",
            "seen",
            "resume_anchor",
            "resume_at",
            "updated_at",
            "read_at",
            "declared_at",
            "retracted_at",
            "has_check_up",
            "tried_at",
        )
    )


def _standing(unit_slug: str, lesson: OutlineLesson, row: dict[str, Any] | None) -> LessonStanding:
    place: dict[str, Any] = {
        "unit_slug": unit_slug,
        "slug": lesson["slug"],
        "title": lesson["title"],
        "minutes": lesson["minutes"],
        "objectives": lesson["objectives"],
        "objective_keys": lesson.get("objective_keys", ()),
        "sections": lesson["sections"],
    }
    if row is None:
        return LessonStanding(**place)
    seen = frozenset(row["seen"])
    retracted_at, tried_at = row["retracted_at"], row["tried_at"]
    is_read = row["read_at"] is not None or reading.is_read(
        seen=seen,
        sections=[section["id"] for section in lesson["sections"]],
        has_check_up=row["has_check_up"],
        tried_at=tried_at,
        retracted_at=retracted_at,
    )
    is_begun = bool(seen or row["resume_anchor"])
    begun = LessonState.BEGUN if is_begun else LessonState.UNREAD
    return LessonStanding(
        **place,
        seen=seen,
        state=LessonState.READ if is_read else begun,
        resume=next(
            (each for each in lesson["sections"] if each["id"] == row["resume_anchor"]), None
        ),
        resume_at=row["resume_at"],
        touched_at=row["updated_at"],
        is_declared=row["declared_at"] is not None,
        is_retracted=retracted_at is not None and not is_read,
        has_check_up=row["has_check_up"],
        is_tried=tried_at is not None and (retracted_at is None or tried_at > retracted_at),
    )
