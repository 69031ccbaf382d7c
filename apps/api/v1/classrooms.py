"""Classes and what was earned in them: what a school's LMS keeps in step."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import django_filters
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django_filters.rest_framework import FilterSet
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api import selectors
from apps.api.enums import Scope
from apps.api.v1.access import ApiView, caller_of
from apps.api.v1.details import answer_one, row_of
from apps.api.v1.lists import answer_list
from apps.classrooms.models import Classroom

CLASSROOM = {
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
    "updated_at": "updated_at",
}
GRADE_ITEM = {
    "id": "public_id",
    "sis_id": "sis_id",
    "kind": "kind",
    "title": "title",
    "max_points": "max_points",
    "released_at": "released_at",
    "retired_at": "retired_at",
    "updated_at": "updated_at",
}
RESULT = {
    "id": "public_id",
    "item_id": "item__public_id",
    "item_sis_id": "item__sis_id",
    "user_id": "student__public_id",
    "user_sis_id": "student_sis_id",
    "status": "is_excused",
    "points": "points",
    "max_points": "item__max_points",
    "reason": "last_event__reason",
    "version": "version",
    "changed_at": "touched_at",
    "released_at": "item__released_at",
    "retired_at": "item__retired_at",
}


class ClassroomFilters(FilterSet):
    sis_id = django_filters.CharFilter()
    is_archived = django_filters.BooleanFilter("archived_at", "isnull", exclude=True)
    updated_since = django_filters.IsoDateTimeFilter("updated_at", "gte")

    class Meta:
        model = Classroom
        fields: tuple[str, ...] = ()


class Classrooms(ApiView):
    scope = Scope.CLASSES_READ

    def get(self, request: Request) -> Response:
        rows = selectors.classrooms_of(caller_of(request))
        return answer_list(
            request, rows, keys=["public_id"], fields=CLASSROOM, filters=ClassroomFilters
        )


class ClassroomDetail(ApiView):
    scope = Scope.CLASSES_READ

    def get(self, request: Request, key: str) -> HttpResponseBase:
        classroom = selectors.classroom_of(caller_of(request), key)
        rows = selectors.classrooms_of(caller_of(request)).filter(pk=classroom.pk)
        return answer_one(request, row_of(rows, CLASSROOM))


class GradeItems(ApiView):
    scope = Scope.GRADES_READ

    def get(self, request: Request, key: str) -> Response:
        rows = selectors.grade_items(selectors.classroom_taught(caller_of(request), key))
        return answer_list(request, rows, keys=["position", "public_id"], fields=GRADE_ITEM)


class Results(ApiView):
    scope = Scope.GRADES_READ

    def get(self, request: Request, key: str) -> Response:
        """Grades that changed since a watermark, oldest change first.

        The answer's `watermark` lies a little in the past, so that a grade whose transaction
        commits late is sent the next time; one that is sent twice has the same `version`.
        """
        watermark = timezone.now() - selectors.OVERLAP
        classroom = selectors.classroom_taught(caller_of(request), key)
        return answer_list(
            request,
            selectors.results(classroom, _since(request)),
            keys=["touched_at", "public_id"],
            fields=RESULT,
            others=["changed_since"],
            present=_result,
            watermark=watermark,
        )


def _since(request: Request) -> datetime | None:
    text = request.query_params.get("changed_since")
    if text is None:
        return None
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValidationError({"changed_since": ["A moment with its time zone is needed."]})
    return moment


def _result(row: dict[str, Any]) -> dict[str, Any]:
    """Say what a grade is; of one that students may not see yet, neither points nor reason."""
    if row["retired_at"]:
        status = "deleted"
    elif row["released_at"] is None:
        status = "held"
    elif row["status"]:
        status = "excused"
    else:
        status = "graded" if row["points"] is not None else "ungraded"
    is_told = status == "graded"
    return {
        **row,
        "status": status,
        "points": row["points"] if is_told else None,
        "reason": row["reason"] if is_told or status == "excused" else "",
    }
