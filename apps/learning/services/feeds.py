"""The secret address under which a calendar program finds somebody's deadlines."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from apps.accounts.models import User
from apps.accounts.services import person_lock
from apps.learning.models import CalendarFeed
from apps.learning.selectors import token_digest


@transaction.atomic
def feed_renew(*, reader: User, now: datetime) -> str:
    """A new token; the one before it leads nowhere from this moment.

    Returns: the token, here and never again: only its digest is kept.
    Raises: PasswordChanged.  Locks: User.  Queries: 2.
    """
    person_lock(user=reader)
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


def keys_end(*, user: User, now: datetime) -> None:  # noqa: ARG001  the signature of a hook
    """A new password ends the address that needs none.  Queries: 1."""
    feed_revoke(reader=user)
