"""Everything that one student's classes have set, at the price of one row each: for their home."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Max, OuterRef, Q, Subquery

from apps.accounts.models import User
from apps.classrooms.models import Accommodation
from apps.classrooms.selectors import Accommodated
from apps.quizzes.disclosure import NOTHING, Disclosed
from apps.quizzes.enums import AttemptState
from apps.quizzes.models import Assignment, Attempt
from apps.quizzes.selectors.assigned import State, disclosed_of, state_of
from apps.quizzes.selectors.attempts import window_of
from apps.quizzes.timing import Window

Granted = Mapping[tuple[int, UUID | None], Accommodated]


@dataclass(frozen=True, slots=True)
class AgendaQuiz:
    """An assignment for one student; `window` counts what they are granted.

    shown: what of a submitted attempt they may see now, whose every answer is marked.
    """

    assignment: Assignment
    window: Window
    state: State
    shown: Disclosed

    @property
    def ends_at(self) -> datetime | None:
        """When it is due, or closes without having been due.  None: never."""
        return self.window.due_at or self.window.closes_at

    @property
    def is_owed(self) -> bool:
        return self.state in {"planned", "running", "late", "open"}


def quizzes_agenda(
    student: User, classrooms: Collection[int], granted: Granted, now: datetime
) -> list[AgendaQuiz]:
    """What is published in these classes of the student, by when it is due for everybody.

    granted: {(class, activity or None for all of the class): what the student is granted}.
    Queries: 1.
    """
    mine = Attempt.objects.filter(student=student, assignment=OuterRef("pk")).order_by()
    times = Accommodation.objects.filter(
        Q(activity_id__isnull=True) | Q(activity_id=OuterRef("public_id")),
        enrolment__classroom=OuterRef("classroom"),
        enrolment__removed_at__isnull=True,
    ).order_by()
    by_class = times.values("enrolment__classroom")
    rows = (
        Assignment.objects.filter(classroom__in=classrooms, published_at__isnull=False)
        .select_related("grade_item", "classroom")
        .annotate(
            tries=Subquery(mine.values("assignment").annotate(number=Count("pk")).values("number")),
            has_open=Exists(mine.filter(state=AttemptState.OPEN)),
            has_submitted=Exists(mine.exclude(state=AttemptState.OPEN)),
            # When the last student's time is over, with the one above all in the class.
            last_close=Subquery(by_class.annotate(last=Max("closes_at")).values("last")),
            last_due=Subquery(by_class.annotate(last=Max("due_at")).values("last")),
        )
        .order_by(F("due_at").asc(nulls_last=True), "pk")
    )
    return [_agenda_quiz(row, granted, now) for row in rows]


def _agenda_quiz(row: Any, granted: Granted, now: datetime) -> AgendaQuiz:
    everywhere = granted.get((row.classroom_id, None), Accommodated())
    window = window_of(row, granted.get((row.classroom_id, row.public_id), everywhere))
    closed_at = None
    if row.closes_at is not None:
        closed_at = max(filter(None, (row.closes_at, row.last_close, row.last_due)))
    shown = NOTHING
    if row.has_submitted:
        sample = Attempt(state=AttemptState.GRADED)
        shown = disclosed_of(row, sample, closed_at=closed_at, now=now)
    return AgendaQuiz(
        assignment=row,
        window=window,
        state=state_of(window, tries=row.tries or 0, is_running=row.has_open, now=now),
        shown=shown,
    )
