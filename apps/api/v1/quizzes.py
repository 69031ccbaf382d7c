"""Quizzes as their authors make them: which questions, in what order."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import django_filters
from django.db.models import QuerySet
from django_filters.rest_framework import FilterSet
from rest_framework import serializers

from apps.accounts.models import User
from apps.api.selectors import quizzing
from apps.api.v1.authored import Authored, AuthoredDetail, AuthoredList
from apps.api.v1.filters import BooleanFilter
from apps.api.v1.inputs import Input
from apps.api.v1.lists import Row
from apps.api.v1.shapes import STRING, STRINGS, Shape, named
from apps.api.v1.sittings import NUMBER, WHOLE, fields, listed
from apps.content.models import Course
from apps.quizzes import selectors as quizzes
from apps.quizzes import services
from apps.quizzes.drafts import QuizDraft, QuizItemDraft
from apps.quizzes.enums import Difficulty, Layout, QuizKind
from apps.quizzes.models import Quiz
from apps.quizzes.services.quizzes import MAX_POINTS

ITEM = fields(
    points=NUMBER,
    question={**STRING, "description": 'Its slug; "" for a draw.'},
    draw={**WHOLE, "description": "How many to draw from the bank; 0 for a question."},
    tags=STRINGS,
    unit=STRING,
    difficulty=STRING,
)
QUIZ = Shape(
    "Quiz",
    Quiz,
    {
        "id": "public_id",
        **named("slug", "title", "kind", "intro", "layout", "shuffle_items", "is_practice"),
        **named("position", "updated_at"),
        "lesson": "lesson_path",
        "unit": "unit_slug",
        "items": "pk",
    },
    others={
        "lesson": {**STRING, "description": '`unit/lesson`, "" for none.'},
        "unit": STRING,
        "items": listed(ITEM),
    },
    example={
        "id": "93d54f0e-8b67-4f0a-9f10-0b8f6d0e1f1f",
        "slug": "unit-1",
        "title": "Unit 1",
        "kind": "unit",
        "intro": "",
        "layout": "one_page",
        "shuffle_items": False,
        "is_practice": True,
        "position": 1,
        "updated_at": "2026-09-01T08:00:00Z",
        "lesson": "",
        "unit": "history",
        "items": [
            {
                "points": 1,
                "question": "first-invitation",
                "draw": 0,
                "tags": [],
                "unit": "",
                "difficulty": "",
            }
        ],
    },
)


class QuizFilters(FilterSet):
    kind = django_filters.ChoiceFilter(choices=QuizKind.choices)
    unit = django_filters.CharFilter("unit__slug")
    lesson = django_filters.CharFilter("lesson_path")
    question = django_filters.CharFilter("items__question__slug")
    is_practice = BooleanFilter()
    updated_since = django_filters.IsoDateTimeFilter("updated_at", "gte")

    class Meta:
        model = Quiz
        fields: tuple[str, ...] = ()


class QuizItemIn(Input):
    points = serializers.DecimalField(
        max_digits=6, decimal_places=2, min_value=0, max_value=MAX_POINTS, default=Decimal(1)
    )
    question = serializers.CharField(max_length=120, default="", allow_blank=True)
    draw = serializers.IntegerField(min_value=0, max_value=200, default=0)
    tags = serializers.ListField(
        child=serializers.CharField(max_length=60), max_length=20, default=list
    )
    unit = serializers.CharField(max_length=80, default="", allow_blank=True)
    difficulty = serializers.ChoiceField(["", *Difficulty.values], default="")


class QuizChangeIn(Input):
    slug = serializers.CharField(max_length=120, required=False)
    title = serializers.CharField(max_length=200, required=False)
    kind = serializers.ChoiceField(QuizKind.choices, required=False)
    lesson = serializers.CharField(max_length=200, allow_blank=True, required=False)
    unit = serializers.CharField(max_length=80, allow_blank=True, required=False)
    intro = serializers.CharField(max_length=20_000, allow_blank=True, required=False)
    layout = serializers.ChoiceField(Layout.choices, required=False)
    shuffle_items = serializers.BooleanField(required=False)
    is_practice = serializers.BooleanField(required=False)
    items = serializers.ListField(child=QuizItemIn(), max_length=200, required=False)


class QuizIn(QuizChangeIn):
    slug = serializers.CharField(max_length=120)
    title = serializers.CharField(max_length=200)
    items = serializers.ListField(child=QuizItemIn(), max_length=200)


class OfQuizzes(Authored):
    """Quizzes as authors write them: with their items."""

    shape = QUIZ

    def rows_in(self, course: Course) -> QuerySet[Any]:
        return quizzing.quizzes_in(course)

    def completed(self, rows: list[Row]) -> list[Row]:
        items = quizzing.quiz_items([row["items"] for row in rows])
        return [{**row, "items": items.get(row["items"], [])} for row in rows]


class Quizzes(OfQuizzes, AuthoredList):
    """The quizzes of a course, in its order, for those who may edit it."""

    ordering = ("position", "slug", "title", "updated_at")
    filters = QuizFilters
    gone = ("quiz.deleted",)
    bodies = {"post": QuizIn}

    def create(self, course: Course, wish: dict[str, Any], editor: User, now: datetime) -> Quiz:
        draft = _draft(QuizDraft(slug="", title=""), wish)
        return services.quiz_create(course=course, draft=draft, editor=editor, now=now)


class QuizDetail(OfQuizzes, AuthoredDetail):
    """One quiz; attempts that have begun keep the items that they were given."""

    bodies = {"patch": QuizChangeIn}

    def one_in(self, course: Course, key: str) -> Quiz:
        return quizzing.quiz_in(course, key)

    def change(self, row: Quiz, wish: dict[str, Any], editor: User, now: datetime) -> Quiz:
        row = quizzes.quizzes_of(row.course).get(pk=row.pk)
        return services.quiz_save(
            quiz=row,
            draft=_draft(quizzes.quiz_draft(row), wish),
            expected_revision=row.revision,
            editor=editor,
            now=now,
        )

    def remove(self, row: Quiz, editor: User, now: datetime) -> None:
        services.quiz_delete(quiz=row, editor=editor, now=now)


def _draft(draft: QuizDraft, wish: dict[str, Any]) -> QuizDraft:
    said = dict(wish)
    if "items" in said:
        said["items"] = tuple(
            QuizItemDraft(**{**item, "tags": tuple(item["tags"])}) for item in said["items"]
        )
    return replace(draft, **said)
