"""Classes and what was earned in them: what a school's LMS keeps in step."""

from __future__ import annotations

from typing import Any

import django_filters
from django.conf import settings
from django.http import HttpResponseBase
from django.utils import timezone
from django_filters.rest_framework import FilterSet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api import selectors
from apps.api.enums import Scope
from apps.api.selectors import telling
from apps.api.v1.access import actor_of, caller_of, person_of
from apps.api.v1.details import DetailView, answer_one, answer_written, row_of, unchanged
from apps.api.v1.filters import BooleanFilter
from apps.api.v1.grades import GRADE_ITEM
from apps.api.v1.inputs import Input, moment_asked, read
from apps.api.v1.lists import ListView, Row
from apps.api.v1.repeats import idempotent
from apps.api.v1.shapes import MOMENT, STRING, Shape, or_null
from apps.api.v1.users import USER
from apps.classrooms import services as classrooms
from apps.classrooms.models import Classroom
from apps.grades.models import CurrentGrade

CLASSROOM = Shape(
    "Classroom",
    Classroom,
    {
        "id": "public_id",
        "sis_id": "sis_id",
        "title": "title",
        "term": "term",
        "language": "language",
        "time_zone": "time_zone",
        "course": "course__slug",
        "starts_on": "starts_on",
        "ends_on": "ends_on",
        "archived_at": "archived_at",
        "keeps_marks": "keeps_marks",
        "updated_at": "updated_at",
    },
    others={
        "keeps_marks": {
            "type": "boolean",
            "description": "Whether marks of a student who has themselves erased stay, under no "
            "name.",
        }
    },
    example={
        "id": "0f6a1c55-2f0b-4c5e-9a53-6a6f7d0f2a4e",
        "sis_id": "IR-2",
        "title": "International Relations II",
        "term": "Autumn 2026",
        "language": "en",
        "time_zone": "Asia/Karachi",
        "course": "pakistan-russia-sco",
        "starts_on": "2026-09-01",
        "ends_on": "2026-12-18",
        "archived_at": None,
        "keeps_marks": True,
        "updated_at": "2026-09-01T08:00:00Z",
    },
)
RESULT = Shape(
    "Result",
    CurrentGrade,
    telling.FIELDS,
    others={
        "user_sis_id": or_null(STRING),
        "status": {
            "type": "string",
            "enum": [*telling.STATUSES],
        },
        "reason": or_null(STRING),
    },
    example={
        "id": "70f24f35-bd0e-4a0c-9ed9-a1d35b0a4a0c",
        "item_id": "93d54f0e-8b67-4f0a-9f10-0b8f6d0e1f1f",
        "item_sis_id": "quiz-3",
        "user_id": "0b8f6d0e-93d5-4f0e-8b67-1f1f4f0a9f10",
        "user_sis_id": "1007",
        "status": "graded",
        "points": 8.5,
        "max_points": 10,
        "reason": "",
        "version": 2,
        "changed_at": "2026-10-02T09:00:00Z",
        "released_at": "2026-10-02T09:00:00Z",
        "retired_at": None,
    },
)


RESULT_EVERYWHERE = Shape(
    "ClassResult",
    CurrentGrade,
    telling.FIELDS_EVERYWHERE,
    others=RESULT.others,
    example={
        **RESULT.example,
        "classroom_id": CLASSROOM.example["id"],
        "classroom_sis_id": CLASSROOM.example["sis_id"],
    },
)


class ClassroomFilters(FilterSet):
    sis_id = django_filters.CharFilter()
    is_archived = BooleanFilter("archived_at", "isnull", exclude=True)
    updated_since = django_filters.IsoDateTimeFilter("updated_at", "gte")

    class Meta:
        model = Classroom
        fields: tuple[str, ...] = ()


class ClassroomIn(Input):
    title = serializers.CharField(max_length=200)
    term = serializers.CharField(max_length=80, allow_blank=True, default="")
    language = serializers.ChoiceField(settings.LANGUAGES, default="en")
    time_zone = serializers.CharField(max_length=64, default="UTC")
    starts_on = serializers.DateField(allow_null=True, default=None)
    ends_on = serializers.DateField(allow_null=True, default=None)
    sis_id = serializers.CharField(max_length=120, allow_blank=True, default="")


class ClassroomNewIn(ClassroomIn):
    school = serializers.SlugField(max_length=80, help_text="One at which you teach.")
    course = serializers.SlugField(max_length=80, help_text="One that the school may teach.")


