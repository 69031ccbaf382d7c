"""Letters: made from what is due, taken by a worker, put together, sent, and noted.

A letter is marked only after the mail server has taken it: a worker killed in between sends it
again, under the same Message-ID, so that a mailbox can tell.
"""

from __future__ import annotations

import random
import smtplib
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Subquery
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import ngettext, override

from apps.accounts.models import User
from apps.notifications.enums import LetterState
from apps.notifications.models import Letter, Notification
from apps.notifications.schedule import wait_seconds, zone_of
from apps.notifications.selectors import Line, letter_lines
from apps.notifications.services.choices import letters_end

MADE_AT_ONCE = 500
TAKEN_AT_ONCE = 20
# Nobody has two letters within this time, however much is urgent.
QUIET = timedelta(minutes=10)
SWEEP_SECONDS = 20.0  # after which other sweeps have their turn
LEASE = timedelta(minutes=10)  # longer than a sweep and the slowest mail server last together
GIVE_UP = timedelta(days=2)
MAX_LINES = 50
MAX_SUBJECT = 120


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line of a letter, and how often it holds."""

    text: str
    class_title: str
    link: str
    count: int


logger = structlog.get_logger(__name__)
_SALT = "notifications.unsubscribe"


def letters_send_due(*, now: datetime) -> int:
    """Make the letters that are due, then send what waits; a sweep.  Returns: how many went."""
    began, sent = time.monotonic(), 0
    letters_make(now=now)
    while (elapsed := time.monotonic() - began) < SWEEP_SECONDS:
        moment = now + timedelta(seconds=elapsed)
        taken = _take(moment)
        if not taken:
            break
        mail = _connection(taken, moment)
        if mail is None:
            break
        try:
            sent += _send_all(taken, mail, moment, until=began + SWEEP_SECONDS)
        finally:
            mail.close()
    return sent


@transaction.atomic
def letters_make(*, now: datetime) -> int:
    """One letter for each person of whom something is due, with all that is.  Returns: how many.

    Every notification belongs to one letter at most: its row is locked while it is given to one,
    and another worker passes over it.
    Locks: Notification, by id.  Queries: 5 and a savepoint, however many people.
    """
    recent = Letter.objects.filter(recipient=OuterRef("recipient"), made_at__gt=now - QUIET)
    due = Notification.objects.filter(~Exists(recent), letter_due_at__lte=now)
    people = due.values("recipient").annotate(slot=Max("letter_due_at")).order_by("slot")
    recipients = [row["recipient"] for row in people[:MADE_AT_ONCE]]
    if not recipients:
        return 0
    held = list(
        due.filter(recipient__in=recipients)
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("pk")
        .values_list("pk", "recipient", "letter_due_at")
    )
    slots: dict[int, datetime] = {}
    for _pk, recipient, due_at in held:
        if due_at is not None:
            slots[recipient] = max(due_at, slots.get(recipient, due_at))
    # What was committed after the letter of its period had been made.
    for recipient, slot in Letter.objects.filter(
        recipient__in=slots, slot_at__in=set(slots.values())
    ).values_list("recipient_id", "slot_at"):
        if slots[recipient] == slot:
            slots[recipient] = now
    letters = Letter.objects.bulk_create(
        [
            Letter(recipient_id=recipient, slot_at=slot, made_at=now, due_at=now)
            for recipient, slot in slots.items()
        ],
        ignore_conflicts=True,
    )
    mine = Letter.objects.filter(public_id__in=[letter.public_id for letter in letters])
    theirs = mine.filter(recipient=OuterRef("recipient"))
    rows = Notification.objects.filter(
        pk__in=[pk for pk, _recipient, _due in held], recipient__in=mine.values("recipient")
    )
    rows.update(letter=Subquery(theirs.values("pk")[:1]), letter_due_at=None)
    return len(letters)


def letters_unsubscribe(*, token: str) -> bool:
    """End the letters to whom a letter's link was signed for; it needs no log-in and does no more.

    Returns: whether the link is one of ours.  Source: RFC 8058.
    """
    try:
        public_id = UUID(Signer(salt=_SALT).unsign_object(token)["person"])
    except (BadSignature, KeyError, TypeError, ValueError):
        return False
    user = User.objects.filter(public_id=public_id).first()
    if user is not None:  # else erased, and written to no more
        letters_end(user=user)
    return True


def unsubscribe_url(user: User) -> str:
    token = Signer(salt=_SALT).sign_object({"person": str(user.public_id)})
    return settings.SITE_URL + reverse("notifications:unsubscribe", args=[token])


@transaction.atomic
def _take(now: datetime) -> list[Letter]:
    """Some letters that are due, now this worker's for as long as LEASE.  Queries: 2."""
    taken = list(
        Letter.objects.filter(state=LetterState.PENDING, due_at__lte=now)
        .select_related("recipient__notification_rhythm")
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("due_at", "pk")[:TAKEN_AT_ONCE]
    )
    for letter in taken:
        letter.due_at = now + LEASE
    Letter.objects.filter(pk__in=[letter.pk for letter in taken]).update(due_at=now + LEASE)
    return taken


