"""What counts as a time zone: a name of the IANA database, such as Asia/Karachi."""

import zoneinfo
from functools import cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

AREAS = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)


@cache
def time_zone_names() -> frozenset[str]:
    """Every name that is valid here; read from disk once a process."""
    return frozenset(zoneinfo.available_timezones())


@cache
def time_zones_by_area() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The zones named after a place, by area, both in alphabetical order."""
    names = sorted(time_zone_names())
    return tuple(
        (area, tuple(name for name in names if name.startswith(f"{area}/"))) for area in AREAS
    )


def validate_time_zone(value: str) -> None:
    """Raises: ValidationError unless `value` names a zone; a path or an offset is none."""
    if value not in time_zone_names():
        raise ValidationError(
            _("“%(value)s” is not a time zone. Choose one such as Asia/Karachi."),
            code="time_zone",
            params={"value": value},
        )
