"""The next lines of a file of results, and its end."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import Any

import orjson
from django.urls import reverse

from apps.api import selectors
from apps.api.enums import ExportFormat, JobState
from apps.api.models import Job, JobPart
from apps.api.selectors import telling
from apps.classrooms.roster import neutralise

_CLASSROOM = telling.FIELDS_EVERYWHERE["classroom_id"]
ROWS = 1000  # in one transaction, and in one row of JobPart


def _moment(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def results_part(job: Job, now: datetime) -> None:
    """Write the next results of a job, or end it; whoever may see none any more gets none.

    Raises: NotFound.  Queries: 5.
    """
    wish = job.wish
    caller = selectors.caller_of_job(job)
    classroom = selectors.classroom_taught(caller, wish["classroom"]) if wish["classroom"] else None
    since = datetime.fromisoformat(wish["since"]) if wish["since"] else None
    fields = telling.FIELDS if classroom else telling.FIELDS_EVERYWHERE
    rows = list(
        selectors.results_seen(caller, classroom, since)
        .filter(pk__gt=wish["after"])
        .order_by("pk")
        .values("pk", _CLASSROOM, *fields.values())[:ROWS]
    )
    told = [telling.told({name: row[path] for name, path in fields.items()}) for row in rows]
    spoken_of = {str(row[_CLASSROOM]) for row in rows}
    wish["classrooms"] = sorted(spoken_of.union(wish["classrooms"]))
    is_first = wish["after"] == 0
    text = (
        _lines(told)
        if wish["format"] == ExportFormat.LINES
        else _table(fields, told, has_head=is_first)
    )
    if text:
        JobPart.objects.create(job=job, number=wish["after"], text=text)
    job.done_count += len(rows)
    if len(rows) == ROWS:
        wish["after"] = rows[-1]["pk"]
        return
    job.result = {
        "file": reverse("api:job-file", kwargs={"job": job.public_id}),
        "format": wish["format"],
        "rows": job.done_count,
        "classroom_id": wish["classroom"],
        "watermark": _moment(job.created_at - selectors.OVERLAP),
        "expires_at": _moment(now + selectors.FILES_KEPT),
    }
    job.state, job.finished_at = JobState.DONE, now
    job.wish = {"classrooms": wish["classrooms"]}  # whoever fetches the file must see them still


def _lines(rows: list[dict[str, Any]]) -> str:
    """As the lists of the API have them; points, which are decimals here, are numbers."""
    style = orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE
    return b"".join(orjson.dumps(row, default=float, option=style) for row in rows).decode()


def _table(fields: dict[str, str], rows: list[dict[str, Any]], *, has_head: bool) -> str:
    """A cell that a spreadsheet would compute is quoted; None is an empty one."""
    out = io.StringIO()
    writer = csv.writer(out)
    if has_head:
        writer.writerow(fields)
    for row in rows:
        cells = [_moment(each) if isinstance(each, datetime) else each for each in row.values()]
        writer.writerow(["" if cell is None else neutralise(str(cell)) for cell in cells])
    return out.getvalue()
