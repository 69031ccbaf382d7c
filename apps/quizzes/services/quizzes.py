"""Writing quizzes: which questions, in what order."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.utils.translation import gettext as _

from apps.content.markdown import render_markdown
from apps.content.models import Course, Lesson, Unit
from apps.quizzes import selectors
from apps.quizzes.checks import SLUG
from apps.quizzes.drafts import Fault, QuizDraft
from apps.quizzes.enums import Difficulty, Layout, QuizKind
from apps.quizzes.errors import EditConflict, InUse, InvalidDraft
from apps.quizzes.models import Question, Quiz, QuizItem
from apps.quizzes.services.bank import event_of

if TYPE_CHECKING:
    from apps.accounts.models import User
    from apps.content.markdown import RenderContext

MAX_POINTS = Decimal("9999.99")


@transaction.atomic
def quiz_create(
    *,
    course: Course,
    draft: QuizDraft,
    editor: User | None,
    now: datetime,
    context: RenderContext | None = None,
) -> Quiz:
    """Add a quiz to a course.  Raises: InvalidDraft."""
    last = Quiz.objects.filter(course=course).aggregate(last=models.Max("position"))["last"]
    quiz = Quiz(course=course, position=(last or 0) + 1, revision=0)
    _write(quiz, draft, editor, now, context)
    return quiz


@transaction.atomic
def quiz_save(
    *,
    quiz: Quiz,
    draft: QuizDraft,
    expected_revision: int,
    editor: User | None,
    now: datetime,
    context: RenderContext | None = None,
) -> Quiz:
    """Store an edited quiz; attempts that have begun keep the items they were given.

    Raises: EditConflict, InvalidDraft.  Locks: Quiz.
    """
    locked = _lock(quiz)
    if locked.revision != expected_revision:
        raise EditConflict(_("Someone saved this quiz while you were editing it."))
    _write(locked, draft, editor, now, context)
    return locked


@transaction.atomic
def quiz_delete(*, quiz: Quiz, editor: User | None, now: datetime) -> None:
    """Remove a quiz that no class was given and nobody tried.  Raises: InUse.  Locks: Quiz."""
    locked = _lock(quiz)
    if locked.assignments.exists():
        raise InUse(_("A class has been given this quiz, so it stays."))
    if locked.attempts.exists():
        raise InUse(_("Students have tried this quiz, so it stays; close it for practice."))
    event_of(locked.course, "quiz.deleted", locked, editor, now, is_tombstone=True)
    locked._history_user = editor  # type: ignore[attr-defined]  # noqa: SLF001
    locked.delete()


def _lock(quiz: Quiz) -> Quiz:
    rows = Quiz.objects.select_for_update(of=("self",)).select_related("course__school")
    return rows.get(pk=quiz.pk)


def _write(
    quiz: Quiz,
    draft: QuizDraft,
    editor: User | None,
    now: datetime,
    context: RenderContext | None,
) -> None:
    course = quiz.course
    questions = _questions(course, draft)
    units = {unit.slug: unit for unit in Unit.objects.filter(course=course)}
    lessons = {
        f"{row.unit.slug}/{row.slug}": row
        for row in Lesson.objects.filter(unit__course=course).select_related("unit")
    }
    context = context or selectors.question_context(course)
    intro = render_markdown(draft.intro, context)
    faults = [Fault("intro", problem.message) for problem in intro.problems if problem.is_error]
    faults += _faults(quiz, draft, questions, units, lessons)
    if faults:
        raise InvalidDraft(faults)
    quiz.slug, quiz.title, quiz.kind = draft.slug, draft.title, draft.kind
    quiz.lesson, quiz.unit = lessons.get(draft.lesson), units.get(draft.unit)
    quiz.intro, quiz.intro_html, quiz.layout = draft.intro, intro.html, draft.layout
    quiz.shuffle_items, quiz.is_practice = draft.shuffle_items, draft.is_practice
    quiz.revision += 1
    quiz._history_user = editor  # type: ignore[attr-defined]  # noqa: SLF001
    quiz.save()
    quiz.items.all().delete()
    QuizItem.objects.bulk_create(
        QuizItem(
            quiz=quiz,
            position=position,
            points=item.points,
            question=questions.get(item.question),
            draw_count=item.draw or None,
            draw_tags=list(item.tags),
            draw_unit=units.get(item.unit),
            draw_difficulty=item.difficulty,
        )
        for position, item in enumerate(draft.items, start=1)
    )
    event_of(course, "quiz.saved", quiz, editor, now)


def _questions(course: Course, draft: QuizDraft) -> dict[str, Question]:
    slugs = [item.question for item in draft.items if item.question]
    return {row.slug: row for row in Question.objects.filter(course=course, slug__in=slugs)}


def _faults(
    quiz: Quiz,
    draft: QuizDraft,
    questions: dict[str, Question],
    units: dict[str, Unit],
    lessons: dict[str, Lesson],
) -> list[Fault]:
    others = Quiz.objects.filter(course=quiz.course).exclude(pk=quiz.pk)
    lesson = lessons.get(draft.lesson)
    is_check_up = draft.kind == QuizKind.CHECK_UP
    faults = [
        Fault(path, message)
        for is_wrong, path, message in (
            (not SLUG.fullmatch(draft.slug), "slug", _("Small letters, digits and hyphens.")),
            (not draft.title.strip(), "title", _("The title is missing.")),
            (len(draft.title) > 200, "title", _("At most 200 characters.")),
            (draft.kind not in QuizKind.values, "kind", _("Not a kind of quiz.")),
            (draft.layout not in Layout.values, "layout", _("Not a layout.")),
            (bool(draft.lesson) and lesson is None, "lesson", _("There is no such lesson.")),
            (is_check_up and lesson is None, "lesson", _("A check-up names its lesson.")),
            (bool(draft.unit) and draft.unit not in units, "unit", _("There is no such unit.")),
            (not draft.items, "items", _("A quiz has at least one item.")),
            (
                others.filter(slug=draft.slug).exists(),
                "slug",
                _("Another quiz of this course has this address."),
            ),
            (
                is_check_up
                and lesson is not None
                and others.filter(kind=QuizKind.CHECK_UP, lesson=lesson).exists(),
                "lesson",
                _("This lesson has a check-up already."),
            ),
        )
        if is_wrong
    ]
    seen: set[str] = set()
    for index, item in enumerate(draft.items):
        path = f"items.{index}"
        if bool(item.question) == bool(item.draw):
            faults.append(Fault(path, _("Name a question, or how many to draw.")))
        elif item.question and item.question not in questions:
            message = _("The bank has no question “%(slug)s”.") % {"slug": item.question}
            faults.append(Fault(f"{path}.question", message))
        elif item.question in seen:
            message = _("The question “%(slug)s” stands here twice.") % {"slug": item.question}
            faults.append(Fault(f"{path}.question", message))
        seen |= {item.question} - {""}
        if not 0 <= item.draw <= 200:
            faults.append(Fault(f"{path}.draw", _("Draw 1 to 200 questions.")))
        if not item.points.is_finite() or not 0 <= item.points <= MAX_POINTS:
            faults.append(Fault(f"{path}.points", _("Points are between 0 and 9999.99.")))
        if item.unit and item.unit not in units:
            faults.append(Fault(f"{path}.unit", _("There is no such unit.")))
        if item.difficulty and item.difficulty not in Difficulty.values:
            faults.append(Fault(f"{path}.difficulty", _("Not a difficulty.")))
    return faults
