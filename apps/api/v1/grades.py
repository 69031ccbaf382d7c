"""The gradebook: its columns and its ledger."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils import timezone
from django_filters.rest_framework import FilterSet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api import selectors
from apps.api.enums import Scope
from apps.api.v1.access import PERSONS, ApiView, actor_of, caller_of, client_of, person_of
from apps.api.v1.details import DetailView, answer_one, answer_written, row_of, unchanged
from apps.api.v1.inputs import Input, read
from apps.api.v1.lists import ListView, Row
from apps.api.v1.repeats import idempotent
from apps.api.v1.shapes import Shape
from apps.classrooms.models import Classroom
from apps.grades import policies
from apps.grades import services as grades
from apps.grades.enums import GradeEventKind, ItemKind
from apps.grades.models import GradeEvent, GradeItem

GRADE_ITEM = Shape(
    "GradeItem",
    GradeItem,
    {
        "id": "public_id",
        "sis_id": "sis_id",
        "kind": "kind",
        "title": "title",
        "max_points": "max_points",
        "weight": "weight",
        "source_id": "source_id",
        "position": "position",
        "released_at": "released_at",
        "retired_at": "retired_at",
        "updated_at": "updated_at",
    },
    example={
        "id": "93d54f0e-8b67-4f0a-9f10-0b8f6d0e1f1f",
        "sis_id": "quiz-3",
        "kind": "source",
        "title": "Quiz 3",
        "max_points": 10,
        "weight": 1,
        "source_id": "0b8f6d0e-93d5-4f0e-8b67-1f1f4f0a9f10",
        "position": 3,
        "released_at": "2026-10-02T09:00:00Z",
        "retired_at": None,
        "updated_at": "2026-10-02T09:00:00Z",
    },
)
GRADE_EVENT = Shape(
    "GradeEvent",
    GradeEvent,
    {
        "id": "public_id",
        "item_id": "item__public_id",
        "user_id": "student__public_id",
        "kind": "kind",
        "points": "points",
        "max_points": "max_points",
        "reason": "reason",
        "origin_id": "origin_id",
        "actor_id": "actor__public_id",
        "happened_at": "happened_at",
        "is_held": "item__released_at",
    },
    others={"is_held": {"type": "boolean"}},
    example={
        "id": "1f70c24f-bd0e-4a0c-9ed9-a1d35b0a4a0c",
        "item_id": "93d54f0e-8b67-4f0a-9f10-0b8f6d0e1f1f",
        "user_id": "0b8f6d0e-93d5-4f0e-8b67-1f1f4f0a9f10",
        "kind": "score",
        "points": 8.5,
        "max_points": 10,
        "reason": "",
        "origin_id": None,
        "actor_id": None,
        "happened_at": "2026-10-02T09:00:00Z",
        "is_held": False,
    },
)


class GradeItemFilters(FilterSet):
    sis_id = django_filters.CharFilter()
    kind = django_filters.ChoiceFilter(choices=ItemKind.choices)
    updated_since = django_filters.IsoDateTimeFilter("updated_at", "gte")

    class Meta:
        model = GradeItem
        fields: tuple[str, ...] = ()


class GradeEventFilters(FilterSet):
    item = django_filters.UUIDFilter("item__public_id")
    user = django_filters.UUIDFilter("student__public_id")
    kind = django_filters.ChoiceFilter(choices=GradeEventKind.choices)

    class Meta:
        model = GradeEvent
        fields: tuple[str, ...] = ()


def points_field(**more: Any) -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=8, decimal_places=2, min_value=0, coerce_to_string=False, **more
    )


class GradeItemIn(Input):
    """Of an activity's column, `sis_id` and `weight` alone."""

    title = serializers.CharField(max_length=200)
    max_points = points_field()
    weight = serializers.DecimalField(
        max_digits=6, decimal_places=2, min_value=0, required=False, coerce_to_string=False
    )
    sis_id = serializers.CharField(max_length=120, allow_blank=True, default="")


