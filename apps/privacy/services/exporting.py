"""A copy of everything about one person, made by the worker and kept for a week."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from tempfile import TemporaryFile

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.accounts import personal as accounts
from apps.accounts.models import User
from apps.api import personal as api
from apps.classrooms import personal as classrooms
from apps.content import personal as content
from apps.core import personal as core
from apps.core.exports import ExportTable
from apps.debates import personal as debates
from apps.grades import personal as grades
from apps.learning import personal as learning
from apps.notes import personal as notes
from apps.notifications import personal as notifications
from apps.privacy import archive
from apps.privacy.declarations import NOT_EXPORTED
from apps.privacy.errors import TooLarge
from apps.privacy.models import ExportChunk, ExportRequest
from apps.privacy.services import own
from apps.quizzes import personal as quizzes
from apps.review import personal as review

CHUNK_BYTES = 256 * 1024
LEASE = timedelta(minutes=15)  # longer than any copy takes
GIVE_UP = timedelta(hours=6)
KEPT = timedelta(days=7)

# In the order of the index.
EXPORTS: tuple[Callable[[User, datetime], list[ExportTable]], ...] = (
    accounts.export_tables,
    api.export_tables,
    classrooms.export_tables,
    learning.export_tables,
    notes.export_tables,
    review.export_tables,
    quizzes.export_tables,
    grades.export_tables,
    debates.export_tables,
    notifications.export_tables,
    content.export_tables,
    lambda user, _now: core.export_tables(user.public_id),
    own.export_tables,
)

logger = structlog.get_logger(__name__)


def export_request(*, user: User, now: datetime) -> ExportRequest:
    """Ask for a copy; asking while one is being made asks for nothing more.  Queries: 1 to 3."""
    try:
        with transaction.atomic():
            return ExportRequest.objects.create(user=user, requested_at=now, due_at=now)
    except IntegrityError:
        return ExportRequest.objects.get(user=user, ready_at=None, failed_at=None)


def tables_of(user: User, now: datetime) -> Iterator[ExportTable]:
    """Everything about one person that they may have now, app by app."""
    for export in EXPORTS:
        yield from export(user, now)


def exports_make_due(*, now: datetime) -> int:
    """Make the copies that were asked for; a sweep of the worker.  Returns: how many.

    A worker that takes one moves its time ahead: if it is killed, the copy falls due by itself
    and is made from the beginning.
    """
    made = 0
    due = ExportRequest.objects.filter(ready_at=None, failed_at=None, due_at__lte=now)
    for row in list(due.select_related("user").order_by("due_at", "pk")[:10]):
        mine = ExportRequest.objects.filter(pk=row.pk, due_at=row.due_at)
        if not mine.update(due_at=now + LEASE):
            continue
        try:
            _make(row, now)
        except TooLarge:
            ExportRequest.objects.filter(pk=row.pk).update(failed_at=now)
            logger.warning("export_too_large", export=str(row.public_id))
        except Exception:
            if now - row.requested_at > GIVE_UP:
                ExportRequest.objects.filter(pk=row.pk).update(failed_at=now)
            logger.exception("export_failed", export=str(row.public_id))
        else:
            made += 1
    return made


def exports_delete_old(*, now: datetime) -> None:
    """Drop copies a week after they were made, or given up."""
    old = now - KEPT
    ExportRequest.objects.filter(Q(ready_at__lt=old) | Q(failed_at__lt=old)).delete()


def _make(row: ExportRequest, now: datetime) -> None:
    with TemporaryFile() as file, override(row.user.language):
        archive.write(
            file,
            tables=tables_of(row.user, now),
            title=_("Everything about you on %(site)s") % {"site": settings.SITE_NAME},
            withheld=[str(reason) for reason in dict.fromkeys(NOT_EXPORTED.values())],
            now=now,
        )
        size = file.tell()
        file.seek(0)
        with transaction.atomic():
            # Nobody is there any more where the person was erased meanwhile.
            if not ExportRequest.objects.select_for_update().filter(pk=row.pk).exists():
                return
            ExportChunk.objects.filter(export=row).delete()
            number = 0
            while content := file.read(CHUNK_BYTES):
                ExportChunk.objects.create(export=row, number=number, content=content)
                number += 1
            ExportRequest.objects.filter(pk=row.pk).update(ready_at=now, size_bytes=size)
