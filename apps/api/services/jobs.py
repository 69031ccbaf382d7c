"""Long work, done by the worker a part at a time, so that whoever asked sees it advance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction

from apps.accounts.models import School, User
from apps.api import selectors
from apps.api.enums import JobKind, JobState
from apps.api.models import Job
from apps.api.services.exports import results_part
from apps.api.services.rosters import roster_put
from apps.classrooms.models import Classroom
from apps.core.errors import DomainError

PART = 200  # people in one transaction
LEASE = timedelta(minutes=2)  # longer than a part lasts
JOBS_AT_ONCE = 5

logger = structlog.get_logger(__name__)


def job_create(
    *,
    caller: str,
    kind: JobKind,
    school: School | None,
    user: User | None,
    wish: dict[str, Any],
    total_count: int,
    now: datetime,
) -> Job:
    """Queue long work for the worker.  user: None where a client asks.  Queries: 1."""
    return Job.objects.create(
        caller=caller,
        kind=kind,
        school=school,
        user=user,
        wish=wish,
        total_count=total_count,
        created_at=now,
        due_at=now,
    )


def jobs_run_due(*, now: datetime) -> int:
    """Do what is due; a sweep of the worker.  Returns: how many jobs came to their end.

    A job is taken by moving its due time ahead. What a part does and how far the job has come are
    one commit: a worker that is killed leaves nothing half done and nothing to be done twice.
    """
    ended = 0
    while ended < JOBS_AT_ONCE:
        job = _take(now)
        if job is None:
            break
        while not _part(job.pk, now):
            pass
        ended += 1
    return ended


@transaction.atomic
def _take(now: datetime) -> Job | None:
    rows = Job.objects.filter(state__in=[JobState.WAITING, JobState.RUNNING], due_at__lte=now)
    job = rows.select_for_update(skip_locked=True).order_by("due_at", "pk").first()
    if job is not None:
        job.state, job.due_at = JobState.RUNNING, now + LEASE
        job.save(update_fields=["state", "due_at"])
    return job


def _part(pk: int, now: datetime) -> bool:
    """Do the next part of a job.  Returns: whether that was the end of it."""
    try:
        with transaction.atomic():
            rows = Job.objects.select_for_update(of=("self",)).select_related("user", "school")
            job = rows.get(pk=pk)
            if job.state != JobState.RUNNING:
                return True
            PARTS[JobKind(job.kind)](job, now)
            job.save()
            return job.state == JobState.DONE
    except DomainError as error:
        _fail(pk, error.code, now)
    except Exception:
        logger.exception("job_failed", job=pk)
        _fail(pk, "failed", now)
    return True


def _roster_part(job: Job, now: datetime) -> None:
    """Put the next people of a long class list; whoever may no longer is refused.

    Raises: NotFound.
    """
    classroom = _classroom(job)
    people = job.wish["people"][job.done_count : job.done_count + PART]
    outcomes = roster_put(classroom=classroom, people=people, actor=job.user, now=now)
    result = job.result or {"counts": {}, "refused": []}
    result["counts"] = dict(
        Counter(result["counts"]) + Counter(outcome["outcome"] for outcome in outcomes)
    )
    result["refused"] += [
        {
            "number": job.done_count + place,
            "sis_id": outcome["sis_id"],
            "code": outcome["code"],
            "detail": outcome["detail"],
        }
        for place, outcome in enumerate(outcomes, 1)
        if outcome["outcome"] == "refused"
    ]
    job.result = result
    job.done_count += len(people)
    if job.done_count >= job.total_count:
        job.state, job.finished_at, job.wish = JobState.DONE, now, {}


def _classroom(job: Job) -> Classroom:
    """The class, as long as whoever asked may still change it."""
    key = job.wish["classroom"]
    if job.user is None:
        rows = Classroom.objects.filter(school=job.school)
        found: Classroom = selectors.by_key(rows, key, "There is no such class.")
        return found
    return selectors.classroom_run(job.user, key)


PARTS: Mapping[JobKind, Callable[[Job, datetime], None]] = {
    JobKind.ROSTER: _roster_part,
    JobKind.RESULTS: results_part,
}


def _fail(pk: int, code: str, now: datetime) -> None:
    Job.objects.filter(pk=pk, finished_at__isnull=True).update(
        state=JobState.FAILED, failure=code, finished_at=now, wish={}
    )
