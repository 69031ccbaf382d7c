"""Whom the events of quizzes concern."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import Combinable
from django.urls import reverse

from apps.classrooms.models import Accommodation, Classroom
from apps.classrooms.selectors import accommodations_for
from apps.core.models import Event
from apps.notifications.enums import Kind, SubjectKind
from apps.notifications.models import Notification
from apps.notifications.selectors.told import Told, staff_of, students_of
from apps.quizzes.enums import AttemptState, ContestState
from apps.quizzes.models import Assignment, Attempt, Contest
from apps.quizzes.selectors import assignment_path, attempt_path, window_of

SOON = timedelta(hours=24)


def published(events: Sequence[Event]) -> Iterator[Told]:
    """assignment.published: the students of its class.  Queries: 2."""
    rows = {row.public_id: row for row in _assignments(Q(public_id__in=_subjects(events)))}
    students = students_of({row.classroom_id for row in rows.values()})
    for event in events:
        row = rows.get(event.subject_id)
        if row is None:
            continue
        for student in students[row.classroom_id]:
            yield _of_assignment(row, Kind.ASSIGNMENT, f"event {event.pk}", student, event)


def submitted(events: Sequence[Event]) -> Iterator[Told]:
    """attempt.submitted: where a person must mark it, the staff, once a quiz and day.

    Queries: 2.
    """
    attempts = Attempt.objects.filter(
        public_id__in=_subjects(events),
        state=AttemptState.SUBMITTED,
        assignment__classroom__archived_at__isnull=True,
    ).select_related("assignment__classroom")
    rows = {row.public_id: row.assignment for row in attempts if row.assignment}
    staff = staff_of({row.classroom_id for row in rows.values()})
    seen = set()
    for event in events:
        row = rows.get(event.subject_id)
        if row is None:
            continue
        cause = f"marking {row.public_id} {event.happened_at:%Y-%m-%d}"
        for person in () if cause in seen else staff[row.classroom_id]:
            yield _of_assignment(row, Kind.MARKING, cause, person, event)
        seen.add(cause)


def objected(events: Sequence[Event]) -> Iterator[Told]:
    """contest.opened: the staff of its class.  Queries: 2."""
    rows = _contests(events, [ContestState.OPEN])
    staff = staff_of({_class_of(row).pk for row in rows.values()})
    for event in events:
        row = rows.get(event.subject_id)
        if row is None:
            continue
        place = _class_of(row)
        for person in staff[place.pk]:
            yield Told(
                recipient_id=person,
                kind=Kind.OBJECTION,
                cause=f"event {event.pk}",
                subject_kind=SubjectKind.CONTEST,
                subject_id=row.public_id,
                classroom_id=place.pk,
                path=reverse("quizzes:objection", args=[place.public_id, row.public_id]),
                happened_at=event.happened_at,
                actor_id=event.actor_id,
            )


def decided(events: Sequence[Event]) -> Iterator[Told]:
    """contest.accepted, contest.declined: who objected.  Queries: 2."""
    rows = _contests(events, [ContestState.ACCEPTED, ContestState.DECLINED])
    students = students_of({_class_of(row).pk for row in rows.values()})
    for event in events:
        row = rows.get(event.subject_id)
        if row is None:
            continue
        place, attempt = _class_of(row), row.response.attempt
        if attempt.student_id in students[place.pk]:
            yield Told(
                recipient_id=attempt.student_id,
                kind=Kind.DECISION,
                cause=f"event {event.pk}",
                subject_kind=SubjectKind.CONTEST,
                subject_id=row.public_id,
                classroom_id=place.pk,
                path=attempt_path(attempt),
                happened_at=event.happened_at,
                actor_id=event.actor_id,
            )


def due_soon(now: datetime) -> Iterator[Told]:
    """What is due within a day, each student by their own dates, unless they have handed it in.

    Told again where the date is moved.  Queries: 4, and 1 for each quiz that is due.
    """
    until = now + SOON
    granted = Accommodation.objects.filter(
        Q(activity_id__isnull=True) | Q(activity_id=OuterRef("public_id")),
        Q(due_at__gt=now, due_at__lte=until) | Q(closes_at__gt=now, closes_at__lte=until),
        enrolment__classroom=OuterRef("classroom"),
    )
    rows = list(
        _assignments(
            Q(due_at__gt=now, due_at__lte=until)
            | Q(due_at__isnull=True, closes_at__gt=now, closes_at__lte=until)
            | Exists(granted)
        )
    )
    if not rows:
        return
    students = students_of({row.classroom_id for row in rows})
    handed_in = set(
        Attempt.objects.filter(assignment__in=rows)
        .exclude(state=AttemptState.OPEN)
        .values_list("assignment_id", "student_id")
    )
    known = set(
        Notification.objects.filter(kind=Kind.DEADLINE, happened_at__gt=now - 2 * SOON).values_list(
            "recipient_id", "cause"
        )
    )
    for row in rows:
        people = [one for one in students[row.classroom_id] if (row.pk, one) not in handed_in]
        grants = accommodations_for(row.classroom, people, row.public_id)
        for person in people:
            window = window_of(row, grants[person])
            due = window.due_at or window.closes_at
            if due is None or not now < due <= until:
                continue
            cause = f"due {row.public_id} {due:%Y-%m-%dT%H:%M:%SZ}"
            if (person, cause) not in known:
                yield Told(
                    recipient_id=person,
                    kind=Kind.DEADLINE,
                    cause=cause,
                    subject_kind=SubjectKind.ASSIGNMENT,
                    subject_id=row.public_id,
                    classroom_id=row.classroom_id,
                    path=assignment_path(row),
                    happened_at=now,
                )


def _subjects(events: Sequence[Event]) -> set[UUID]:
    return {event.subject_id for event in events}


def _assignments(which: Combinable | Q) -> Iterator[Assignment]:
    """Of running classes, published."""
    return iter(
        Assignment.objects.filter(which)
        .filter(published_at__isnull=False, classroom__archived_at__isnull=True)
        .select_related("classroom")
        .order_by("pk")
    )


def _contests(events: Sequence[Event], states: Sequence[str]) -> dict[UUID, Contest]:
    rows = Contest.objects.filter(
        public_id__in=_subjects(events),
        state__in=states,
        response__attempt__assignment__isnull=False,
    ).select_related("response__attempt__assignment__classroom")
    return {row.public_id: row for row in rows}


def _class_of(row: Contest) -> Classroom:
    """Whether it is of a class was asked by _contests."""
    assignment = row.response.attempt.assignment
    if assignment is None:
        raise TypeError(f"Contest {row.pk} is of no class.")
    return assignment.classroom


def _of_assignment(row: Assignment, kind: Kind, cause: str, person: int, event: Event) -> Told:
    path = assignment_path(row)
    if kind == Kind.MARKING:
        path = reverse("quizzes:marking", args=[row.classroom.public_id, row.public_id])
    return Told(
        recipient_id=person,
        kind=kind,
        cause=cause,
        subject_kind=SubjectKind.ASSIGNMENT,
        subject_id=row.public_id,
        classroom_id=row.classroom_id,
        path=path,
        happened_at=event.happened_at,
        actor_id=event.actor_id,
    )
