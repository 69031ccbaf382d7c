from __future__ import annotations

from uuid import UUID

from allauth.account.models import EmailAddress
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.classrooms.models import Classroom, Invitation
from apps.core.errors import NotFound


def addresses_of(user: User) -> QuerySet[EmailAddress, str]:
    """The addresses that `user` has shown to be theirs."""
    return EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)


def invitations_of(user: User) -> list[Invitation]:
    """Places kept for an address of `user` in running classes, the newest first.  Queries: 1."""
    return list(
        Invitation.objects.filter(email__in=addresses_of(user), classroom__archived_at__isnull=True)
        .select_related("classroom__course", "classroom__school")
        .defer("classroom__course__outline", "classroom__course__loaded_manifest")
        .order_by("-pk")
    )


def invitation_for(user: User, public_id: UUID) -> Invitation:
    """The invitation, where it is for an address of `user`.  Raises: NotFound.  Queries: 1."""
    return _found(
        Invitation.objects.filter(email__in=addresses_of(user), public_id=public_id).first()
    )


def invitation_in(classroom: Classroom, public_id: UUID) -> Invitation:
    """One of a class's open invitations.  Raises: NotFound.  Queries: 1."""
    return _found(classroom.invitations.filter(public_id=public_id).first())


def _found(invitation: Invitation | None) -> Invitation:
    if invitation is None:
        raise NotFound(_("There is no such invitation."))
    return invitation
