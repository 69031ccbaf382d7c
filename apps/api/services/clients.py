"""Clients of schools and their tokens."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from hmac import compare_digest
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import School
from apps.api import selectors
from apps.api.enums import Scope
from apps.api.errors import InvalidClient, InvalidScope
from apps.api.models import AccessToken, ApiClient
from apps.core.services.events import event_append

TOKEN_SECONDS = 3600


@transaction.atomic
def client_create(
    *, school: School, name: str, scopes: Iterable[str], now: datetime
) -> tuple[ApiClient, str]:
    """Make a client of `school`; its secret is returned here and never again.

    Raises: InvalidScope for a scope that does not exist.  Queries: 2.
    """
    wanted = sorted(set(scopes))
    if not set(wanted) <= set(Scope.values):
        raise InvalidScope(_("There is no such scope."))
    secret = secrets.token_urlsafe(32)
    client = ApiClient.objects.create(
        school=school, name=name, scopes=wanted, secret_hash=selectors.digest(secret)
    )
    event_append(
        kind="api_client.created",
        subject_id=client.public_id,
        school_id=school.public_id,
        actor_id=None,
        now=now,
    )
    return client, secret


def token_issue(
    *, client_id: str, secret: str, scopes: Iterable[str], now: datetime
) -> tuple[AccessToken, str]:
    """Give a client a token for TOKEN_SECONDS; its text is returned here and never again.

    scopes: none asks for all that the client may have.
    Raises: InvalidClient, alike for an unknown client and a wrong secret; InvalidScope.
    Queries: 2.  Source: RFC 6749, section 4.4.
    """
    client = selectors.client_by_id(client_id)
    known = client.secret_hash if client else ""
    if client is None or not compare_digest(known, selectors.digest(secret)):
        raise InvalidClient(_("The client or its secret is wrong."))
    wanted = sorted(set(scopes)) or client.scopes
    if not set(wanted) <= set(client.scopes):
        raise InvalidScope(_("The client may not have this scope."))
    text = secrets.token_urlsafe(32)
    token = AccessToken.objects.create(
        client=client,
        token_hash=selectors.digest(text),
        scopes=wanted,
        expires_at=now + timedelta(seconds=TOKEN_SECONDS),
    )
    return token, text


@transaction.atomic
def client_revoke(*, client_id: UUID, now: datetime) -> None:
    """End a client and every token of it at once; twice is once.  Queries: 2."""
    ApiClient.objects.filter(public_id=client_id, revoked_at__isnull=True).update(revoked_at=now)
    AccessToken.objects.filter(client__public_id=client_id).delete()
