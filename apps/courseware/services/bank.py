"""The questions and quizzes of a load, through the services that their admin pages call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from apps.accounts.models import User
from apps.content import models
from apps.courseware.drafts import question_draft, quiz_draft
from apps.courseware.errors import CourseFaulty
from apps.courseware.format import CourseFiles, Fault, records
from apps.courseware.plan import Action
from apps.quizzes import selectors, services
from apps.quizzes.errors import InvalidDraft
from apps.quizzes.models import Question, Quiz
from apps.quizzes.types import places

_DUE = frozenset({Action.CREATED, Action.CHANGED})


def write_bank(
    course: models.Course,
    files: CourseFiles,
    plan: Mapping[str, Action],
    *,
    editor: User | None,
    now: datetime,
) -> None:
    """Write what `plan` says is created or changed; what it names has been written before.

    A question on the map is written again when its place has moved.
    Raises: CourseFaulty, with the place in the files that a service refused.
    """
    common: dict[str, Any] = {"editor": editor, "now": now}
    _questions(course, files, plan, common)
    _order(course, files, plan, common)
    _quizzes(course, files, plan, common)


def _questions(
    course: models.Course,
    files: CourseFiles,
    plan: Mapping[str, Action],
    common: dict[str, Any],
) -> None:
    moved = {item.slug for item in files.places if plan.get(f"place:{item.slug}") in _DUE}
    due = []
    for record in files.questions:
        action = plan.get(f"question:{record.slug}")
        is_moved = action is Action.KEPT and not moved.isdisjoint(places.slugs(record.spec))
        if action in _DUE or is_moved:
            due.append(record)
    if not due:
        return
    with _refusals_at(due):
        rows = services.questions_store(
            course=course, drafts=[question_draft(record) for record in due], **common
        )
    for row, record in zip(rows, due, strict=True):
        if record.retired and row.retired_at is None:
            services.question_retire(question=row, **common)
        elif row.retired_at is not None and not record.retired:
            services.question_reinstate(question=row, **common)


@contextmanager
def _refusals_at(due: list[records.Question]) -> Iterator[None]:
    """Turn what the bank refuses into faults at the questions that caused it."""
    try:
        yield
    except InvalidDraft as error:
        wheres = {record.slug: record.where for record in due}
        faults = []
        for fault in error.faults:
            slug, path = due[0].slug, fault.path
            if len(due) > 1:
                slug, _dot, path = path.partition(".")
            where = wheres.get(slug, due[0].where)
            faults.append(where.fault(fault.message, "Correct it.", *path.split(".")))
        raise CourseFaulty(faults) from error


def _order(
    course: models.Course,
    files: CourseFiles,
    plan: Mapping[str, Action],
    common: dict[str, Any],
) -> None:
    """Put the questions of each lesson in the files' order, where an editor chose no other."""
    wanted = [
        record.slug
        for record in files.questions
        if plan.get(f"order:questions:{record.lesson}") is not Action.EDITED
    ]
    rows = list(
        Question.objects.filter(course=course)
        .order_by("position", "pk")
        .values_list("slug", flat=True)
    )
    known = set(rows)
    wanted = [slug for slug in wanted if slug in known]
    if [slug for slug in rows if slug in set(wanted)] != wanted:
        services.questions_reorder(course=course, slugs=wanted, **common)


def _quizzes(
    course: models.Course,
    files: CourseFiles,
    plan: Mapping[str, Action],
    common: dict[str, Any],
) -> None:
    due = [quiz for quiz in _in_course(files) if plan.get(f"quiz:{quiz.slug}") in _DUE]
    if not due:
        return
    rows = {row.slug: row for row in Quiz.objects.filter(course=course)}
    context = selectors.question_context(course)
    faults: list[Fault] = []
    for record in due:
        row = rows.get(record.slug)
        draft = quiz_draft(record)
        try:
            if row is None:
                services.quiz_create(course=course, draft=draft, context=context, **common)
            else:
                services.quiz_save(
                    quiz=row,
                    draft=draft,
                    expected_revision=row.revision,
                    context=context,
                    **common,
                )
        except InvalidDraft as error:
            faults += [
                record.where.fault(fault.message, "Correct it.", *fault.path.split("."))
                for fault in error.faults
            ]
    if faults:
        raise CourseFaulty(faults)


def _in_course(files: CourseFiles) -> Iterable[records.Quiz]:
    """Each unit's check-ups in the order of its lessons, then its quiz; at the end the others."""
    units = {unit.slug: place for place, unit in enumerate(files.course.units)}
    lessons = {lesson.path: place for place, lesson in enumerate(files.lessons)}
    last = len(units) + 1

    def place(quiz: records.Quiz) -> tuple[int, int, int, str]:
        unit = quiz.unit or quiz.lesson.partition("/")[0]
        kinds = ("check_up", "unit", "other", "final")
        kind = kinds.index(quiz.kind) if quiz.kind in kinds else len(kinds)
        is_last = not unit or quiz.kind == "final"
        return (
            last if is_last else units.get(unit, last),
            kind,
            lessons.get(quiz.lesson, len(lessons)),
            quiz.slug,
        )

    return sorted(files.quizzes, key=place)
