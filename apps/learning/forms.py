"""What a page's script says of reading."""

from __future__ import annotations

import json

from django.utils.translation import gettext as _

from apps.learning.errors import MalformedReport
from apps.learning.reading import Malformed, Report, reports_of

MAX_BYTES = 64 * 1024


def reports_from_json(body: bytes) -> list[Report]:
    """Raises: MalformedReport for anything that our own page does not send."""
    try:
        if len(body) > MAX_BYTES:
            raise Malformed
        return reports_of(json.loads(body))
    except (ValueError, RecursionError):
        raise MalformedReport(_("This report of reading cannot be understood.")) from None
