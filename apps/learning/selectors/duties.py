"""The classes that somebody learns in, with what they are granted, and what these have set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import F
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.classrooms.enums import STAFF_ROLES, Role
from apps.classrooms.models import Enrolment
from apps.classrooms.selectors import Accommodated
from apps.debates.enums import PhaseKind
from apps.debates.selectors import AgendaDebate, debates_agenda
from apps.quizzes.selectors import AgendaQuiz, quizzes_agenda

SOON = timedelta(days=28)
_GRANTED = ("time_ratio", "extra_attempts", "opens_at", "due_at", "closes_at")


@dataclass(frozen=True, slots=True)
class Learning:
    """The classes of one student: those that run, all of them, and what is granted in each.

    teaching: those that run and have them on their staff, by title.
    """

    running: frozenset[int]
    everything: frozenset[int]
    granted: dict[tuple[int, UUID | None], Accommodated]
    teaching: Sequence[Taught]


@dataclass(frozen=True, slots=True)
class Taught:
    public_id: UUID
    title: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something that is to be done by a moment, or whenever (at: None).

    uid: the same as long as the thing exists.  kind: "quiz" or "debate".
    """

    uid: str
    kind: str
    title: str
    what: str
    class_title: str
    path: str
    at: datetime | None
    is_late: bool = False
    changed_at: datetime | None = None


def learning_of(user: User) -> Learning:
    """Queries: 1, a row for each class and thing granted in it."""
    names = [f"accommodations__{name}" for name in ("activity_id", *_GRANTED)]
    every = list(
        Enrolment.objects.active()
        .filter(user=user)
        .order_by(F("accommodations__activity_id").asc(nulls_first=True))
        .values(
            *("role", "classroom_id", "classroom__public_id", "classroom__title"),
            *("classroom__archived_at", *names),
        )
    )
    rows = [row for row in every if row["role"] == Role.STUDENT]
    granted: dict[tuple[int, UUID | None], Accommodated] = {}
    for row in rows:
        said: dict[str, Any] = {
            name: value
            for name in _GRANTED
            if (value := row[f"accommodations__{name}"]) is not None
        }
        place = row["classroom_id"]
        # What holds in all of the class comes first; an activity's row speaks over it.
        everywhere = granted.get((place, None), Accommodated())
        granted[(place, row["accommodations__activity_id"])] = replace(everywhere, **said)
    return Learning(
        running=frozenset(
            row["classroom_id"] for row in rows if row["classroom__archived_at"] is None
        ),
        everything=frozenset(row["classroom_id"] for row in rows),
        granted=granted,
        teaching=[
            Taught(row["classroom__public_id"], row["classroom__title"])
            for row in sorted(every, key=lambda row: row["classroom__title"])
            if row["role"] in STAFF_ROLES and row["classroom__archived_at"] is None
        ],
    )


def agendas_of(
    user: User, learning: Learning, now: datetime
) -> tuple[list[AgendaQuiz], list[AgendaDebate]]:
    """Quizzes of every class, for what they have shown; debates of those that run.  Queries: 2."""
    return (
        quizzes_agenda(user, learning.everything, learning.granted, now),
        debates_agenda(user, learning.running, now),
    )


def deadlines_owed(
    learning: Learning,
    quizzes: Sequence[AgendaQuiz],
    debates: Sequence[AgendaDebate],
    now: datetime,
) -> list[Deadline]:
    """What is still to be done in running classes, the first to end at the top; no date last.

    Of a debate the next phase in which something is lacking.
    """
    owed = [
        quiz_deadline(quiz)
        for quiz in quizzes
        if quiz.is_owed and quiz.assignment.classroom_id in learning.running
    ]
    for debate in debates:
        ends = zip(debate_deadlines(debate), debate.windows, strict=True)
        open_ends = (
            each for each, window in ends if window.closes_at > now and debate.owes_in(window.kind)
        )
        owed += list(islice(open_ends, 1))
    return sorted(owed, key=lambda each: (each.at is None, each.at or now, each.title))


def quiz_deadline(quiz: AgendaQuiz) -> Deadline:
    row = quiz.assignment
    return Deadline(
        uid=f"quiz-{row.public_id}",
        kind="quiz",
        title=row.title,
        what=_("Quiz"),
        class_title=row.classroom.title,
        path=reverse("quizzes:assignment", args=[row.classroom.public_id, row.public_id]),
        at=quiz.ends_at,
        is_late=quiz.state == "late",
        changed_at=row.updated_at,
    )


def debate_deadlines(debate: AgendaDebate) -> list[Deadline]:
    """The end of each phase, in order."""
    run = debate.run
    return [
        Deadline(
            uid=f"debate-{run.public_id}-{window.kind}",
            kind="debate",
            title=run.motion,
            what=str(PhaseKind(window.kind).label),
            class_title=run.classroom.title,
            path=reverse("debates:run", args=[run.classroom.public_id, run.public_id]),
            at=window.closes_at,
            changed_at=run.updated_at,
        )
        for window in debate.windows
    ]


def is_today(moment: datetime, now: datetime) -> bool:
    """By the calendar of whoever reads the page."""
    return localdate(moment) == localdate(now)
