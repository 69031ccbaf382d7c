"""How often each caller asks."""

import hashlib
from datetime import datetime

from django.db.models import F

from apps.api.models import RequestWindow


def request_count(*, caller: str, now: datetime) -> int:
    """Count one more request of `caller`; how many this minute has seen, this one included.

    The update is one statement, so that no two requests are counted as one.  Queries: 2.
    """
    minute = int(now.timestamp()) // 60
    rows = RequestWindow.objects.filter(caller=caller)
    if not rows.filter(minute=minute).update(requests=F("requests") + 1):
        RequestWindow.objects.update_or_create(
            caller=caller, defaults={"minute": minute, "requests": 1}
        )
    return rows.values_list("requests", flat=True).first() or 1


def requests_seen(*, caller: str, now: datetime) -> int:
    """How often `caller` was counted in this minute.  Queries: 1."""
    rows = RequestWindow.objects.filter(caller=caller, minute=int(now.timestamp()) // 60)
    return rows.values_list("requests", flat=True).first() or 0


def address_hash(address: str, key: str) -> str:
    """A name for an address that does not tell it, so that no address is stored."""
    return hashlib.blake2b(address.encode(), key=key.encode()[:64], digest_size=16).hexdigest()
