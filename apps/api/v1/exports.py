"""All results as one file: a job writes it, its caller fetches it, a day later it is gone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api import selectors, services
from apps.api.enums import ExportFormat, JobKind, Scope
from apps.api.models import Job
from apps.api.v1.access import ApiView, actor_of, caller_of, check_pace, client_of, name_of
from apps.api.v1.inputs import Input, read
from apps.api.v1.jobs import JOB, job_public
from apps.api.v1.lists import check_parameters
from apps.api.v1.repeats import idempotent
from apps.api.v1.shapes import STRING
from apps.classrooms.models import Classroom

MEDIA_TYPES = {ExportFormat.LINES: "application/x-ndjson", ExportFormat.CSV: "text/csv"}


class ResultsExportIn(Input):
    format = serializers.ChoiceField(
        ExportFormat.choices,
        default=ExportFormat.LINES.value,
        help_text="`jsonl`: a result on each line, as the list answers it; or `csv`.",
    )
    changed_since = serializers.DateTimeField(
        required=False, help_text="The `watermark` of an earlier answer or job."
    )


class ResultsExport(ApiView):
    """Write all results of a class into one file as a job: 202, and `Location` leads to it.

    Once it is done, its `result` names the `file`, which its caller alone can fetch, until
    `expires_at`, and a `watermark` to go on from.
    """

    write_scope = Scope.GRADES_READ  # nothing changes for anybody
    shape = JOB
    statuses = {"post": (202,)}
    bodies = {"post": ResultsExportIn}

    @idempotent
    def post(self, request: Request, key: str) -> Response:
        return _begun(request, selectors.classroom_taught(caller_of(request), key))


class ResultsExportEverywhere(ApiView):
    """As a class's, of every class whose gradebook the caller sees, in one file."""

    write_scope = Scope.GRADES_READ
    shape = JOB
    statuses = {"post": (202,)}
    bodies = {"post": ResultsExportIn}

    @idempotent
    def post(self, request: Request) -> Response:
        return _begun(request, None)


class JobFile(ApiView):
    """What a job of yours has written, for a day after its end."""

    scope = Scope.GRADES_READ
    body = STRING
    media_types = tuple(MEDIA_TYPES.values())

    def get(self, request: Request, job: UUID) -> HttpResponseBase:
        check_parameters(request, [])
        found = selectors.job_with_file(caller_of(request), name_of(request), job, timezone.now())
        result: dict[str, Any] = found.result or {}
        media_type = MEDIA_TYPES[ExportFormat(result["format"])]
        return StreamingHttpResponse(
            _written(found),
            content_type=f"{media_type}; charset=utf-8",
            headers={
                "Content-Disposition": f'attachment; filename="results.{result["format"]}"',
            },
        )


def _written(job: Job) -> Iterator[bytes]:
    for text in job.parts.order_by("number").values_list("text", flat=True).iterator(chunk_size=1):
        yield text.encode()


def _begun(request: Request, classroom: Classroom | None) -> Response:
    wish = read(request, ResultsExportIn)
    since = wish.get("changed_since")
    client = client_of(request)
    user = actor_of(request)
    if user is not None:
        check_pace(request, "export")
    school = classroom.school if classroom else client.school if client else None
    if school is None and user is not None:
        school = selectors.school_through(user)
    row = services.job_create(
        caller=name_of(request),
        kind=JobKind.RESULTS,
        school=school,
        user=user,
        wish={
            "classroom": str(classroom.public_id) if classroom else None,
            "format": wish["format"],
            "since": since.isoformat() if since else None,
            "after": 0,
            "classrooms": [str(classroom.public_id)] if classroom else [],
        },
        total_count=selectors.results_seen(caller_of(request), classroom, since).count(),
        now=timezone.now(),
    )
    place = reverse("api:job", kwargs={"job": row.public_id})
    return Response(job_public(row), status=202, headers={"Location": place})
