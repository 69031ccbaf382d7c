"""Restoring a backup brings back whoever was erased since; here they go again."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import DatabaseError, connection

from apps.accounts.models import User
from apps.core.models import Event
from apps.privacy.errors import ErasureIncomplete
from apps.privacy.services.erasing import ERASED, erasure_force
from apps.privacy.services.listed import erased_ids, erased_write

AT_ONCE = 500

logger = structlog.get_logger(__name__)


def erased_remember(*, now: datetime) -> None:  # noqa: ARG001  the signature of a hook
    """Put on the list whom the present database knows to be erased: it is about to be replaced."""
    try:
        if Event._meta.db_table not in connection.introspection.table_names():
            return  # an empty database
        told = set(Event.objects.filter(kind=ERASED).values_list("subject_id", flat=True))
    except DatabaseError:
        logger.warning("erased_not_remembered")  # a broken one, which is why it is replaced
        return
    erased_write(told)


def erased_reapply(*, now: datetime) -> int:
    """Erase again whoever is on the list and in the database: it came from an older backup.

    A sweep of the worker, and done at the end of `manage.py restore`. One who cannot be erased
    keeps nobody else here.  Returns: how many were.
    Raises: ErasureIncomplete at the end, which names each of the others by id.
    """
    ids = sorted(erased_ids())
    count, failed = 0, []
    for start in range(0, len(ids), AT_ONCE):
        found = User.objects.filter(public_id__in=ids[start : start + AT_ONCE], is_erased=False)
        for user in list(found.exclude(erasure_request__closed_at__isnull=False)):
            subject_id = user.public_id
            try:
                erasure_force(user=user, now=now)
            except Exception as error:
                logger.exception("erasure_failed_again", subject=str(subject_id))
                failed.append(f"{subject_id} ({type(error).__name__})")
            else:
                count += 1
    if failed:
        raise ErasureIncomplete(
            f"{len(failed)} of {count + len(failed)} people were not erased again; the log says "
            f"why. Run manage.py erased_reapply when that is mended. They are: {', '.join(failed)}."
        )
    return count
