"""A whole debate as a file."""

from __future__ import annotations

import json
from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify

from apps.accounts.views.pace import check_pace
from apps.classrooms.views.pages import page
from apps.debates import policies, selectors, transcripts
from apps.debates.transcripts import Transcript
from apps.debates.views.places import seat_at


def _aif(transcript: Transcript) -> str:
    return json.dumps(transcripts.as_aif(transcript), ensure_ascii=False, indent=1)


# name: (how it is written, its media type, the ending of the file's name)
FORMATS: dict[str, tuple[Callable[[Transcript], str], str, str]] = {
    "markdown": (transcripts.as_markdown, "text/markdown", "md"),
    "arguments": (transcripts.as_csv, "text/csv", "csv"),
    "stances": (transcripts.stances_as_csv, "text/csv", "csv"),
    "aif": (_aif, "application/json", "json"),
}


@page
def exports(request: HttpRequest, public_id: UUID, run_id: UUID) -> HttpResponse:
    """Which files there are, with names or without."""
    seat = seat_at(request, public_id, run_id, now=timezone.now(), roles=policies.STAFF)
    context = {"classroom": seat.run.classroom, "seat": seat}
    return render(request, "debates/staff/exports.html", context)


@page
def export(request: HttpRequest, public_id: UUID, run_id: UUID, kind: str) -> HttpResponse:
    """One file. `names=1` asks for people's names; without it they are numbers."""
    seat = seat_at(request, public_id, run_id, now=timezone.now(), roles=policies.STAFF)
    if kind not in FORMATS:
        raise Http404
    check_pace(request, "export")
    write, media, ending = FORMATS[kind]
    transcript = selectors.transcript_of(seat.run, is_named=request.GET.get("names") == "1")
    name = f"{slugify(seat.run.motion)[:60] or 'debate'}-{kind}.{ending}"
    return HttpResponse(
        write(transcript),
        content_type=f"{media}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
