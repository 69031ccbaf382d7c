from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.accounts.models import User
from apps.classrooms import policies
from apps.classrooms.enums import Role
from apps.classrooms.errors import AlreadyThere, IdTaken
from apps.classrooms.models import Classroom, Enrolment, Invitation
from apps.classrooms.services.enrolments import enrolment_write, place_drop
from apps.classrooms.services.events import tell
from apps.classrooms.services.locks import classroom_lock
from apps.core.errors import NotFound

LETTERS_AT_ONCE = 50
TRY_AGAIN = timedelta(hours=1)
GIVE_UP = timedelta(days=3)

logger = structlog.get_logger(__name__)


@transaction.atomic
def invitation_create(
    *,
    classroom: Classroom,
    email: str,
    display_name: str = "",
    role: str = Role.STUDENT,
    sis_id: str = "",
    actor: User | None,
    now: datetime,
) -> Invitation:
    """Keep a place for an address, with or without an account; the worker sends the letter.

    actor: None when the school's own client asks.

    An address that is invited already gets the new role and name, and the letter once more.
    Raises: ClassroomArchived, AlreadyThere, IdTaken, ValidationError.  Locks: Classroom.
    Queries: 8 at most.
    """
    classroom = classroom_lock(classroom)
    policies.check_is_running(classroom)
    email = email.strip().lower()
    members = Enrolment.objects.filter(classroom=classroom)
    if members.active().filter(user__email=email).exists():
        raise AlreadyThere(_("This person is in the class already."))
    if sis_id and members.filter(sis_id=sis_id).exclude(user__email=email).exists():
        raise IdTaken(_("Somebody else in this class has this id."))
    row = classroom.invitations.filter(email=email).first()
    row = row or Invitation(classroom=classroom, email=email)
    row.display_name, row.role, row.sis_id = display_name.strip(), role, sis_id
    row.invited_by, row.letter_due_at = actor, now
    row.clean_fields(exclude=["classroom", "invited_by"])
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise IdTaken(_("Somebody who is invited to this class has this id.")) from error
    tell("invitation.created", row.public_id, classroom, actor, now)
    return row


@transaction.atomic
def invitation_accept(*, invitation: Invitation, user: User, now: datetime) -> Enrolment:
    """Take the place; the invitation is used up.

    Whose the address is was asked by selectors.invitation_for.
    Raises: NotFound where it was withdrawn meanwhile; ClassroomArchived; IdTaken.
    Locks: Classroom.  Queries: 9.
    """
    classroom = classroom_lock(invitation.classroom)
    policies.check_is_running(classroom)
    row = _still_there(invitation)
    enrolment = enrolment_write(
        classroom=classroom,
        user=user,
        role=row.role,
        sis_id=row.sis_id,
        actor=user,
        now=now,
    )
    place_drop(row, "invitation.accepted", classroom, user, now)
    return enrolment


@transaction.atomic
def invitation_decline(*, invitation: Invitation, user: User, now: datetime) -> None:
    """Give the place up.  Raises: NotFound.  Locks: Classroom.  Queries: 4."""
    _drop("invitation.declined", invitation, user, now)


@transaction.atomic
def invitation_withdraw(*, invitation: Invitation, actor: User, now: datetime) -> None:
    """Take the place back before it is taken.  Raises: NotFound.  Locks: Classroom.  Queries: 4."""
    _drop("invitation.withdrawn", invitation, actor, now)


def invitations_send_due(*, now: datetime) -> int:
    """Send the letters that are due, in the class's language; a sweep of the worker.

    A letter is put off before it is sent, in no transaction: no slow mail server holds a lock,
    two workers do not send it twice, and one that could not be sent comes up again in an hour,
    for three days.  Returns: how many were sent.
    """
    due = list(
        Invitation.objects.filter(letter_due_at__lte=now, classroom__archived_at__isnull=True)
        .select_related("classroom__course", "classroom__school", "invited_by")
        .order_by("letter_due_at", "pk")[:LETTERS_AT_ONCE]
    )
    if not due:
        return 0
    sent = 0
    with get_connection() as mail:
        for row in due:
            rows = Invitation.objects.filter(pk=row.pk)
            is_last = now - row.updated_at > GIVE_UP
            later = None if is_last else now + TRY_AGAIN
            if not rows.filter(letter_due_at=row.letter_due_at).update(letter_due_at=later):
                continue
            try:
                letter = _letter(row)
                letter.connection = mail
                letter.send()
            except Exception:
                logger.exception("invitation_not_sent", invitation=str(row.public_id))
            else:
                rows.filter(letter_due_at=later).update(letter_due_at=None)
                sent += 1
    return sent


def _letter(row: Invitation) -> EmailMessage:
    classroom = row.classroom
    role = Role(row.role)
    context = {
        "classroom": classroom,
        "invited_by": row.invited_by.display_name if row.invited_by else "",
        "role": role,
        "email": row.email,
        "name": row.display_name,
        "site_name": settings.SITE_NAME,
        "url": settings.SITE_URL + reverse("classrooms:home"),
        "signup_url": settings.SITE_URL + reverse("account_signup"),
    }
    languages = dict(settings.LANGUAGES)
    is_known = classroom.language in languages
    with override(classroom.language if is_known else settings.LANGUAGE_CODE):
        subject = render_to_string("classrooms/email/invitation_subject.txt", context)
        body = render_to_string("classrooms/email/invitation_message.txt", context)
    return EmailMessage(
        subject=settings.ACCOUNT_EMAIL_SUBJECT_PREFIX + " ".join(subject.split()),
        body=body,
        to=[row.email],
    )


def _still_there(invitation: Invitation) -> Invitation:
    row = Invitation.objects.filter(pk=invitation.pk).first()
    if row is None:
        raise NotFound(_("There is no such invitation."))
    return row


def _drop(kind: str, invitation: Invitation, actor: User, now: datetime) -> None:
    classroom = classroom_lock(invitation.classroom)
    place_drop(_still_there(invitation), kind, classroom, actor, now)
