"""Places in a spec: a course file names them by slug, a version of a question holds where they are.

Whoever saves a version fills the places in, so that an old attempt is graded by the map of its day;
whoever exports takes the facts out again. Every mapping with a "place" is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

FACTS = ("name", "latitude", "longitude")


@dataclass(frozen=True, slots=True)
class Place:
    """latitude, longitude: degrees north and east, as decimals in strings."""

    name: str
    latitude: str
    longitude: str


def slugs(spec: object) -> list[str]:
    """The places that a spec names, each once, in order."""
    return list(dict.fromkeys(_slugs(spec)))


def filled(spec: Any, places: Mapping[str, Place]) -> Any:
    """The spec with name, latitude and longitude beside every place that is known."""
    if isinstance(spec, list):
        return [filled(each, places) for each in spec]
    if not isinstance(spec, Mapping):
        return spec
    found = {name: filled(value, places) for name, value in spec.items()}
    place = places.get(found["place"]) if isinstance(found.get("place"), str) else None
    if place:
        found |= {name: getattr(place, name) for name in FACTS}
    return found


def stripped(spec: Any) -> Any:
    """The spec as a course file has it: filled(stripped(spec), places) == spec."""
    if isinstance(spec, list):
        return [stripped(each) for each in spec]
    if not isinstance(spec, Mapping):
        return spec
    facts = FACTS if "place" in spec else ()
    return {name: stripped(value) for name, value in spec.items() if name not in facts}


def _slugs(spec: object) -> Iterator[str]:
    if isinstance(spec, list):
        for each in spec:
            yield from _slugs(each)
    elif isinstance(spec, Mapping):
        if isinstance(spec.get("place"), str):
            yield spec["place"]
        for value in spec.values():
            yield from _slugs(value)
