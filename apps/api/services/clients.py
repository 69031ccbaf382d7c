"""Clients of schools and their tokens."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import School
from apps.api import selectors
from apps.api.enums import Scope
from apps.api.errors import InvalidRedirect, InvalidScope
from apps.api.models import AccessToken, ApiClient, Consent
from apps.core.services.events import event_append

_OWN_MACHINE = frozenset({"127.0.0.1", "[::1]", "localhost"})


@transaction.atomic
def client_create(
    *,
    school: School,
    name: str,
    scopes: Iterable[str],
    redirect_uris: Sequence[str] = (),
    is_public: bool = False,
    now: datetime,
) -> tuple[ApiClient, str]:
    """Make a client of `school`; its secret is returned here and never again.

    redirect_uris: where people are sent back to who let it act for them; none: it never does.
    is_public: a program that can keep no secret, such as one on a person's own machine.
    Raises: InvalidScope for a scope that does not exist; InvalidRedirect.  Queries: 2.
    """
    wanted = sorted(set(scopes))
    if not set(wanted) <= set(Scope.values):
        raise InvalidScope(_("There is no such scope."))
    for uri in redirect_uris:
        _check_redirect(uri)
    if is_public and not redirect_uris:
        raise InvalidRedirect(_("A public client acts for people only: say where they come back."))
    secret = "" if is_public else secrets.token_urlsafe(32)
    client = ApiClient.objects.create(
        school=school,
        name=name,
        scopes=wanted,
        redirect_uris=list(redirect_uris),
        secret_hash=selectors.digest(secret) if secret else "",
    )
    event_append(
        kind="api_client.created",
        subject_id=client.public_id,
        school_id=school.public_id,
        actor_id=None,
        now=now,
    )
    return client, secret


@transaction.atomic
def client_revoke(*, client_id: UUID, now: datetime) -> None:
    """End a client, every token of it and what people let it do; twice is once.  Queries: 8."""
    ApiClient.objects.filter(public_id=client_id, revoked_at__isnull=True).update(revoked_at=now)
    AccessToken.objects.filter(client__public_id=client_id).delete()
    Consent.objects.filter(client__public_id=client_id).delete()


def _check_redirect(uri: str) -> None:
    """Raises: InvalidRedirect for what could carry a code to somebody else."""
    parts = urlsplit(uri)
    is_own = parts.scheme == "http" and parts.netloc.rpartition(":")[0] in _OWN_MACHINE
    is_safe = parts.scheme == "https" and bool(parts.hostname)
    if not (is_own or is_safe) or parts.fragment or parts.username or len(uri) > 500 or "*" in uri:
        raise InvalidRedirect(
            _("%(uri)s: https:// is needed, or http://127.0.0.1 with a port.") % {"uri": uri}
        )
