"""What a letter tells, decided when it is sent."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress

from apps.accounts.models import User
from apps.notifications.enums import Frequency
from apps.notifications.models import Letter, Preference
from apps.notifications.selectors.clocks import rhythm_of
from apps.notifications.selectors.lines import Line, lines_of


def letter_lines(letter: Letter, now: datetime) -> list[Line]:
    """What its reader has not looked at, may still see, and wants letters about.

    Nothing for somebody who is inactive, has no confirmed address, or wants no letters any more.
    Queries: 4, and those of lines_of.
    """
    user = letter.recipient
    if not may_be_written_to(user) or rhythm_of(user).frequency == Frequency.NEVER:
        return []
    unwanted = set(
        Preference.objects.filter(user=user, by_email=False).values_list("kind", flat=True)
    )
    rows = letter.notifications.filter(read_at__isnull=True).order_by("happened_at", "pk")
    wanted = [row for row in rows if row.kind not in unwanted]
    return [line for line in lines_of(user, wanted, now) if not line.is_stale]


def may_be_written_to(user: User) -> bool:
    """Queries: 1."""
    confirmed = EmailAddress.objects.filter(user=user, email=user.email, verified=True)
    return user.is_active and confirmed.exists()
