"""Erasing a person, in steps that each happen wholly or not at all, and can all be done again.

requested   they may change their mind until `due_at`
closed      nobody gets in as them any more; requests that had begun come to their end meanwhile
erased      their rows are gone or nobody's, in one transaction
cleaned     what such a request wrote is gone too, letters and leftovers; then the wish itself
A killed worker leaves a step undone, and the next look does it.
Source: docs/decisions/0017-erasure.md
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.accounts import personal as accounts
from apps.accounts.models import User
from apps.api import personal as api
from apps.classrooms import personal as classrooms
from apps.content import personal as content
from apps.core import services as core
from apps.core.services import event_append
from apps.debates import personal as debates
from apps.grades import personal as grades
from apps.integrations import personal as integrations
from apps.learning import personal as learning
from apps.notes import personal as notes
from apps.notifications import personal as notifications
from apps.privacy import selectors
from apps.privacy.errors import CannotErase
from apps.privacy.models import ErasureRequest, ExportRequest
from apps.privacy.services import own
from apps.privacy.services.listed import erased_write
from apps.quizzes import personal as quizzes
from apps.review import personal as review

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from uuid import UUID

ERASED = "person.erased"
# Longer than any request lasts that had begun before the account was closed.
DRAIN = timedelta(minutes=1)
# Until the counts of tries that go by a checksum of the address have run out.
SETTLE = timedelta(minutes=6)
LETTER_AGAIN = timedelta(hours=1)
POSTPONED = timedelta(days=1)

# From what hangs on classes to classes, and the person last.
ERASERS: tuple[Callable[..., None], ...] = (
    own.person_erase,
    notifications.person_erase,
    learning.person_erase,
    review.person_erase,
    notes.person_erase,
    quizzes.person_erase,
    debates.person_erase,
    grades.person_erase,
    content.person_erase,
    classrooms.person_erase,
    accounts.person_erase,
)

logger = structlog.get_logger(__name__)


@transaction.atomic
def erasure_request(*, user: User, actor: User | None = None, now: datetime) -> ErasureRequest:
    """Ask to be erased, in a week; asking again changes nothing. The worker writes them a letter.

    actor: the administrator; their wish lets nobody in as the person from now on. None when people
    ask for themselves.
    Raises: CannotErase where a class or the site would be left with nobody to run it.
    """
    check_can_erase(user)
    row, is_new = ErasureRequest.objects.get_or_create(
        user=user,
        defaults={
            "subject_id": user.public_id,
            "requested_at": now,
            "due_at": now + timedelta(days=settings.ERASURE_DAYS),
            "letter_due_at": now,
        },
    )
    if actor is not None and not row.is_by_staff:
        row.is_by_staff, row.letter_due_at = True, now  # they are told of this as well
        row.save(update_fields=["is_by_staff", "letter_due_at"])
        accounts.person_pause(user=user)
    if is_new:
        event_append(
            kind="person.erasure_requested",
            subject_id=user.public_id,
            school_id=None,
            actor_id=(actor or user).public_id,
            now=now,
        )
    return row


@transaction.atomic
def erasure_cancel(*, user: User, actor: User | None = None, now: datetime) -> bool:
    """Stay after all.  Returns: whether there was a wish that could still be taken back.

    actor: the administrator, who alone takes back what an administrator asked.

    Locks: ErasureRequest, so that a worker which closes the account at this moment decides it.
    """
    row = ErasureRequest.objects.select_for_update().filter(user=user, closed_at=None).first()
    if row is None or (row.is_by_staff and actor is None):
        return False
    if row.is_by_staff:
        accounts.person_resume(user=user)
    row.delete()
    event_append(
        kind="person.erasure_cancelled",
        subject_id=user.public_id,
        school_id=None,
        actor_id=(actor or user).public_id,
        now=now,
    )
    return True


def text_redact(*, user: User, public_id: UUID, text: str, now: datetime) -> None:
    """Let other words, or none, stay of an answered text.  Raises: NotFound, InvalidArgument."""
    debates.text_redact(user=user, public_id=public_id, text=text, now=now)


def check_can_erase(user: User) -> None:
    """Raises: CannotErase."""
    alone = classrooms.classes_taught_alone(user)
    if alone:
        raise CannotErase(
            _(
                "You alone teach a running class. Make somebody else its instructor first, or "
                "archive it."
            ),
            titles=[classroom.title for classroom in alone],
        )
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk)
    if user.is_superuser and not others.exists():
        raise CannotErase(_("You alone run this site. Make somebody else an administrator first."))


def erasures_do_due(*, now: datetime) -> None:
    """Write the letters that are due, and take every wish that is due a step further; a sweep."""
    for row in list(ErasureRequest.objects.filter(letter_due_at__lte=now, closed_at=None)[:50]):
        _letter_send(row, now)
    for key in ErasureRequest.objects.filter(due_at__lte=now).values_list("pk", flat=True):
        try:
            erasure_advance(request_id=key, now=now)
        except Exception:
            logger.exception("erasure_failed", request=key)


def erasure_advance(*, request_id: int, now: datetime) -> bool:
    """Take one wish a step further, where its time has come.  Returns: whether a step was done."""
    row = ErasureRequest.objects.filter(pk=request_id).first()
    if row is None or row.due_at > now:
        return False
    if row.closed_at is None:
        return _close(request_id, now)
    if row.erased_at is None:
        return row.closed_at + DRAIN <= now and _erase(request_id, now)
    if row.cleaned_at is None:
        return row.erased_at + SETTLE <= now and _clean(request_id, now)
    return _finish(row)


def erasure_run(*, user: User, now: datetime) -> None:
    """Erase at once, as whoever runs the site asked.  Raises: CannotErase."""
    check_can_erase(user)
    erasure_force(user=user, now=now)


def erasure_force(*, user: User, now: datetime) -> None:
    """All steps, without their waits: for nobody who is at work on the site just now.

    What a request writes that had begun before the first step is found by the last.
    """
    row, _is_new = ErasureRequest.objects.get_or_create(
        user=user,
        defaults={"subject_id": user.public_id, "requested_at": now, "due_at": now},
    )
    ErasureRequest.objects.filter(pk=row.pk, closed_at=None).update(due_at=now, letter_due_at=None)
    _close(row.pk, now, is_forced=True)
    _erase(row.pk, now)
    _clean(row.pk, now)
    _finish(ErasureRequest.objects.get(pk=row.pk))


@transaction.atomic
def _close(request_id: int, now: datetime, *, is_forced: bool = False) -> bool:
    """End the person's sessions and keys, and put them on the list outside the database."""
    row = _locked(request_id)
    if row is None or row.closed_at is not None:
        return False
    user = User.objects.select_for_update(no_key=True).get(pk=row.user_id)
    if not is_forced:
        try:
            check_can_erase(user)
        except CannotErase:
            row.due_at = now + POSTPONED
            row.save(update_fields=["due_at"])
            logger.warning("erasure_postponed", request=row.pk)
            return False
    # Before it is committed: who is on the list in vain is erased by the next look all the same.
    erased_write([row.subject_id])
    row.names = [*accounts.names_of(user), *classrooms.sis_ids_of(user)]
    row.closed_at, row.letter_due_at = now, None
    row.save()
    accounts.person_close(user=user)
    api.person_close(user=user)
    ExportRequest.objects.filter(user=user).delete()
    return True


