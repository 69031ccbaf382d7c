"""Whom the events of debates concern, and who may know of what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse

from apps.core.models import Event
from apps.debates.enums import ArgumentState, ModerationKind
from apps.debates.models import Argument, RunPhase
from apps.debates.selectors import parts_owed
from apps.notifications.enums import Kind, SubjectKind
from apps.notifications.models import Notification
from apps.notifications.selectors.told import Told, members_of, staff_of, students_of

# What a moderator does to an argument that its author is told of.
ACTS = tuple(act for act in ModerationKind.values if act != ModerationKind.DISMISS)
# A phase that opened longer ago is no news.
FRESH = timedelta(days=1)
# From when a phase that ends is told to those who still owe something in it.
SOON = timedelta(days=1)


def answered(events: Sequence[Event]) -> Iterator[Told]:
    """argument.posted: the author of what it answers, who has written and so sees answers.

    Queries: 2.
    """
    rows = _arguments(events)
    members = members_of({row.run.classroom_id for row in rows.values()})
    for event in events:
        row = rows.get(event.subject_id)
        if row is None or row.parent is None or row.state != ArgumentState.VISIBLE:
            continue
        author = row.parent.author.user_id
        if row.author.user_id != author and (row.run.classroom_id, author) in members:
            yield _told(row, author, Kind.REPLY, event, path=_path_of(row))


def moderated(events: Sequence[Event]) -> Iterator[Told]:
    """argument.hide, .remove, .warn and the like: its author.  Queries: 2."""
    rows = _arguments(events)
    members = members_of({row.run.classroom_id for row in rows.values()})
    for event in events:
        row = rows.get(event.subject_id)
        if row is not None and (row.run.classroom_id, row.author.user_id) in members:
            act = event.kind.removeprefix("argument.")
            author = row.author.user_id
            yield _told(row, author, Kind.MODERATION, event, path=_path_of(row), detail=act)


def reported(events: Sequence[Event]) -> Iterator[Told]:
    """argument.reported: the staff of its class.  Queries: 2."""
    rows = _arguments(events)
    staff = staff_of({row.run.classroom_id for row in rows.values()})
    for event in events:
        row = rows.get(event.subject_id)
        if row is None:
            continue
        for person in staff[row.run.classroom_id]:
            places = [row.run.classroom.public_id, row.run.public_id]
            path = reverse("debates:moderation", args=places)
            yield _told(row, person, Kind.REPORT, event, path=path)


def phases_opened(now: datetime) -> Iterator[Told]:
    """Phases that opened within a day and are told to nobody yet: the students.

    Queries: 1, or 3 where one opened.
    """
    rows = list(
        RunPhase.objects.filter(
            opens_at__lte=now,
            opens_at__gt=now - FRESH,
            closes_at__gt=now,
            run__classroom__archived_at__isnull=True,
        )
        .select_related("run__classroom")
        .order_by("opens_at", "pk")
    )
    if not rows:
        return
    told = Notification.objects.filter(kind=Kind.PHASE, happened_at__gt=now - 2 * FRESH)
    known = set(told.values_list("cause", flat=True).distinct())
    students = students_of({row.run.classroom_id for row in rows})
    for row in rows:
        place = row.run.classroom
        cause = f"phase {row.run.public_id} {row.kind} {row.opens_at:%Y-%m-%dT%H:%M:%SZ}"
        for person in () if cause in known else students[place.pk]:
            yield Told(
                recipient_id=person,
                kind=Kind.PHASE,
                cause=cause,
                subject_kind=SubjectKind.DEBATE_RUN,
                subject_id=row.run.public_id,
                classroom_id=place.pk,
                path=reverse("debates:run", args=[place.public_id, row.run.public_id]),
                happened_at=row.opens_at,
                detail=row.kind,
            )


def phases_closing(now: datetime) -> Iterator[Told]:
    """Phases that end within a day: the students who have not given what they are there for.

    Of a phase shorter than two days in its second half, as its beginning told of its end.
    Told again where the end is moved.  Queries: 1, or 6 where one ends.
    """
    rows = [
        row
        for row in RunPhase.objects.filter(
            opens_at__lte=now,
            closes_at__gt=now,
            closes_at__lte=now + SOON,
            run__classroom__archived_at__isnull=True,
        )
        .select_related("run__classroom")
        .defer("run__background_html")
        .order_by("closes_at", "pk")
        if now >= row.closes_at - (row.closes_at - row.opens_at) / 2
    ]
    if not rows:
        return
    told = Notification.objects.filter(kind=Kind.DEADLINE, happened_at__gt=now - 2 * SOON)
    known = set(told.values_list("recipient_id", "cause"))
    students = students_of({row.run.classroom_id for row in rows})
    owed = parts_owed(rows, students)
    for row in rows:
        place = row.run.classroom
        cause = f"closes {row.run.public_id} {row.kind} {row.closes_at:%Y-%m-%dT%H:%M:%SZ}"
        for person in students[place.pk]:
            if (row.pk, person) in owed and (person, cause) not in known:
                yield Told(
                    recipient_id=person,
                    kind=Kind.DEADLINE,
                    cause=cause,
                    subject_kind=SubjectKind.DEBATE_RUN,
                    subject_id=row.run.public_id,
                    classroom_id=place.pk,
                    path=reverse("debates:run", args=[place.public_id, row.run.public_id]),
                    happened_at=now,
                    detail=row.kind,
                )


def _arguments(events: Sequence[Event]) -> dict[UUID, Argument]:
    """Without a word of what they say."""
    rows = (
        Argument.objects.filter(
            public_id__in={event.subject_id for event in events},
            run__classroom__archived_at__isnull=True,
        )
        .select_related("run__classroom", "author", "parent__author")
        .defer("text", "html", "parent__text", "parent__html", "run__background_html")
    )
    return {row.public_id: row for row in rows}


def _path_of(row: Argument) -> str:
    """Leads to where the argument stands when somebody follows it."""
    places = [row.run.classroom.public_id, row.run.public_id, row.public_id]
    return reverse("debates:argument", args=places)


def _told(
    row: Argument, person: int, kind: Kind, event: Event, *, path: str, detail: str = ""
) -> Told:
    return Told(
        recipient_id=person,
        kind=kind,
        cause=f"event {event.pk}",
        subject_kind=SubjectKind.ARGUMENT,
        subject_id=row.public_id,
        classroom_id=row.run.classroom_id,
        path=path,
        happened_at=event.happened_at,
        actor_id=event.actor_id,
        detail=detail,
    )
