"""Long work that the caller asked for, and how far it has come."""

from __future__ import annotations

from uuid import UUID

import django_filters
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django_filters.rest_framework import FilterSet
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api import selectors
from apps.api.enums import JobState, Scope
from apps.api.models import Job
from apps.api.v1.access import name_of
from apps.api.v1.details import DetailView, answer_one, row_of
from apps.api.v1.lists import ListView, Row
from apps.api.v1.shapes import OBJECT, Shape, or_null
from apps.core.errors import NotFound

JOB = Shape(
    "Job",
    Job,
    {
        "id": "public_id",
        "kind": "kind",
        "state": "state",
        "done_count": "done_count",
        "total_count": "total_count",
        "result": "result",
        "failure": "failure",
        "created_at": "created_at",
        "finished_at": "finished_at",
    },
    others={"result": or_null(OBJECT)},
    example={
        "id": "6a6f7d0f-2f0b-4c5e-9a53-0f6a1c552a4e",
        "kind": "roster",
        "state": "done",
        "done_count": 1200,
        "total_count": 1200,
        "result": {
            "counts": {"invited": 1199, "refused": 1},
            "refused": [{"number": 7, "sis_id": "1007", "code": "sis_id_taken", "detail": "…"}],
        },
        "failure": "",
        "created_at": "2026-09-01T08:00:00Z",
        "finished_at": "2026-09-01T08:01:00Z",
    },
)


class JobFilters(FilterSet):
    state = django_filters.ChoiceFilter(choices=JobState.choices)

    class Meta:
        model = Job
        fields: tuple[str, ...] = ()


class Jobs(ListView):
    """Your jobs, kept for a week after their end."""

    scope = Scope.JOBS
    shape = JOB
    ordering = ("created_at", "finished_at")
    filters = JobFilters
    keys = ("created_at", "public_id")

    def get(self, request: Request) -> Response:
        return self.answer(request, selectors.jobs_of(name_of(request)))


class JobDetail(DetailView):
    """One of them: ask again until `state` is `done` or `failed`."""

    scope = Scope.JOBS
    shape = JOB

    def get(self, request: Request, job: UUID) -> HttpResponseBase:
        rows = selectors.jobs_of(name_of(request)).filter(public_id=job)
        if not rows.exists():
            raise NotFound(_("There is no such job."))
        return answer_one(request, row_of(rows, JOB.fields))


def job_public(row: Job) -> Row:
    return row_of(Job.objects.filter(pk=row.pk), JOB.fields)
