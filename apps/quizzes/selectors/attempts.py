"""Reads around attempts: each begins from what the person may see."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.urls import reverse

from apps.classrooms.selectors import Accommodated
from apps.quizzes.enums import AttemptState
from apps.quizzes.models import Assignment, Attempt
from apps.quizzes.querysets import AttemptQuerySet
from apps.quizzes.timing import GRACE, Window


def window_of(assignment: Assignment, granted: Accommodated) -> Window:
    """When and how often one student may attempt it.  Queries: 0."""
    everybody = Window(
        opens_at=assignment.opens_at,
        due_at=assignment.due_at,
        closes_at=assignment.closes_at,
        time_limit_seconds=assignment.time_limit_seconds,
        attempt_limit=assignment.attempt_limit,
    )
    return everybody.for_student(
        time_ratio=granted.time_ratio,
        extra_attempts=granted.extra_attempts,
        opens_at=granted.opens_at,
        due_at=granted.due_at,
        closes_at=granted.closes_at,
    )


def attempts_over(now: datetime) -> AttemptQuerySet:
    """Open attempts whose time, and the grace for the network, are over."""
    return Attempt.objects.filter(state=AttemptState.OPEN, closes_at__lt=now - GRACE)


def attempt_path(attempt: Attempt) -> str:
    """Where the attempt is reviewed; student and instructor each see what they may."""
    return reverse("quizzes:attempt-review", args=[attempt.public_id])


def can_skip_locked() -> bool:
    """SQLite has no row locks: one writer at a time, so there is nothing to skip."""
    return connection.features.has_select_for_update_skip_locked
