"""The quizzes of a class as one of its students sees them: no key, no grade before its time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from django.db.models import QuerySet
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.classrooms.models import Accommodation, Classroom
from apps.classrooms.selectors import Accommodated
from apps.content.markdown import render_markdown
from apps.content.models import Course
from apps.core.errors import NotFound
from apps.grades.models import CurrentGrade
from apps.quizzes.disclosure import Disclosed, Policy, Rule, disclosed
from apps.quizzes.enums import AttemptState
from apps.quizzes.models import Assignment, Attempt
from apps.quizzes.selectors.attempts import window_of
from apps.quizzes.selectors.bank import question_context
from apps.quizzes.timing import Window

State = Literal["planned", "running", "late", "open", "done", "closed"]
_GRANTED = ("time_ratio", "extra_attempts", "opens_at", "due_at", "closes_at")


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """An attempt in a list. points: None while they may not be seen, or are not known."""

    attempt: Attempt
    points: Decimal | None


@dataclass(frozen=True, slots=True)
class AssignedQuiz:
    """An assignment for one student; `window` counts what they are granted.

    grade: None while it may not be seen, or there is none.
    closed_at: when the last student's time is over.  None: never.
    """

    assignment: Assignment
    window: Window
    closed_at: datetime | None
    attempts: Sequence[AttemptLine]
    grade: Decimal | None
    state: State

    @property
    def running(self) -> Attempt | None:
        for line in self.attempts:
            if line.attempt.state == AttemptState.OPEN:
                return line.attempt
        return None

    @property
    def finished(self) -> list[AttemptLine]:
        return [line for line in self.attempts if line.attempt.state != AttemptState.OPEN]

    @property
    def attempts_left(self) -> int | None:
        """None: as many as they like."""
        if self.window.attempt_limit is None:
            return None
        return max(0, self.window.attempt_limit - len(self.attempts))

    @property
    def may_start(self) -> bool:
        return self.state in {"open", "late"}


def assigned_quizzes(classroom: Classroom, student: User, now: datetime) -> list[AssignedQuiz]:
    """Every quiz that students of the class can see, by due date.  Queries: 4."""
    rows = _published(classroom)
    return _assigned(list(rows), classroom, student, now)


def assigned_quiz(
    classroom: Classroom, student: User, public_id: UUID, now: datetime
) -> AssignedQuiz:
    """Raises: NotFound, also for what is not published.  Queries: 4."""
    rows = list(_published(classroom).filter(public_id=public_id))
    if not rows:
        raise NotFound(_("There is no such quiz in your class."))
    return _assigned(rows, classroom, student, now)[0]


def assigned_among(
    classroom: Classroom, student: User, pks: Sequence[int], now: datetime
) -> dict[int, AssignedQuiz]:
    """Those of some assignments that students of the class can see, by primary key.  Queries: 4."""
    rows = _published(classroom).filter(pk__in=pks)
    found = _assigned(list(rows), classroom, student, now)
    return {each.assignment.pk: each for each in found}


def instructions_html(assignment: Assignment, course: Course) -> SafeString:
    """What the instructor wrote for the class, rendered and sanitised; "" for nothing.

    Queries: those of `question_context`, where there is something to render.
    """
    if not assignment.instructions.strip():
        return SafeString("")
    return mark_safe(render_markdown(assignment.instructions, question_context(course)).html)


def policy_of(assignment: Assignment) -> Policy:
    """What the assignment shows, and when, as quizzes.disclosure reads it."""
    return Policy(
        score=Rule(assignment.score_when, assignment.score_at),
        correctness=Rule(assignment.correctness_when, assignment.correctness_at),
        feedback=Rule(assignment.feedback_when, assignment.feedback_at),
        key=Rule(assignment.key_when, assignment.key_at),
    )


def disclosed_of(
    assignment: Assignment, attempt: Attempt, *, closed_at: datetime | None, now: datetime
) -> Disclosed:
    """What of an attempt its student may see now: a score also waits for the grade's release.

    So does what a person marked where the grade is held though its time has come; and it waits
    until all of the attempt is marked, for until then a marker may think again.
    """
    may = disclosed(
        policy_of(assignment),
        is_submitted=attempt.state != AttemptState.OPEN,
        closed_at=closed_at,
        now=now,
    )
    item = assignment.grade_item
    is_released = item is not None and item.released_at is not None
    is_held = may.score and not is_released
    return replace(
        may,
        score=may.score and is_released,
        marks=attempt.state == AttemptState.GRADED and not is_held,
    )


def _published(classroom: Classroom) -> QuerySet[Assignment]:
    return (
        Assignment.objects.filter(classroom=classroom, published_at__isnull=False)
        .select_related("quiz", "grade_item")
        .order_by("due_at", "id")
    )


def _assigned(
    assignments: Sequence[Assignment], classroom: Classroom, student: User, now: datetime
) -> list[AssignedQuiz]:
    attempts: dict[int | None, list[Attempt]] = {row.pk: [] for row in assignments}
    for attempt in Attempt.objects.filter(
        assignment__in=[row.pk for row in assignments], student=student
    ).order_by("number"):
        attempts[attempt.assignment_id].append(attempt)
    grades: dict[int, Decimal | None] = dict(
        CurrentGrade.objects.filter(
            item__in=[row.grade_item_id for row in assignments],
            item__released_at__isnull=False,
            student=student,
        ).values_list("item_id", "points")
    )
    granted = _Granted.of(classroom)
    shown = []
    for assignment in assignments:
        assignment.classroom = classroom
        closed_at = granted.closing_of(assignment)
        window = window_of(assignment, granted.to(student, assignment))
        lines = []
        may_see = False
        for attempt in attempts[assignment.pk]:
            may = disclosed_of(assignment, attempt, closed_at=closed_at, now=now)
            may_see = may_see or may.score
            lines.append(AttemptLine(attempt, attempt.points if may.score else None))
        shown.append(
            AssignedQuiz(
                assignment=assignment,
                window=window,
                closed_at=closed_at,
                attempts=lines,
                grade=grades.get(assignment.grade_item_id or 0) if may_see else None,
                state=state_of(
                    window,
                    tries=len(attempts[assignment.pk]),
                    is_running=any(
                        attempt.state == AttemptState.OPEN for attempt in attempts[assignment.pk]
                    ),
                    now=now,
                ),
            )
        )
    return shown


def state_of(window: Window, *, tries: int, is_running: bool, now: datetime) -> State:
    """Whether a student may begin an attempt now, and if not, why not."""
    if is_running:
        return "running"
    if window.opens_at is not None and now < window.opens_at:
        return "planned"
    if window.closes_at is not None and now >= window.closes_at:
        return "closed"
    if window.attempt_limit is not None and tries >= window.attempt_limit:
        return "done"
    return "late" if window.due_at is not None and now > window.due_at else "open"


@dataclass(frozen=True, slots=True)
class _Granted:
    """Everything granted in a class, in one query: whose time ends when decides the disclosure."""

    rows: Sequence[dict[str, Any]]

    @classmethod
    def of(cls, classroom: Classroom) -> _Granted:
        rows = Accommodation.objects.filter(
            enrolment__classroom=classroom, enrolment__removed_at__isnull=True
        )
        return cls(list(rows.values("enrolment__user_id", "activity_id", *_GRANTED)))

    def to(self, student: User, assignment: Assignment) -> Accommodated:
        mine = [row for row in self._in(assignment) if row["enrolment__user_id"] == student.pk]
        said: dict[str, Any] = {}
        for row in sorted(mine, key=lambda row: row["activity_id"] is not None):
            said |= {name: row[name] for name in _GRANTED if row[name] is not None}
        return Accommodated(**said)

    def closing_of(self, assignment: Assignment) -> datetime | None:
        """When the last student's time is over.  None: never."""
        if assignment.closes_at is None:
            return None
        moments = [row[name] for row in self._in(assignment) for name in ("closes_at", "due_at")]
        return max([assignment.closes_at, *(moment for moment in moments if moment)])

    def _in(self, assignment: Assignment) -> Iterable[dict[str, Any]]:
        return (row for row in self.rows if row["activity_id"] in {None, assignment.public_id})
