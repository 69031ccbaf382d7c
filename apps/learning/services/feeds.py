"""The secret address under which a calendar program finds somebody's deadlines."""

from __future__ import annotations

import secrets
from datetime import datetime

from apps.accounts.models import User
from apps.learning.models import CalendarFeed
from apps.learning.selectors import token_digest


def feed_renew(*, reader: User, now: datetime) -> str:
    """A new token; the one before it leads nowhere from this moment.

    Returns: the token, here and never again: only its digest is kept.  Queries: 1.
    """
    token = secrets.token_urlsafe(32)
    CalendarFeed.objects.bulk_create(
        [CalendarFeed(reader=reader, token_hash=token_digest(token), created_at=now)],
        update_conflicts=True,
        unique_fields=["reader"],
        update_fields=["token_hash", "created_at"],
    )
    return token


def feed_revoke(*, reader: User) -> None:
    """Nobody finds the reader's deadlines by address any more; twice is once.  Queries: 1."""
    CalendarFeed.objects.filter(reader=reader).delete()
