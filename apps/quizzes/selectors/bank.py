"""Reads for authors. What these return holds keys: never hand it to a student's page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet

from apps.content.markdown import RenderContext
from apps.content.models import Course, Place
from apps.content.selectors import render_context
from apps.quizzes.drafts import HintDraft, QuestionDraft, QuizDraft, QuizItemDraft
from apps.quizzes.models import Question, QuestionVersion, Quiz, QuizItem
from apps.quizzes.types import places


def question_context(course: Course) -> RenderContext:
    """What a text of the bank may name; its links lead to pages of their own.  Queries: 6."""
    return replace(render_context(course), is_standalone=True, id_prefix="question")


def places_named(course: Course, specs: Iterable[Mapping[str, Any]]) -> dict[str, places.Place]:
    """{slug: where it is} of the places that specs name.  Queries: 0, or 1 for places."""
    slugs = {slug for spec in specs for slug in places.slugs(spec)}
    rows = Place.objects.filter(course=course, slug__in=slugs) if slugs else ()
    return {
        row.slug: places.Place(row.name, f"{row.latitude:f}", f"{row.longitude:f}") for row in rows
    }


def spec_filled(course: Course, spec: Mapping[str, Any]) -> dict[str, Any]:
    """A spec as a version keeps it: with where its places are.  Queries: 0, or 1 for places."""
    filled: dict[str, Any] = places.filled(spec, places_named(course, [spec]))
    return filled


def questions_of(course: Course) -> QuerySet[Question]:
    """The whole bank with all that `question_draft` reads.  Queries: 2."""
    rows = Question.objects.filter(course=course).select_related("current_version", "lesson__unit")
    return rows.prefetch_related("tags")


def question_draft(
    question: Question, *, version: QuestionVersion | None = None, slug: str = ""
) -> QuestionDraft:
    """A stored question as its author writes it, by its current version or by `version`.

    Queries: 0 on a row of `questions_of`.
    """
    asked = version or question.current_version
    if asked is None:
        raise ValueError("A question has a version from the transaction that makes it.")
    lesson = question.lesson
    return QuestionDraft(
        slug=slug or question.slug,
        kind=asked.kind,
        stem=asked.stem,
        spec=places.stripped(asked.spec),
        lesson=f"{lesson.unit.slug}/{lesson.slug}" if lesson else "",
        anchor=question.anchor if lesson else "",
        objectives=tuple(question.objectives) if lesson else (),
        sources=tuple(asked.sources),
        tags=tuple(sorted(tag.name for tag in question.tags.all())),
        difficulty=question.difficulty,
        bloom=question.bloom,
        hints=tuple(HintDraft(hint["text"], Decimal(hint["cost"])) for hint in asked.hints),
        explanation=asked.explanation,
    )


def quizzes_of(course: Course) -> QuerySet[Quiz]:
    """The course's quizzes with all that `quiz_draft` reads.  Queries: 2."""
    items = QuizItem.objects.select_related("question", "draw_unit")
    rows = Quiz.objects.filter(course=course).select_related("lesson__unit", "unit")
    return rows.prefetch_related(Prefetch("items", queryset=items))


def quiz_draft(quiz: Quiz) -> QuizDraft:
    """Queries: 0 on a row of `quizzes_of`."""
    lesson, unit = quiz.lesson, quiz.unit
    return QuizDraft(
        slug=quiz.slug,
        title=quiz.title,
        kind=quiz.kind,
        lesson=f"{lesson.unit.slug}/{lesson.slug}" if lesson else "",
        unit=unit.slug if unit else "",
        intro=quiz.intro,
        layout=quiz.layout,
        shuffle_items=quiz.shuffle_items,
        is_practice=quiz.is_practice,
        items=tuple(
            QuizItemDraft(
                points=item.points,
                question=item.question.slug if item.question else "",
                draw=item.draw_count or 0,
                tags=tuple(item.draw_tags),
                unit=item.draw_unit.slug if item.draw_unit else "",
                difficulty=item.draw_difficulty,
            )
            for item in quiz.items.all()
        ),
    )


def draw_candidates(items: Iterable[QuizItem], course: Course) -> dict[int, list[int]]:
    """{item's pk: pks of the questions that it may draw}, in a fixed order.  Queries: 2."""
    draws = [item for item in items if item.question_id is None]
    if not draws:
        return {}
    rows = Question.objects.filter(course=course).offered().prefetch_related("tags")
    bank = [
        (row.pk, row.lesson.unit_id if row.lesson else None, row.difficulty, _names(row))
        for row in rows.select_related("lesson").order_by("pk")
    ]
    return {
        item.pk: [
            pk
            for pk, unit, difficulty, tags in bank
            if tags.issuperset(item.draw_tags)
            and item.draw_unit_id in {None, unit}
            and item.draw_difficulty in {"", difficulty}
        ]
        for item in draws
    }


def _names(question: Question) -> frozenset[str]:
    return frozenset(tag.name for tag in question.tags.all())
