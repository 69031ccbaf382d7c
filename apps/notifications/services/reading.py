"""Looking at what one was told, and forgetting it in time."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.http import url_has_allowed_host_and_scheme

from apps.accounts.models import User
from apps.notifications import selectors
from apps.notifications.models import Letter, Notification

KEPT_READ = timedelta(days=90)
KEPT = timedelta(days=365)


def notification_read(*, notification: Notification, now: datetime) -> str:
    """Mark it as read; a letter that was to tell of it tells of it no more.  Twice is once.

    The caller has fetched it for its reader.
    Returns: the page it is about, always of this site.  Queries: 1.
    """
    Notification.objects.filter(pk=notification.pk, read_at__isnull=True).update(
        read_at=now, letter_due_at=None
    )
    is_ours = notification.path.startswith("/") and url_has_allowed_host_and_scheme(
        notification.path, allowed_hosts=None
    )
    return notification.path if is_ours else "/"


@transaction.atomic
def notifications_read(*, user: User, until: datetime, now: datetime) -> int:
    """Mark all that the list shows as read up to a moment; not what came while they looked.

    Returns: how many.  Locks: Notification, by id.  Queries: 2.
    """
    rows = selectors.listed_to(user).filter(read_at__isnull=True, happened_at__lte=until)
    # In the order in which letters_make takes them, so that neither waits for the other.
    pks = list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    return Notification.objects.filter(pk__in=pks).update(read_at=now, letter_due_at=None)


def notifications_delete_old(*, now: datetime) -> None:
    """Forget what was read 90 days ago, what happened a year ago, and letters with it; a sweep."""
    Notification.objects.filter(read_at__lt=now - KEPT_READ).delete()
    Notification.objects.filter(happened_at__lt=now - KEPT).delete()
    Letter.objects.filter(finished_at__lt=now - KEPT_READ).delete()
