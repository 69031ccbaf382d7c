import base64
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import School
from apps.integrations.enums import DisabledReason
from apps.integrations.kinds import unknown_kinds
from apps.integrations.models import WebhookEndpoint

FIELDS = ("url", "description", "kinds")
OVERLAP = timedelta(hours=24)  # for which the secret before is signed with too


def endpoint_check(endpoint: WebhookEndpoint) -> None:
    """Raises: ValidationError, by field."""
    parts = urlsplit(endpoint.url)
    may_be_plain = settings.DEBUG or parts.hostname in settings.WEBHOOK_PRIVATE_HOSTS
    if parts.scheme != "https" and not (parts.scheme == "http" and may_be_plain):
        raise ValidationError({"url": _("The address must begin with https://.")})
    if parts.username or parts.password or parts.fragment:
        raise ValidationError({"url": _("An address without a name, password or fragment.")})
    kinds = endpoint.kinds
    if not isinstance(kinds, list) or not all(isinstance(kind, str) for kind in kinds):
        raise ValidationError({"kinds": _("A list of kinds of events.")})
    if unknown := unknown_kinds(kinds):
        message = _("There are no such events: %(kinds)s.") % {"kinds": ", ".join(unknown)}
        raise ValidationError({"kinds": message})


def endpoint_create(*, school: School, fields: Mapping[str, Any], now: datetime) -> WebhookEndpoint:
    """A new endpoint with a secret of its own; it is told of what happens from `now` on.

    fields: any of FIELDS.  Raises: ValidationError, by field.
    """
    return endpoint_update(
        endpoint=WebhookEndpoint(school=school, secret=_secret(), enabled_at=now), fields=fields
    )


@transaction.atomic
def endpoint_update(*, endpoint: WebhookEndpoint, fields: Mapping[str, Any]) -> WebhookEndpoint:
    """Store changed fields.  fields: any of FIELDS.  Raises: ValidationError, by field."""
    for name in FIELDS:
        if name in fields:
            setattr(endpoint, name, fields[name])
    endpoint.full_clean()
    endpoint_check(endpoint)
    # Never back over a secret or a state that was changed meanwhile.
    endpoint.save(update_fields=[*FIELDS, "updated_at"] if endpoint.pk else None)
    return endpoint


def endpoint_delete(*, endpoint: WebhookEndpoint) -> None:
    """Delete an endpoint with its log; nothing more is sent to it."""
    endpoint.delete()


def endpoint_disable(
    *, endpoint: WebhookEndpoint, reason: DisabledReason = DisabledReason.BY_HAND
) -> None:
    """Send nothing more. What is on its way waits, and fails when its day is over."""
    endpoint.disabled_reason = reason
    endpoint.save(update_fields=["disabled_reason", "updated_at"])


def endpoint_enable(*, endpoint: WebhookEndpoint, now: datetime) -> None:
    """Send again. What happened in between is not told; the API's change feed has it."""
    endpoint.disabled_reason = DisabledReason.NONE
    endpoint.enabled_at = now
    endpoint.save(update_fields=["disabled_reason", "enabled_at", "updated_at"])


@transaction.atomic
def endpoint_rotate_secret(*, endpoint: WebhookEndpoint, now: datetime) -> WebhookEndpoint:
    """A new secret; for OVERLAP messages carry a signature by the one before as well.

    Locks: WebhookEndpoint.
    """
    locked = WebhookEndpoint.objects.select_for_update().get(pk=endpoint.pk)
    locked.previous_secret = locked.secret
    locked.previous_secret_until = now + OVERLAP
    locked.secret = _secret()
    locked.save()
    return locked


def _secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