def _erase(request_id: int, now: datetime) -> bool:
    with _only(request_id) as row:
        if row is None or row.erased_at is not None:
            return False
        _rows_erase(row, now)
        row.erased_at = now
        row.save(update_fields=["erased_at"])
        return True


def _clean(request_id: int, now: datetime) -> bool:
    with _only(request_id) as row:
        if row is None or row.cleaned_at is not None:
            return False
        _rows_erase(row, now)
        event_append(
            kind=ERASED,
            subject_id=row.subject_id,
            school_id=None,
            actor_id=None,
            now=now,
            is_tombstone=True,
        )
        core.letters_forget(names=row.names)
        addresses = [name for name in row.names if "@" in name]
        row.names, row.cleaned_at = [], now
        row.save(update_fields=["names", "cleaned_at"])
    places = selectors.traces(addresses)
    if places:
        # Somebody else wrote the address: in a text of theirs, or a table that nobody thought of.
        logger.warning("erasure_left_traces", places=places)
    return True


def _finish(row: ErasureRequest) -> bool:
    """Write the database's file anew where that is what forgets; only then drop the wish."""
    if row.cleaned_at is None or not core.leftovers_clean():
        return False
    row.delete()
    return True


def _rows_erase(row: ErasureRequest, now: datetime) -> None:
    for erase in ERASERS:
        erase(user=row.user, names=row.names, now=now)
    core.events_forget(subject_id=row.subject_id)
    integrations.person_erase(subject_id=row.subject_id)
    api.person_erase(user=row.user, subject_id=row.subject_id, names=row.names)


@contextmanager
def _only(request_id: int) -> Iterator[ErasureRequest | None]:
    """The wish, locked, in the transaction that may erase; one person at a time."""
    person_id = ErasureRequest.objects.filter(pk=request_id).values_list("user_id", flat=True)
    with core.erasing(person_id=person_id.first() or 0):
        yield _locked(request_id)


def _locked(request_id: int) -> ErasureRequest | None:
    rows = ErasureRequest.objects.select_for_update(of=("self",)).select_related("user")
    return rows.filter(pk=request_id).first()


def _letter_send(row: ErasureRequest, now: datetime) -> None:
    """Tell the person, at the address that whoever took over the browser may not have."""
    mine = ErasureRequest.objects.filter(pk=row.pk)
    is_last = now - row.requested_at > timedelta(days=settings.ERASURE_DAYS) / 2
    later = None if is_last else now + LETTER_AGAIN
    if not mine.filter(letter_due_at=row.letter_due_at).update(letter_due_at=later):
        return
    with override(row.user.language):
        words = {
            "site_name": settings.SITE_NAME,
            "due_at": row.due_at,
            "link": settings.SITE_URL + reverse("privacy:erase"),
            "is_by_staff": row.is_by_staff,
        }
        subject = (
            _("Your account at %(site)s is closed")
            if row.is_by_staff
            else _("You asked to be erased from %(site)s")
        )
        try:
            send_mail(
                subject % {"site": settings.SITE_NAME},
                render_to_string("privacy/letter_erasure.txt", words),
                None,
                [row.user.email],
            )
        except Exception:
            logger.exception("erasure_letter_not_sent", request=row.pk)
        else:
            mine.filter(letter_due_at=later).update(letter_due_at=None)
