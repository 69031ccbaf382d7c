"""How an operation says that it will go: Deprecation (RFC 9745) and Sunset (RFC 8594)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.http import http_date

# A school changes its programs between two school years.
NOTICE = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Deprecation:
    """since: from then on nothing new should use it.  sunset: when it may go, NOTICE later or more.

    successor: the address that does the same, as docs/api.md writes it; "" for none.
    Raises: ValueError for a moment without time zone, and for a sunset that comes too soon.
    """

    since: datetime
    sunset: datetime
    successor: str = ""

    def __post_init__(self) -> None:
        if self.since.tzinfo is None or self.sunset.tzinfo is None:
            raise ValueError("A moment with its time zone is needed.")
        if self.sunset < self.since + NOTICE:
            raise ValueError("Whoever calls it needs a year to change.")

    @property
    def headers(self) -> dict[str, str]:
        """What every answer of the operation carries, refusals as well."""
        return {
            "Deprecation": f"@{int(self.since.timestamp())}",
            "Sunset": http_date(self.sunset.timestamp()),
        }

    @property
    def links(self) -> list[str]:
        """For the Link header (RFC 8288): where the policy is, and what comes instead."""
        links = ['</api/v1/docs>; rel="deprecation"; type="text/html"']
        return [*links, f'<{self.successor}>; rel="successor-version"'] if self.successor else links
