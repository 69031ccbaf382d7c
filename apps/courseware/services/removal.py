"""What a load takes away: objects that left the files and that nobody edited on the site."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from apps.accounts.models import User
from apps.content import models, services
from apps.content import selectors as content
from apps.courseware.plan import Action
from apps.debates import services as debates
from apps.debates.errors import DebateInUse
from apps.debates.models import Debate
from apps.quizzes import services as quizzes
from apps.quizzes.errors import InUse
from apps.quizzes.models import Question, Quiz, QuizItem

# Whatever names others goes before them. "course" and "order" are never removed.
_KINDS = (
    "debate",
    "quiz",
    "question",
    "lesson",
    "unit",
    "event",
    "place",
    "actor",
    "term",
    "figure",
    "paragraph",
    "reference",
)


def remove(
    course: models.Course,
    plan: Mapping[str, Action],
    *,
    editor: User | None,
    now: datetime,
) -> dict[str, Action]:
    """Remove what `plan` says, and say what became of it instead where it could not go.

    A lesson that was ever published is withdrawn, so that its editions and whatever students
    keep about it live on; deleting it is for the admin. A question that students were asked, or
    that a quiz made on the site names, is retired. What something on the site still uses stays.
    Returns: {key: action} of those, to be laid over the plan.
    """
    outcome: dict[str, Action] = {}
    for kind in _KINDS:
        for key, action in plan.items():
            if action is Action.REMOVED and key.startswith(f"{kind}:"):
                name = key.partition(":")[2]
                done = _REMOVERS[kind](course, name, {"editor": editor, "now": now})
                if done is not Action.REMOVED:
                    outcome[key] = done
    return outcome


def _debate(course: models.Course, name: str, common: dict[str, Any]) -> Action:
    try:
        debate = Debate.objects.get(course=course, school=None, slug=name)
        debates.debate_delete(debate=debate, **common)
    except DebateInUse:
        return Action.STILL_USED
    return Action.REMOVED


def _quiz(course: models.Course, name: str, common: dict[str, Any]) -> Action:
    try:
        quizzes.quiz_delete(quiz=Quiz.objects.get(course=course, slug=name), **common)
    except InUse:
        return Action.STILL_USED
    return Action.REMOVED


def _question(course: models.Course, name: str, common: dict[str, Any]) -> Action:
    question = Question.objects.get(course=course, slug=name)
    try:
        quizzes.question_delete(question=question, **common)
    except InUse:
        quizzes.question_retire(question=question, **common)
        return Action.RETIRED
    return Action.REMOVED


def _lesson(course: models.Course, name: str, common: dict[str, Any]) -> Action:
    unit, slug = name.split("/")
    lesson = models.Lesson.objects.select_related("unit__course").get(
        unit__course=course, unit__slug=unit, slug=slug
    )
    if lesson.editions.exists():
        services.lesson_withdraw(lesson=lesson, **common)
        return Action.WITHDRAWN
    services.lesson_delete(lesson=lesson, **common)
    return Action.REMOVED


def _unit(course: models.Course, name: str, common: dict[str, Any]) -> Action:
    unit = course.units.get(slug=name)
    if unit.lessons.exists() or QuizItem.objects.filter(draw_unit=unit).exists():
        return Action.STILL_USED
    services.unit_delete(unit=unit, **common)
    return Action.REMOVED


def _paragraph(course: models.Course, name: str, common: dict[str, Any]) -> Action:
    row = models.SourceParagraph.objects.get(article__course=course, number=name)
    return _unless_used(row, partial(services.paragraph_delete, paragraph=row, **common))


def _figure(course: models.Course, name: str, common: dict[str, Any]) -> Action:
    row = course.figures.get(file=name)
    return _unless_used(row, partial(services.figure_delete, figure=row, **common))


def _reference(course: models.Course, name: str, common: dict[str, Any]) -> Action:
    row = course.references.get(key=name)
    return _unless_used(row, partial(services.reference_delete, reference=row, **common))


def _noun(model: Any, course: models.Course, name: str, common: dict[str, Any]) -> Action:
    row = model.objects.select_related("course").get(course=course, slug=name)
    return _unless_used(row, partial(services.noun_delete, noun=row, **common))


def _unless_used(row: Any, delete: Callable[[], None]) -> Action:
    if content.where_used(row):
        return Action.STILL_USED
    delete()
    return Action.REMOVED


_REMOVERS: dict[str, Callable[[models.Course, str, dict[str, Any]], Action]] = {
    "debate": _debate,
    "quiz": _quiz,
    "question": _question,
    "lesson": _lesson,
    "unit": _unit,
    "event": partial(_noun, models.TimelineEvent),
    "place": partial(_noun, models.Place),
    "actor": partial(_noun, models.Actor),
    "term": partial(_noun, models.GlossaryTerm),
    "figure": _figure,
    "paragraph": _paragraph,
    "reference": _reference,
}