class ClassroomChangeIn(ClassroomIn):
    is_archived = serializers.BooleanField(help_text="An archived class is read, not changed.")


class Classrooms(ListView):
    """A client's school's classes; of a person, those they are in. Instructors make new ones."""

    scope = Scope.CLASSES_READ
    write_scope = Scope.CLASSES_WRITE
    shape = CLASSROOM
    ordering = ("title", "term", "starts_on", "ends_on", "updated_at")
    filters = ClassroomFilters
    bodies = {"post": ClassroomNewIn}

    def get(self, request: Request) -> Response:
        return self.answer(request, selectors.classrooms_of(caller_of(request)))

    @idempotent
    def post(self, request: Request) -> Response:
        person = person_of(request)
        wish = read(request, ClassroomNewIn)
        school, course = selectors.offer(person, wish.pop("school"), wish.pop("course"))
        row = classrooms.classroom_create(
            school=school, course=course, fields=wish, actor=person, now=timezone.now()
        )
        return answer_written(_classroom(row), 201)


class ClassroomDetail(DetailView):
    """One class. Its instructors and the school's program change what it says of itself."""

    scope = Scope.CLASSES_READ
    write_scope = Scope.CLASSES_WRITE
    shape = CLASSROOM
    bodies = {"patch": ClassroomChangeIn}

    def get(self, request: Request, key: str) -> HttpResponseBase:
        classroom = selectors.classroom_of(caller_of(request), key)
        return answer_one(request, _classroom(classroom))

    @idempotent
    def patch(self, request: Request, key: str) -> Response:
        row = selectors.classroom_run(caller_of(request), key)
        wish = read(request, ClassroomChangeIn, is_partial=True)
        by: dict[str, Any] = {"actor": actor_of(request), "now": timezone.now()}
        lock = Classroom.objects.filter(pk=row.pk)
        with unchanged(request, lock=lock, read=lambda: _classroom(row)):
            is_archived = wish.pop("is_archived", None)
            if is_archived is False:
                classrooms.classroom_unarchive(classroom=row, **by)
            if wish:
                classrooms.classroom_save(classroom=row, fields=wish, **by)
            if is_archived:
                classrooms.classroom_archive(classroom=row, **by)
            body = _classroom(row)
        return answer_written(body)


class ResultFilters(FilterSet):
    item = django_filters.UUIDFilter("item__public_id")
    user = django_filters.UUIDFilter("student__public_id")

    class Meta:
        model = CurrentGrade
        fields: tuple[str, ...] = ()


class ResultEverywhereFilters(ResultFilters):
    classroom = django_filters.UUIDFilter("item__classroom__public_id")


class Results(ListView):
    """Grades that changed since a watermark, oldest change first.

    The answer's `watermark` lies a little in the past, so that a grade whose transaction
    commits late is sent the next time; one that is sent twice has the same `version`.
    """

    scope = Scope.GRADES_READ
    shape = RESULT
    filters = ResultFilters
    ordering = ("changed_at",)
    keys = ("touched_at", "public_id")
    expansions = {"item": (GRADE_ITEM, "item"), "user": (USER, "student")}
    parameters = {"changed_since": (MOMENT, "The `watermark` of an earlier answer.")}
    more = {"watermark": MOMENT}

    def get(self, request: Request, key: str) -> Response:
        watermark = timezone.now() - selectors.OVERLAP
        classroom = selectors.classroom_taught(caller_of(request), key)
        rows = selectors.results(classroom, moment_asked(request, "changed_since"))
        return self.answer(request, rows, watermark=watermark)

    @staticmethod
    def present(row: Row) -> Row:
        return telling.told(row)


class ResultsEverywhere(ListView):
    """As a class's results, of every class whose gradebook the caller sees, in one list."""

    scope = Scope.GRADES_READ
    shape = RESULT_EVERYWHERE
    filters = ResultEverywhereFilters
    ordering = ("changed_at",)
    keys = ("touched_at", "public_id")
    expansions = Results.expansions
    parameters = Results.parameters
    more = {"watermark": MOMENT}

    def get(self, request: Request) -> Response:
        watermark = timezone.now() - selectors.OVERLAP
        since = moment_asked(request, "changed_since")
        rows = selectors.results_everywhere(caller_of(request), since)
        return self.answer(request, rows, watermark=watermark)

    @staticmethod
    def present(row: Row) -> Row:
        return telling.told(row)


def _classroom(row: Classroom) -> Row:
    return row_of(Classroom.objects.filter(pk=row.pk), CLASSROOM.fields)
