"""Points of the Earth as people write them, and how far apart they are. Pure."""

from __future__ import annotations

import re
from decimal import Decimal
from math import asin, cos, radians, sin, sqrt

from apps.quizzes.types.numbers import parse

EARTH_KM = 6371.0
LIMITS = {"latitude": 90, "longitude": 180}

_HALVES = {"latitude": "NS", "longitude": "EW"}
_DEGREES = re.compile(r"(?P<number>[^°NSEW]+?) ?°? ?(?P<half>[NSEW]?)", re.IGNORECASE)


def degrees(text: str, name: str) -> Decimal | None:
    """ "62.3", "62.3° E", "-62.3"; None for what is no such number, or not on the Earth.

    name: latitude or longitude. North and east are positive.
    """
    found = _DEGREES.fullmatch(text.strip())
    number = parse(found["number"]) if found else None
    if not found or number is None:
        return None
    if half := found["half"].upper():
        if half not in _HALVES[name] or number < 0:
            return None
        number = number if half == _HALVES[name][0] else -number
    return number if abs(number) <= LIMITS[name] else None


def distance_km(here: tuple[Decimal, Decimal], there: tuple[Decimal, Decimal]) -> float:
    """Along the sphere, between (latitude, longitude) and another, in tenths of a kilometre.

    Rounded, so that no machine's last digit decides.
    Source: the haversine formula; Sinnott, Sky and Telescope 68 (1984), 159.
    """
    north, east, other_north, other_east = (radians(float(each)) for each in (*here, *there))
    half = sin((north - other_north) / 2) ** 2
    half += cos(north) * cos(other_north) * sin((east - other_east) / 2) ** 2
    return round(2 * EARTH_KM * asin(sqrt(min(half, 1.0))), 1)
