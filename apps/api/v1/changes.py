"""What happened at a school, in order and without a gap: ids alone."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet
from django_filters.rest_framework import FilterSet
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.enums import Scope
from apps.api.selectors import following
from apps.api.v1.access import CLIENTS, school_of
from apps.api.v1.lists import ListView, Row
from apps.api.v1.shapes import STRING, Shape
from apps.core import services as core
from apps.core.models import Event
from apps.integrations.selectors import subjects_veiled

READER = "api.changes"
CHANGE = Shape(
    "Change",
    Event,
    {
        "kind": "kind",
        "subject_id": "subject_id",
        "actor_id": "actor_id",
        "is_deleted": "is_tombstone",
        "happened_at": "happened_at",
    },
    example={
        "kind": "grade.changed",
        "subject_id": "70f24f35-bd0e-4a0c-9ed9-a1d35b0a4a0c",
        "actor_id": None,
        "is_deleted": False,
        "happened_at": "2026-10-02T09:00:00Z",
    },
)


class ChangeFilters(FilterSet):
    kind = django_filters.CharFilter(method="of_kind")

    class Meta:
        model = Event
        fields: tuple[str, ...] = ()

    def of_kind(self, rows: QuerySet[Event], _name: str, value: str) -> QuerySet[Event]:
        """One kind, or all of a noun, as webhooks name them."""
        return rows.filter(Q(kind=value) | Q(kind__startswith=f"{value}."))


class Changes(ListView):
    """What happened since a watermark, oldest first; what is gone leaves a tombstone.

    None is ever missed, however late its transaction commits: the list ends where nobody can write
    any more. Follow `next` to the end and keep the `watermark` of the first page; what was written
    while you read comes once more the next time.
    """

    scope = Scope.CHANGES
    callers = CLIENTS
    shape = CHANGE
    keys = ("pk",)
    filters = ChangeFilters
    parameters = {"since": (STRING, "The `watermark` of an earlier answer; none: all there is.")}
    more = {"watermark": STRING}

    def get(self, request: Request) -> Response:
        school = school_of(request)
        settled = core.events_settled(reader=READER)
        rows = following.changes(school, _since(request), settled)
        return self.answer(request, rows, watermark=str(settled))

    def complete(self, rows: list[Row]) -> list[Row]:
        veiled = subjects_veiled((row["kind"], row["subject_id"]) for row in rows)
        return [
            {**row, "subject_id": veiled.get(row["subject_id"], row["subject_id"])} for row in rows
        ]


def _since(request: Request) -> int:
    text = request.query_params.get("since", "0")
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise ValidationError({"since": ["The `watermark` of an answer is needed."]})
    return int(text)
