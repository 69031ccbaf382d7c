"""How somebody wants to be told, and what follows for the letters that wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from apps.accounts.models import User
from apps.notifications.enums import URGENT, Frequency, Kind
from apps.notifications.models import Notification, Preference, Rhythm
from apps.notifications.schedule import letter_due
from apps.notifications.selectors.clocks import clock_of


@dataclass(frozen=True, slots=True)
class Choice:
    """How to be told of one kind."""

    in_site: bool = True
    by_email: bool = True


@transaction.atomic
def choices_save(
    *,
    user: User,
    choices: Mapping[Kind, Choice],
    frequency: str,
    hour: int,
    weekday: int,
    now: datetime,
) -> None:
    """Write how somebody wants to be told; kinds that are not named stay as they are.

    What waits for a letter goes by it from now on.  Locks: User.  Queries: 8 at most.
    """
    fresh = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    rhythm = Rhythm(user=user, frequency=frequency, hour=hour, weekday=weekday)
    rhythm.clean_fields(exclude=["user"])
    Rhythm.objects.bulk_create(
        [rhythm],
        update_conflicts=True,
        unique_fields=["user"],
        update_fields=["frequency", "hour", "weekday"],
    )
    Preference.objects.bulk_create(
        (
            Preference(user=user, kind=kind, in_site=each.in_site, by_email=each.by_email)
            for kind, each in choices.items()
        ),
        update_conflicts=True,
        unique_fields=["user", "kind"],
        update_fields=["in_site", "by_email"],
    )
    unwanted = [kind for kind, each in choices.items() if not each.by_email]
    _waiting(user).filter(kind__in=unwanted).update(letter_due_at=None)
    fresh.notification_rhythm = rhythm
    letters_reschedule(user=fresh, now=now)


@transaction.atomic
def letters_end(*, user: User) -> None:
    """No letter any more; in the site everything stays as it was.  Twice is once.  Queries: 2."""
    Rhythm.objects.bulk_create(
        [Rhythm(user=user, frequency=Frequency.NEVER)],
        update_conflicts=True,
        unique_fields=["user"],
        update_fields=["frequency"],
    )
    _waiting(user).update(letter_due_at=None)


def letters_reschedule(*, user: User, now: datetime) -> None:
    """Set anew when the letters that wait are due.  Queries: 2, or 1 with a rhythm joined."""
    clock = clock_of(user)
    waiting = _waiting(user)
    waiting.filter(kind__in=URGENT).update(letter_due_at=letter_due(clock, is_urgent=True, now=now))
    waiting.exclude(kind__in=URGENT).update(
        letter_due_at=letter_due(clock, is_urgent=False, now=now)
    )


def _waiting(user: User) -> QuerySet[Notification]:
    return Notification.objects.filter(recipient=user, letter_due_at__isnull=False)
