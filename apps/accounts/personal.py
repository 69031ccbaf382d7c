"""What accounts give to a copy of everything about a person, and do when one is erased."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.accounts.models import SchoolInstructor, User
from apps.core.exports import ExportTable, rows_of
from apps.core.services import counts_forget

# Of everybody who was erased: when somebody came tells who they were.
JOINED = datetime(2000, 1, 1, tzinfo=UTC)


def export_tables(user: User, _now: datetime) -> list[ExportTable]:
    return [
        ExportTable(
            "account/account",
            _("Your account"),
            _("What you said of yourself. Your password is kept in a form nobody can read back."),
            ("accounts.User", "accounts.User_groups", "accounts.User_user_permissions"),
            [_account(user)],
        ),
        ExportTable(
            "account/addresses",
            _("Your e-mail addresses"),
            _("The addresses of your account, and whether you have confirmed them."),
            ("account.EmailAddress",),
            rows_of(
                EmailAddress.objects.filter(user=user),
                email="email",
                is_confirmed="verified",
                is_primary="primary",
            ),
        ),
        ExportTable(
            "account/devices",
            _("Where you are logged in"),
            _("Each browser with its address and kind. The secret that keeps it in stays here."),
            ("usersessions.UserSession",),
            rows_of(
                UserSession.objects.filter(user=user),
                began_at="created_at",
                last_seen_at="last_seen_at",
                address="ip",
                browser="user_agent",
                noted="data",
            ),
        ),
        ExportTable(
            "account/second-factors",
            _("Your second factors"),
            _("Apps, passkeys and recovery codes: which, and since when. Their secrets stay here."),
            ("mfa.Authenticator",),
            _factors(user),
        ),
        ExportTable(
            "account/schools",
            _("Schools whose courses you may write"),
            _("Where you are an instructor."),
            ("accounts.SchoolInstructor",),
            rows_of(
                SchoolInstructor.objects.filter(user=user),
                school="school__name",
                since="created_at",
            ),
        ),
        ExportTable(
            "authorship/admin-log",
            _("What you did in the admin"),
            _("Each act in the pages of the admin."),
            ("admin.LogEntry",),
            rows_of(
                LogEntry.objects.filter(user=user),
                at="action_time",
                thing="object_repr",
                change="change_message",
            ),
        ),
    ]


def _account(user: User) -> dict[str, Any]:
    return {
        "id": user.public_id,
        "email": user.email,
        "name": user.display_name,
        "language": user.language,
        "time_zone": user.time_zone,
        "joined_at": user.date_joined,
        "last_login_at": user.last_login,
        "is_active": user.is_active,
        "may_use_admin": user.is_staff,
        "edits_shared_courses": user.is_editor,
        "is_administrator": user.is_superuser,
        "groups": [group.name for group in user.groups.all()],
        "permissions": [permission.codename for permission in user.user_permissions.all()],
    }


def _factors(user: User) -> Iterator[Mapping[str, Any]]:
    for each in Authenticator.objects.filter(user=user):
        yield {
            "kind": each.get_type_display(),
            "name": each.data.get("name", "") if isinstance(each.data, dict) else "",
            "added_at": each.created_at,
            "last_used_at": each.last_used_at,
        }


def names_of(user: User) -> list[str]:
    """By what a text names this person: their addresses and their name.  Queries: 1."""
    addresses = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    return list(dict.fromkeys(filter(None, [user.email, *addresses, user.display_name])))


def person_close(*, user: User) -> None:
    """Let nobody in as this person any more: no password, no factor, no session.

    Sessions of somebody half-way through logging in or confirming an address go as well: each is
    read, for what names the person is inside.
    """
    user.is_active = user.is_staff = user.is_superuser = user.is_editor = False
    user.set_unusable_password()
    user.save(update_fields=["is_active", "is_staff", "is_superuser", "is_editor", "password"])
    Authenticator.objects.filter(user=user).delete()
    sessions_end(user=user, names=names_of(user))


def person_pause(*, user: User) -> None:
    """Let nobody in as this person for now: what they log in with stays, their sessions end."""
    user.is_active = False
    user.save(update_fields=["is_active"])
    sessions_end(user=user, names=names_of(user))


def person_resume(*, user: User) -> None:
    """Undo person_pause."""
    user.is_active = True
    user.save(update_fields=["is_active"])


def sessions_end(*, user: User, names: Sequence[str]) -> None:
    """End every session that is this person's or names them."""
    mine = UserSession.objects.filter(user=user)
    Session.objects.filter(session_key__in=mine.values("session_key")).delete()
    mine.delete()
    sought = [name.casefold() for name in names if "@" in name]
    for session in Session.objects.iterator(chunk_size=500):
        said = session.get_decoded()
        text = json.dumps(said, default=str, ensure_ascii=False).casefold()
        if said.get("_auth_user_id") == str(user.pk) or any(name in text for name in sought):
            session.delete()


def _counted_under(user: User, names: Sequence[str]) -> list[str]:
    """Endings of the keys under which allauth counts tries: a person's, or an address's checksum.

    A failed log-in is counted under the address with the host it came to, so that those hosts
    which we do not know of are left: a count is gone five minutes after the last try.
    """
    hosts = {urlsplit(settings.SITE_URL).netloc, *settings.ALLOWED_HOSTS}
    addresses = [name.lower() for name in names if "@" in name]
    keys = [*addresses, *(f"{host}:{address}" for host in hosts for address in addresses)]
    checksums = [sha256(key.encode()).hexdigest() for key in keys]
    return [f":user:{user.pk}", *(f":{checksum}" for checksum in checksums)]


def person_erase(*, user: User, names: Sequence[str], now: datetime) -> None:  # noqa: ARG001
    """Make the row nobody's: what others need of the person hangs on it, under another public id.

    names: everything by which the person was known, so that a second call finds what the first
    could not.
    """
    sessions_end(user=user, names=names)
    Authenticator.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user=user).delete()  # and with it confirmations
    SchoolInstructor.objects.filter(user=user).delete()
    about = Q(content_type=ContentType.objects.get_for_model(User), object_id=str(user.pk))
    LogEntry.objects.filter(Q(user=user) | about).delete()
    user.groups.clear()
    user.user_permissions.clear()
    counts_forget(endings=_counted_under(user, names))
    if user.is_erased:
        return
    user.public_id = uuid4()
    user.email = f"{uuid4().hex}@erased.invalid"
    user.display_name = _("Former participant")
    user.language = User._meta.get_field("language").default
    user.time_zone = "UTC"
    user.date_joined, user.last_login = JOINED, None
    user.is_active = user.is_staff = user.is_superuser = user.is_editor = False
    user.is_erased = True
    user.set_unusable_password()
    user.save()
