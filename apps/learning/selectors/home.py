"""A student's home and their page for a course: at most ten queries each, whatever they do."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import F, Q, QuerySet

from apps.accounts.models import User
from apps.content.models import Course
from apps.debates.selectors import AgendaDebate
from apps.grades.enums import ItemKind
from apps.grades.models import CurrentGrade
from apps.learning.mastery import LessonMastery, Mastery, lesson_mastery, mastery_of
from apps.learning.selectors.duties import (
    SOON,
    Deadline,
    Taught,
    agendas_of,
    deadlines_owed,
    is_today,
    learning_of,
)
from apps.learning.selectors.progress import (
    CourseStanding,
    LessonStanding,
    course_followed,
    courses_followed,
    progress_of,
)
from apps.quizzes.enums import AttemptState
from apps.quizzes.models import Question, Response
from apps.quizzes.selectors import AgendaQuiz, questions_withheld_by, quizzes_agenda
from apps.review.selectors import cards_due_count

NEWS = timedelta(days=14)
_MOST_GRADES = 8
_MOST_SHAKY = 3
# (course, unit, lesson) by slugs, as the outline names it; the course by its primary key.
LessonKey = tuple[int, str, str]
# {lesson: {key of an objective, or "" for all of it: what the answers say}}
Found = dict[LessonKey, dict[str, Mastery]]


@dataclass(frozen=True, slots=True)
class ShakyLesson:
    course: CourseStanding
    lesson: LessonStanding
    mastery: LessonMastery


@dataclass(frozen=True, slots=True)
class Home:
    """Everything on a student's home.

    teaching: running classes that they teach, which have a home of their own.
    courses: the one last touched first.  following: what to go on with, of the first of them.
    today: due by this day's end, or late and still taken.  coming: later, within SOON.
    further: how many are due after that.  cards_due: review cards that come up today.
    """

    has_classes: bool
    teaching: Sequence[Taught]
    courses: Sequence[CourseStanding]
    today: Sequence[Deadline]
    coming: Sequence[Deadline]
    further: int
    undated: Sequence[Deadline]
    debates: Sequence[AgendaDebate]
    grades: Sequence[CurrentGrade]
    shaky: Sequence[ShakyLesson]
    cards_due: int

    @property
    def following(self) -> CourseStanding | None:
        return next((course for course in self.courses if course.next), None)


@dataclass(frozen=True, slots=True)
class CoursePage:
    """A course's outline with progress, and what the answers to each lesson's questions say."""

    course: CourseStanding
    mastery: dict[str, LessonMastery]  # by LessonStanding.key


def home_of(user: User, now: datetime) -> Home:
    """Queries: 8. The classes, the courses, progress, quizzes, debates, grades, answers, cards."""
    learning = learning_of(user)
    courses = progress_of(user, rows := courses_followed(user))
    quizzes, debates = agendas_of(user, learning, now)
    owed = deadlines_owed(learning, quizzes, debates, now)
    dated = [each for each in owed if each.at is not None]
    today = [each for each in dated if each.is_late or (each.at and is_today(each.at, now))]
    later = [each for each in dated if each not in today]
    coming = [each for each in later if each.at and each.at - now <= SOON]
    found = _mastery(user, rows, quizzes)
    return Home(
        has_classes=bool(learning.running),
        teaching=learning.teaching,
        courses=sorted(courses, key=_recency, reverse=True),
        today=today,
        coming=coming,
        further=len(later) - len(coming),
        undated=[each for each in owed if each.at is None],
        debates=[each for each in debates if each.is_owing],
        grades=_grades(user, learning.everything, now),
        shaky=_shaky(courses, found),
        cards_due=cards_due_count(user, now, without=_withheld(user, quizzes)),
    )


def course_page(user: User, slug: str, now: datetime) -> CoursePage:
    """Raises: NotFound.  Queries: 5. The course, progress, the classes, quizzes, answers."""
    row = course_followed(slug)
    (course,) = progress_of(user, [row])
    learning = learning_of(user)
    quizzes = quizzes_agenda(user, learning.everything, learning.granted, now)
    found = _mastery(user, [row], quizzes)
    told = {each.key: _of_lesson(course, each, found) for each in course.lessons}
    return CoursePage(course=course, mastery={key: each for key, each in told.items() if each})


def _recency(course: CourseStanding) -> tuple[bool, float, str]:
    touched = course.touched_at
    return touched is not None, touched.timestamp() if touched else 0.0, course.title


def _grades(user: User, classrooms: Collection[int], now: datetime) -> list[CurrentGrade]:
    """Released or changed of late, the newest first; totals only add up what stands here."""
    since = now - NEWS
    rows = (
        CurrentGrade.objects.filter(
            student=user,
            item__classroom__in=classrooms,
            item__released_at__lte=now,
            item__retired_at__isnull=True,
        )
        .filter(Q(item__released_at__gte=since) | Q(changed_at__gte=since))
        .filter(Q(points__isnull=False) | Q(is_excused=True))
        .exclude(item__kind__in=[ItemKind.TOTAL, ItemKind.CATEGORY])
        .select_related("item__classroom")
    )
    return list(rows.order_by("-changed_at", "-pk")[:_MOST_GRADES])


def _mastery(user: User, courses: Sequence[Course], quizzes: Sequence[AgendaQuiz]) -> Found:
    """From answers whose correctness the student has been shown, and from nothing else.

    Of a quiz that a class was given: as its own rules say. Of practice: unless a quiz of theirs,
    whose key they have not seen, asks or may draw the same question.  Queries: 1.
    """
    told = [each.assignment.pk for each in quizzes if each.shown.correctness]
    marked = [each.assignment.pk for each in quizzes if each.shown.correctness and each.shown.marks]
    practised = Q(attempt__assignment__isnull=True)
    withheld = _withheld(user, quizzes)
    if withheld is not None:
        practised &= ~Q(question__in=withheld)
    by_rule = Q(marked_at__isnull=True)
    rows = (
        Response.objects.filter(
            attempt__student=user,
            ratio__isnull=False,
            is_void=False,
            question__lesson__unit__course__in=[course.pk for course in courses],
        )
        .exclude(attempt__state=AttemptState.OPEN)
        .filter(
            practised
            | (Q(attempt__assignment__in=told) & by_rule)
            | Q(attempt__assignment__in=marked, attempt__state=AttemptState.GRADED)
        )
        .order_by("attempt__started_at", "attempt_id", "position")
        .values_list(
            "question__lesson__unit__course_id",
            "question__lesson__unit__slug",
            "question__lesson__slug",
            "question_id",
            "question__objectives",
            F("ratio"),
        )
    )
    found: Found = {}
    shares = mastery_of(
        (((course, unit, lesson), aim), question, Decimal(ratio))
        for course, unit, lesson, question, aims, ratio in rows
        for aim in ("", *aims)
    )
    for (lesson, aim), each in shares.items():
        found.setdefault(lesson, {})[aim] = each
    return found


def _withheld(user: User, quizzes: Sequence[AgendaQuiz]) -> QuerySet[Question] | None:
    """Questions of which nothing is told until quizzes of the student's classes show their key."""
    secret = [each.assignment for each in quizzes if not each.shown.key]
    return questions_withheld_by(user, secret) if secret else None


def _of_lesson(
    course: CourseStanding, lesson: LessonStanding, found: Found
) -> LessonMastery | None:
    answers = found.get((course.pk, lesson.unit_slug, lesson.slug), {})
    return lesson_mastery(lesson.objectives, lesson.objective_keys, answers)


def _shaky(courses: Sequence[CourseStanding], found: Found) -> list[ShakyLesson]:
    """Lessons of which all, or one objective, went badly in enough questions; the worst first."""
    rows = [
        (weakest, ShakyLesson(course, lesson, told))
        for course in courses
        for lesson in course.lessons
        if (told := _of_lesson(course, lesson, found)) and (weakest := told.weakest) is not None
    ]
    return [row for _weakest, row in sorted(rows, key=lambda pair: pair[0])[:_MOST_SHAKY]]