def _connection(taken: list[Letter], now: datetime) -> Any:
    """An open connection for these letters; None, with the failure noted, where there is none."""
    mail = get_connection()
    try:
        mail.open()
    except OSError as error:
        logger.warning("mail_server_not_reached", error=_named(error))
        for letter in taken:
            _note_failure(letter, error, now)
        return None
    return mail


def _send_all(taken: list[Letter], mail: Any, now: datetime, *, until: float) -> int:
    """In no transaction: no slow mail server holds a lock.  Returns: how many were sent."""
    sent = 0
    for letter in taken:
        if time.monotonic() > until:
            _mine(letter).update(due_at=now)  # the next sweep's
        elif _send(letter, mail, now):
            sent += 1
    return sent


def _send(letter: Letter, mail: Any, now: datetime) -> bool:
    try:
        message = letter_compose(letter=letter, now=now)
        if message is None:
            _mine(letter).update(state=LetterState.DROPPED, finished_at=now)
            return False
        message.connection = mail
        message.send()
    except OSError as error:  # the mail server says no, or is not there
        logger.warning("letter_not_sent", letter=str(letter.public_id), error=_named(error))
        _note_failure(letter, error, now)
        mail.close()  # it may be broken; the next letter opens it anew
        return False
    except Exception as error:
        logger.exception("letter_not_sent", letter=str(letter.public_id))
        _note_failure(letter, error, now)
        return False
    # Whoever else has taken it meanwhile: it is sent.
    Letter.objects.filter(pk=letter.pk, state=LetterState.PENDING).update(
        state=LetterState.SENT,
        finished_at=now,
        attempt_count=F("attempt_count") + 1,
        error="",
    )
    return True


def letter_compose(*, letter: Letter, now: datetime) -> EmailMultiAlternatives | None:
    """The letter as its reader may see it now, in their language and time zone; titles and links.

    None where nothing is left to tell, or nobody to write to.  Queries: as letter_lines.
    """
    user = letter.recipient
    with override(user.language), timezone.override(zone_of(user.time_zone)):
        lines = letter_lines(letter, now)
        if not lines:
            return None
        link = unsubscribe_url(user)
        entries = _entries(lines)
        context = {
            "entries": entries[:MAX_LINES],
            "more": sum(entry.count for entry in entries[MAX_LINES:]),
            "name": user.display_name,
            "site_name": settings.SITE_NAME,
            "list_url": settings.SITE_URL + reverse("notifications:list"),
            "settings_url": settings.SITE_URL + reverse("notifications:settings"),
            "unsubscribe_url": link,
            "language": user.language,
        }
        message = EmailMultiAlternatives(
            subject=settings.ACCOUNT_EMAIL_SUBJECT_PREFIX + _subject(entries),
            body=render_to_string("notifications/email/letter.txt", context),
            to=[user.email],
            headers={
                "Message-ID": message_id(letter),
                "List-Unsubscribe": f"<{link}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "Auto-Submitted": "auto-generated",
            },
        )
        html = render_to_string("notifications/email/letter.html", context)
        message.attach_alternative(html, "text/html")
    return message


def message_id(letter: Letter) -> str:
    """The same on every attempt (RFC 5322, 3.6.4)."""
    return f"<letter-{letter.public_id}@{urlsplit(settings.SITE_URL).hostname}>"


def _subject(entries: list[_Entry]) -> str:
    """One line of text says itself; several are counted."""
    if len(entries) == 1:
        return Truncator(entries[0].text).chars(MAX_SUBJECT)
    count = sum(entry.count for entry in entries)
    words = ngettext("%(count)d thing new for you", "%(count)d things new for you", count)
    return words % {"count": count}


def _entries(lines: list[Line]) -> list[_Entry]:
    """What says the same of the same class is said once, where it was said first."""
    alike: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        alike.setdefault((line.text, line.class_title), []).append(line)
    return [
        _Entry(_times(text, len(found)), class_title, _link(found), len(found))
        for (text, class_title), found in alike.items()
    ]


def _times(text: str, count: int) -> str:
    if count == 1:
        return text
    words = ngettext("%(text)s (%(count)d time)", "%(text)s (%(count)d times)", count)
    return words % {"text": text, "count": count}


def _link(lines: list[Line]) -> str:
    """By way of the list, so that opening it marks it as read; of several, the list itself."""
    if len(lines) > 1:
        return settings.SITE_URL + reverse("notifications:list")
    return settings.SITE_URL + reverse("notifications:open", args=[lines[0].notification.public_id])


def _mine(letter: Letter) -> Any:
    """The row, unless another worker has taken it meanwhile."""
    return Letter.objects.filter(pk=letter.pk, state=LetterState.PENDING, due_at=letter.due_at)


def _note_failure(letter: Letter, error: Exception, now: datetime) -> None:
    wait = wait_seconds(letter.attempt_count + 1, random.random())  # noqa: S311 - no secret
    due_at = now + timedelta(seconds=wait)
    fields: dict[str, Any] = {"attempt_count": F("attempt_count") + 1, "error": _named(error)}
    if due_at > letter.made_at + GIVE_UP:
        fields |= {"state": LetterState.FAILED, "finished_at": now}
    else:
        fields["due_at"] = due_at
    _mine(letter).update(**fields)


def _named(error: Exception) -> str:
    """The kind of error and the server's code: what it says may hold an address."""
    code = error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else ""
    return f"{type(error).__name__} {code}".strip()
