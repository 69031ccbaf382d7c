"""What lets a program or a script act for a person: consents and personal tokens."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import person_lock
from apps.api import selectors
from apps.api.enums import Scope
from apps.api.errors import InvalidScope, TooManyTokens
from apps.api.models import AccessToken, Consent, PersonalToken
from apps.core.services.events import event_append

MOST_DAYS = 366
MOST_TOKENS = 20


@transaction.atomic
def personal_token_create(
    *, user: User, name: str, scopes: Iterable[str], days: int, now: datetime
) -> tuple[PersonalToken, str]:
    """Make a key that acts for `user`; its text is returned here and never again.

    days: until it runs out, at most MOST_DAYS.
    Raises: InvalidScope for a scope that does not exist, or for none; TooManyTokens;
    PasswordChanged.  Locks: User.  Queries: 4.
    """
    wanted = [scope for scope in Scope.values if scope in set(scopes)]
    if not wanted or set(scopes) - set(wanted):
        raise InvalidScope(_("Say what the token may be used for."))
    person_lock(user=user)
    if PersonalToken.objects.filter(user=user, expires_at__gt=now).count() >= MOST_TOKENS:
        raise TooManyTokens(_("You have too many tokens; end one that you no longer use."))
    text = selectors.PERSONAL_PREFIX + secrets.token_urlsafe(32)
    token = PersonalToken(
        user=user,
        name=name.strip(),
        token_hash=selectors.digest(text),
        scopes=wanted,
        expires_at=now + timedelta(days=max(1, min(days, MOST_DAYS))),
    )
    token.clean_fields(exclude=["user", "last_used_on"])
    token.save()
    event_append(
        kind="personal_token.created",
        subject_id=token.public_id,
        school_id=None,
        actor_id=user.public_id,
        now=now,
    )
    return token, text


@transaction.atomic
def personal_token_revoke(*, user: User, public_id: UUID, now: datetime) -> None:
    """End one of the person's keys at once; twice is once.  Queries: 2."""
    gone, _rows = PersonalToken.objects.filter(user=user, public_id=public_id).delete()
    if gone:
        event_append(
            kind="personal_token.revoked",
            subject_id=public_id,
            school_id=None,
            actor_id=user.public_id,
            now=now,
            is_tombstone=True,
        )


@transaction.atomic
def consent_revoke(*, user: User, public_id: UUID, now: datetime) -> None:
    """Let a program act for the person no longer: its codes and tokens end at once.  Queries: 6."""
    gone, _rows = Consent.objects.filter(user=user, public_id=public_id).delete()
    if gone:
        event_append(
            kind="consent.revoked",
            subject_id=public_id,
            school_id=None,
            actor_id=user.public_id,
            now=now,
            is_tombstone=True,
        )


@transaction.atomic
def keys_end(*, user: User, now: datetime) -> None:
    """End every token of the person's own, and let no program act for them any more.

    Locks: their consents, so that a token which is given at this moment goes with its consent.
    """
    consents = list(Consent.objects.select_for_update().filter(user=user))
    for consent in consents:
        consent_revoke(user=user, public_id=consent.public_id, now=now)
    for token in PersonalToken.objects.filter(user=user):
        personal_token_revoke(user=user, public_id=token.public_id, now=now)


def token_note_use(*, token: AccessToken | PersonalToken, now: datetime) -> None:
    """Note the day on which a person's token was used.  Queries: 1 on its first use of a day."""
    row = token.consent if isinstance(token, AccessToken) else token
    today = now.date()
    if row is None or row.last_used_on == today:
        return
    type(row)._default_manager.filter(pk=row.pk).update(last_used_on=today)  # noqa: SLF001
