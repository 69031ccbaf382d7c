"""From what happened to who is told: read the outbox, find whom it concerns, write it once."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Exists, OuterRef

from apps.accounts.models import User
from apps.core import services as core
from apps.core.models import Event
from apps.notifications.enums import URGENT
from apps.notifications.models import Notification, Preference
from apps.notifications.schedule import Clock, letter_due
from apps.notifications.selectors import (
    clocks,
    from_debates,
    from_grades,
    from_notes,
    from_quizzes,
)
from apps.notifications.selectors.told import Told
from apps.notifications.services.choices import letters_reschedule

READER = "notifications"
EVENTS_AT_ONCE = 500
SWEEP_SECONDS = 10.0  # after which other sweeps have their turn
# What is found later than this stands in the site alone: a letter would be old news.
TOO_LATE_FOR_LETTERS = timedelta(days=3)

Teller = Callable[[Sequence[Event]], Iterator[Told]]

# Each is asked once for all events of its kind, so that queries do not grow with them.
TELLERS: dict[str, Teller] = {
    "assignment.published": from_quizzes.published,
    "attempt.submitted": from_quizzes.submitted,
    "contest.opened": from_quizzes.objected,
    "contest.accepted": from_quizzes.decided,
    "contest.declined": from_quizzes.decided,
    "grade_item.released": from_grades.released,
    "grade.changed": from_grades.changed,
    "argument.posted": from_debates.answered,
    "argument.reported": from_debates.reported,
    "note.hidden": from_notes.moderated,
    "note.shown": from_notes.moderated,
    **{f"argument.{act}": from_debates.moderated for act in from_debates.ACTS},
}


def events_tell(*, now: datetime) -> int:
    """Tell of everything that the outbox holds and this app has not read; a sweep of the worker.

    Returns: how many events were read.
    """
    began, read = time.monotonic(), 0
    while count := events_fan_out(now=now):
        read += count
        if count < EVENTS_AT_ONCE or time.monotonic() - began > SWEEP_SECONDS:
            break
    return read


@transaction.atomic
def events_fan_out(*, now: datetime) -> int:
    """Tell of the next events of the outbox.  Returns: how many were read.

    The notifications and the cursor are written together: a worker killed in between has done
    neither, and a second worker waits for the first.
    Locks: EventCursor.  Queries: for each kind of event that came at most 3, and 8.
    """
    events = core.events_take(reader=READER, limit=EVENTS_AT_ONCE)
    by_teller: dict[Teller, list[Event]] = defaultdict(list)
    for event in events:
        if event.kind in TELLERS:
            by_teller[TELLERS[event.kind]].append(event)
    tell((one for teller, these in by_teller.items() for one in teller(these)), now=now)
    _clocks_follow(events, now)
    return len(events)


@transaction.atomic
def deadlines_tell(*, now: datetime) -> int:
    """Remind of what is due within a day; a sweep.  Returns: how many were told."""
    return tell((*from_quizzes.due_soon(now), *from_debates.phases_closing(now)), now=now)


@transaction.atomic
def phases_tell(*, now: datetime) -> int:
    """Say which debates have entered a new phase; a sweep.  Returns: how many were told."""
    return tell(from_debates.phases_opened(now), now=now)


def tell(found: Iterable[Told], *, now: datetime) -> int:
    """Write what is not written yet, as each wants to be told; nobody is told of their own deed.

    Returns: how many were to be told.  Queries: 3, however many people (SQLite takes 60 rows an
    insert).
    """
    wanted = list(found)
    if not wanted:
        return 0
    people = _people({one.recipient_id for one in wanted})
    rows = []
    for one in wanted:
        person = people.get(one.recipient_id)
        if person is None or person.public_id == one.actor_id:
            continue
        in_site, by_email = person.choices.get(one.kind, (True, True))
        due_at = None
        if by_email and person.may_be_written_to and now - one.happened_at < TOO_LATE_FOR_LETTERS:
            due_at = letter_due(person.clock, is_urgent=one.kind in URGENT, now=now)
        if in_site or due_at:
            rows.append(_row(one, is_listed=in_site, letter_due_at=due_at))
    # A fact that is known already, to another worker or from before, is left as it is.
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


@dataclass(frozen=True, slots=True)
class _Person:
    """choices: {kind: (in the site, by letter)}; a kind that is missing is as by default."""

    public_id: UUID
    may_be_written_to: bool
    clock: Clock
    choices: dict[str, tuple[bool, bool]]


def _people(pks: set[int]) -> dict[int, _Person]:
    """Who of these has an account that is in use.  Queries: 2."""
    choices: dict[int, dict[str, tuple[bool, bool]]] = defaultdict(dict)
    for preference in Preference.objects.filter(user__in=pks):
        pair = (preference.in_site, preference.by_email)
        choices[preference.user_id][preference.kind] = pair
    confirmed = EmailAddress.objects.filter(
        user=OuterRef("pk"), email=OuterRef("email"), verified=True
    )
    users = User.objects.filter(pk__in=pks, is_active=True).select_related("notification_rhythm")
    return {
        user.pk: _Person(user.public_id, user.is_confirmed, clocks.clock_of(user), choices[user.pk])
        for user in users.annotate(is_confirmed=Exists(confirmed))
    }


def _row(one: Told, *, is_listed: bool, letter_due_at: datetime | None) -> Notification:
    return Notification(
        recipient_id=one.recipient_id,
        kind=one.kind,
        cause=one.cause,
        subject_kind=one.subject_kind,
        subject_id=one.subject_id,
        detail=one.detail,
        classroom_id=one.classroom_id,
        path=one.path,
        happened_at=one.happened_at,
        is_listed=is_listed,
        letter_due_at=letter_due_at,
    )


def _clocks_follow(events: Sequence[Event], now: datetime) -> None:
    """Somebody may have moved to another time zone: what waits for a letter goes by the new."""
    changed = {event.subject_id for event in events if event.kind == "person.changed"}
    if changed:
        waiting = User.objects.filter(
            public_id__in=changed, notifications__letter_due_at__isnull=False
        )
        for user in waiting.select_related("notification_rhythm").distinct():
            letters_reschedule(user=user, now=now)
