"""How somebody wants to be told."""

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.notifications.models import Preference, Rhythm
from apps.notifications.schedule import Clock


def rhythm_of(user: User) -> Rhythm:
    """What somebody chose, or an unsaved row of defaults.

    Queries: 1, or 0 where `notification_rhythm` was joined.
    """
    rhythm: Rhythm | None = getattr(user, "notification_rhythm", None)  # may be without a row
    return rhythm or Rhythm(user=user)


def clock_of(user: User) -> Clock:
    """By what somebody is written to.  Queries: as rhythm_of."""
    rhythm = rhythm_of(user)
    return Clock(rhythm.frequency, rhythm.hour, rhythm.weekday, user.time_zone)


def preferences_of(user: User) -> QuerySet[Preference]:
    """Of the kinds about which they have said something."""
    return Preference.objects.filter(user=user)
