"""Readers' reports and check-ups handed in, through the services that the product uses."""

from datetime import datetime
from typing import Any

from apps.accounts.models import User
from apps.content.models import Course, Lesson
from apps.learning import services
from apps.learning.enums import LessonState
from apps.learning.reading import Place, Report
from apps.quizzes import services as quizzes
from apps.quizzes.enums import QuizKind
from apps.quizzes.models import Attempt, Question, Quiz
from tests.content.factories import lesson_publish, section
from tests.factories import NOW
from tests.quizzes.factories import question_create, quiz_create, right_saves

ANCHORS = ("one", "two", "three")


def lesson_create(course: Course, slug: str = "invitation", **fields: Any) -> Lesson:
    """A published lesson of the sections ANCHORS."""
    sections = [section(anchor) for anchor in ANCHORS]
    return lesson_publish(course, *sections, slug=slug, **fields)


def place_of(lesson: Lesson) -> Place:
    return Place(lesson.unit.course.slug, lesson.unit.slug, lesson.slug)


def see(
    reader: User,
    lesson: Lesson,
    *anchors: str,
    resume: str = "",
    at: datetime | None = None,
    now: datetime = NOW,
) -> LessonState | None:
    report = Report(place_of(lesson), frozenset(anchors), resume, at or (now if resume else None))
    states = services.progress_record(reader=reader, reports=[report], now=now)
    return states.get(report.place)


def check_up_create(lesson: Lesson, *questions: Question) -> Quiz:
    asked = questions or (question_create(lesson.unit.course),)
    place = f"{lesson.unit.slug}/{lesson.slug}"
    return quiz_create(lesson.unit.course, *asked, kind=QuizKind.CHECK_UP, lesson=place)


def practise(student: User, quiz: Quiz, *, now: datetime = NOW, right: bool = True) -> Attempt:
    """An attempt for practice, handed in."""
    attempt = quizzes.practice_start(quiz=quiz, student=student, now=now)
    saves = right_saves(attempt) if right else {}
    quizzes.attempt_submit(attempt_id=attempt.public_id, student=student, saves=saves, now=now)
    attempt.refresh_from_db()
    return attempt