class GradeItems(ListView):
    """Every column that a class's gradebook has or had; one that is gone has `retired_at`."""

    scope = Scope.GRADES_READ
    write_scope = Scope.GRADES_WRITE
    shape = GRADE_ITEM
    ordering = ("position", "title", "updated_at")
    filters = GradeItemFilters
    gone = ("grade_item.deleted",)
    keys = ("position", "public_id")
    bodies = {"post": GradeItemIn}

    def get(self, request: Request, key: str) -> Response:
        classroom = selectors.classroom_taught(caller_of(request), key)
        rows = selectors.grade_items(classroom)
        return self.answer(request, rows, within=classroom.public_id)

    @idempotent
    def post(self, request: Request, key: str) -> Response:
        classroom = selectors.classroom_run(caller_of(request), key)
        item = grades.item_save(
            item=GradeItem(classroom=classroom),
            fields=read(request, GradeItemIn),
            actor=actor_of(request),
            now=timezone.now(),
        )
        return answer_written(item_public(item), 201)


class GradeItemDetail(DetailView):
    """One column. Deleting one in which anything has happened retires it and keeps the ledger."""

    scope = Scope.GRADES_READ
    write_scope = Scope.GRADES_WRITE
    shape = GRADE_ITEM
    bodies = {"patch": GradeItemIn}

    def get(self, request: Request, key: str, item: str) -> HttpResponseBase:
        classroom = selectors.classroom_taught(caller_of(request), key)
        return answer_one(request, item_public(selectors.grade_item_in(classroom, item)))

    @idempotent
    def patch(self, request: Request, key: str, item: str) -> Response:
        row = item_run(request, key, item)
        wish = read(request, GradeItemIn, is_partial=True)
        if row.kind != ItemKind.MANUAL and set(wish) - grades.SOURCE_FIELDS:
            raise serializers.ValidationError(
                {name: ["Its activity decides this."] for name in set(wish) - grades.SOURCE_FIELDS}
            )
        with unchanged(request, lock=item_lock(row), read=lambda: item_public(row)):
            grades.item_save(item=row, fields=wish, actor=actor_of(request), now=timezone.now())
            body = item_public(row)
        return answer_written(body)

    @idempotent
    def delete(self, request: Request, key: str, item: str) -> Response:
        row = item_run(request, key, item)
        if not policies.is_entered_by_hand(row):
            raise serializers.ValidationError({"kind": ["Its activity keeps this column."]})
        with unchanged(request, lock=item_lock(row), read=lambda: item_public(row)):
            grades.item_delete(item=row, actor=actor_of(request), now=timezone.now())
        return Response(status=204)


class GradeItemRelease(ApiView):
    """Show a column to the students, and count it in their totals; twice is once."""

    write_scope = Scope.GRADES_WRITE
    callers = PERSONS  # a program that could release would read what is held
    statuses = {"post": (200,)}
    shape = GRADE_ITEM
    deed = staticmethod(grades.item_release)

    @idempotent
    def post(self, request: Request, key: str, item: str) -> Response:
        person, row = person_of(request), item_run(request, key, item)
        self.deed(item=row, actor=person, now=timezone.now())
        return answer_written(item_public(row))


class GradeItemHold(GradeItemRelease):
    """Hide a column from the students, and from their totals; twice is once."""

    deed = staticmethod(grades.item_hold)


class GradeEvents(ListView):
    """The ledger of a class, oldest first: nothing in it ever changes.

    Of a held column a program is told neither points nor reasons.
    """

    scope = Scope.GRADES_READ
    shape = GRADE_EVENT
    ordering = ("happened_at",)
    filters = GradeEventFilters
    keys = ("pk",)

    def get(self, request: Request, key: str) -> Response:
        rows = selectors.grade_events(selectors.classroom_taught(caller_of(request), key))
        self.is_program = client_of(request) is not None
        return self.answer(request, rows)

    def complete(self, rows: list[Row]) -> list[Row]:
        return [as_told(row, is_program=self.is_program) for row in rows]


def as_told(row: Row, *, is_program: bool) -> Row:
    """Say whether it is held, and of what is, tell a program neither points nor reason."""
    is_held = row["is_held"] is None
    told = {**row, "is_held": is_held}
    if is_held and is_program:
        hidden = {"points": None, "source_points": None, "reason": ""}
        told |= {name: value for name, value in hidden.items() if name in row}
    return told


def item_run(request: Request, key: str, item: str) -> GradeItem:
    return selectors.grade_item_in(selectors.classroom_run(caller_of(request), key), item)


def item_public(row: GradeItem) -> Row:
    return row_of(GradeItem.objects.filter(pk=row.pk), GRADE_ITEM.fields)


def item_lock(row: GradeItem) -> QuerySet[Classroom]:
    return Classroom.objects.filter(pk=row.classroom_id)
