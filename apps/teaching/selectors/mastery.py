"""How a class does on what each lesson is to teach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from apps.classrooms.models import Classroom, Enrolment
from apps.content.models import Lesson
from apps.learning.mastery import ENOUGH, SHAKY
from apps.quizzes.enums import AttemptState
from apps.quizzes.models import Response

FEW_STUDENTS = 5


@dataclass(frozen=True, slots=True)
class LessonMastery:
    """A lesson with its objectives. Shares are means over students of each one's own share.

    students: who answered ENOUGH different questions of the lesson or more.  begun: who answered
    any.  first, latest: of the first and of the latest answer to each question; None for nobody.
    """

    lesson: Lesson
    begun: int
    students: int
    first: Decimal | None
    latest: Decimal | None

    @property
    def is_small(self) -> bool:
        return self.students < FEW_STUDENTS

    @property
    def is_shaky(self) -> bool:
        return not self.is_small and self.latest is not None and self.latest < SHAKY


def class_mastery(classroom: Classroom) -> list[LessonMastery]:
    """Every published lesson of the course, in order.

    From what the class was given, practice of its students included; answers that wait for a
    person are not in it.  Queries: 2, whatever the class.
    """
    students = Enrolment.objects.students().filter(classroom=classroom).values("user")
    rows = (
        Response.objects.filter(
            Q(attempt__assignment__classroom=classroom) | Q(attempt__assignment__isnull=True),
            attempt__student__in=students,
            question__lesson__unit__course=classroom.course_id,
            ratio__isnull=False,
            is_void=False,
            needs_marking=False,
        )
        .exclude(attempt__state=AttemptState.OPEN)
        .order_by("attempt__started_at", "attempt", "position")
        .values_list("question__lesson", "attempt__student", "question", "ratio")
    )
    first: dict[int, dict[int, dict[int, Decimal]]] = {}
    latest: dict[int, dict[int, dict[int, Decimal]]] = {}
    for lesson, student, question, earned in rows.iterator(chunk_size=2000):
        ratio = earned or Decimal(0)
        first.setdefault(lesson, {}).setdefault(student, {}).setdefault(question, ratio)
        latest.setdefault(lesson, {}).setdefault(student, {})[question] = ratio
    lessons = (
        Lesson.objects.published()
        .filter(unit__course=classroom.course_id)
        .select_related("unit")
        .order_by("unit__position", "unit", "position", "pk")
    )
    return [
        LessonMastery(
            lesson=lesson,
            begun=len(first.get(lesson.pk, {})),
            students=len(_shares(first.get(lesson.pk, {}))),
            first=_mean(_shares(first.get(lesson.pk, {}))),
            latest=_mean(_shares(latest.get(lesson.pk, {}))),
        )
        for lesson in lessons
    ]


def _shares(by_student: dict[int, dict[int, Decimal]]) -> Sequence[Decimal]:
    """The share of each student who answered enough questions to say something of them."""
    return [
        sum(answers.values(), Decimal(0)) / len(answers)
        for answers in by_student.values()
        if len(answers) >= ENOUGH
    ]


def _mean(shares: Sequence[Decimal]) -> Decimal | None:
    return sum(shares, Decimal(0)) / len(shares) if shares else None
