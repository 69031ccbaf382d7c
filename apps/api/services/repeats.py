"""The same request sent twice has one effect: what `Idempotency-Key` promises."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from apps.api.errors import KeyReused, RequestRunning
from apps.api.models import IdempotentRequest

KEPT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered. body: JSON, or "" for none."""

    status: int
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    is_repeated: bool = False


def request_once(
    *, caller: str, key: str, fingerprint: str, act: Callable[[], Answer], now: datetime
) -> Answer:
    """What `act` answers, which is called once for each key of a caller within KEPT.

    The answer is stored in the transaction of the effect: both are there or neither is, however
    the process ends. Where `act` raises, nothing is, and the key may be used again.
    Raises: RequestRunning while another has the key; KeyReused for another request under it.
    Locks: IdempotentRequest.  Queries: 5 to 7 besides those of `act`.
    Source: draft-ietf-httpapi-idempotency-key-header
    """
    rows = IdempotentRequest.objects.filter(caller=caller, key=key)
    rows.filter(expires_at__lte=now).delete()
    IdempotentRequest.objects.get_or_create(
        caller=caller,
        key=key,
        defaults={"fingerprint": fingerprint, "expires_at": now + KEPT},
    )
    with transaction.atomic():
        # Whoever holds the row is at work; SQLite waits for them instead.
        row = rows.select_for_update(skip_locked=True).first()
        if row is None:
            raise RequestRunning(_("The first request with this key is still being answered."))
        if row.fingerprint != fingerprint:
            raise KeyReused(_("This key was sent with another request."))
        if row.status is not None:
            return Answer(row.status, row.body, row.headers, is_repeated=True)
        answer = act()
        row.status, row.body, row.headers = answer.status, answer.body, answer.headers
        row.save(update_fields=["status", "body", "headers"])
    return answer
