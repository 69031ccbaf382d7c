"""How a class does on what each lesson is to teach, objective by objective."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q
from django.db.models.fields.json import KeyTransform

from apps.classrooms.models import Classroom, Enrolment
from apps.content.models import Lesson
from apps.learning.mastery import ENOUGH, SHAKY
from apps.quizzes.enums import AttemptState
from apps.quizzes.models import Response

FEW_STUDENTS = 5
# With fewer the figure says more about the questions than about what they test.
FEW_QUESTIONS = 3
MOST_WEAK = 5
# Shares by question, of each student.
Answers = dict[int, dict[int, Decimal]]


@dataclass(frozen=True, slots=True)
class Standing:
    """Shares are means over students of each one's own share.

    questions: different ones that were answered.  begun: students who answered any of them.
    students: those who answered enough to be counted.  first, latest: of the first and of the
    latest answer to each question; None for nobody.
    """

    questions: int
    begun: int
    students: int
    first: Decimal | None
    latest: Decimal | None

    @property
    def is_small(self) -> bool:
        return self.students < FEW_STUDENTS or self.questions < FEW_QUESTIONS

    @property
    def is_shaky(self) -> bool:
        return not self.is_small and self.latest is not None and self.latest < SHAKY


NOBODY = Standing(0, 0, 0, None, None)


@dataclass(frozen=True, slots=True)
class AimStanding:
    """An objective as students read it, and how the class does on the questions that test it."""

    text: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class LessonStanding:
    """`whole`: of all the lesson's questions, those too that test no single objective."""

    lesson: Lesson
    whole: Standing
    aims: Sequence[AimStanding]


@dataclass(frozen=True, slots=True)
class ClassMastery:
    """Every published lesson of the course, in order."""

    lessons: Sequence[LessonStanding]

    @property
    def weakest(self) -> Sequence[tuple[Lesson, AimStanding]]:
        """At most five shaky objectives, the worst first."""
        shaky = [
            (aim.standing.latest or Decimal(0), row.lesson, aim)
            for row in self.lessons
            for aim in row.aims
            if aim.standing.is_shaky
        ]
        ranked = sorted(shaky, key=lambda each: each[0])
        return [(lesson, aim) for _latest, lesson, aim in ranked[:MOST_WEAK]]

    @property
    def answered(self) -> Sequence[LessonStanding]:
        return [row for row in self.lessons if row.whole.begun]

    @property
    def unanswered(self) -> Sequence[LessonStanding]:
        """Lessons of which nobody has answered a question yet."""
        return [row for row in self.lessons if not row.whole.begun]

    def __iter__(self) -> Iterator[LessonStanding]:
        return iter(self.lessons)


def class_mastery(classroom: Classroom) -> ClassMastery:
    """How the class does on every published lesson of its course.

    From what the class was given, practice of its students included; answers that wait for a
    person are not in it. For a lesson a student counts from ENOUGH different questions on; for
    one objective, which few questions test, from the first.  Queries: 2, whatever the class.
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
        .values_list(
            "question__lesson",
            "question__objectives",
            "attempt__student",
            "question",
            "ratio",
        )
    )
    # By lesson and objective; "" for the whole lesson.
    first: dict[tuple[int, str], Answers] = {}
    latest: dict[tuple[int, str], Answers] = {}
    for lesson, aims, student, question, earned in rows.iterator(chunk_size=2000):
        ratio = earned or Decimal(0)
        for aim in ("", *aims):
            key = lesson, aim
            first.setdefault(key, {}).setdefault(student, {}).setdefault(question, ratio)
            latest.setdefault(key, {}).setdefault(student, {})[question] = ratio

    def standing(key: tuple[int, str], least: int) -> Standing:
        begun = first.get(key, {})
        return Standing(
            questions=len({question for answers in begun.values() for question in answers}),
            begun=len(begun),
            students=len(_shares(begun, least)),
            first=_mean(_shares(begun, least)),
            latest=_mean(_shares(latest.get(key, {}), least)),
        )

    return ClassMastery(
        [
            LessonStanding(
                lesson=lesson,
                whole=standing((lesson.pk, ""), ENOUGH),
                aims=[
                    AimStanding(text, standing((lesson.pk, key), 1) if key else NOBODY)
                    for text, key in zip(aims, keys or [""] * len(aims), strict=True)
                ],
            )
            for lesson, aims, keys in _lessons(classroom)
        ]
    )


def _lessons(classroom: Classroom) -> Iterator[tuple[Lesson, list[str], list[str] | None]]:
    """Each with its objectives and their keys, as published."""
    document = "published_edition__document"
    lessons = (
        Lesson.objects.published()
        .filter(unit__course=classroom.course_id)
        .select_related("unit")
        .annotate(
            aims=KeyTransform("objectives", document),
            aim_keys=KeyTransform("objective_keys", document),
        )
        .order_by("unit__position", "unit", "position", "pk")
    )
    for lesson in lessons:
        yield lesson, lesson.aims, lesson.aim_keys


def _shares(by_student: Answers, least: int) -> Sequence[Decimal]:
    """The share of each student who answered enough questions to say something of them."""
    return [
        sum(answers.values(), Decimal(0)) / len(answers)
        for answers in by_student.values()
        if len(answers) >= least
    ]


def _mean(shares: Sequence[Decimal]) -> Decimal | None:
    return sum(shares, Decimal(0)) / len(shares) if shares else None
