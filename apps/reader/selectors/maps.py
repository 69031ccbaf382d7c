"""The map: states by their status in the SCO, and the places of the lessons."""

from __future__ import annotations

from dataclasses import dataclass

from apps.content import mapping
from apps.content.enums import ScoStatus
from apps.content.models import Actor, Place
from apps.reader.selectors.courses import CourseFrame, course_frame


@dataclass(frozen=True, slots=True)
class MapPage:
    """states: those with a country code, members first.  places: in order of name."""

    frame: CourseFrame
    states: list[Actor]
    places: list[Place]
    drawing: mapping.Drawing


def map_page(course: str) -> MapPage:
    """The states that the course speaks of and the places of the lessons, listed and drawn.

    Raises: NotFound.  Queries: 4.
    """
    frame = course_frame(course)
    ranks = {status: rank for rank, status in enumerate([*ScoStatus.values, ""])}
    states = sorted(
        Actor.objects.filter(course=frame.pk).exclude(iso=""),
        key=lambda state: (ranks[state.sco], state.name),
    )
    places = list(
        Place.objects.filter(course=frame.pk).order_by("name").prefetch_related("sources")
    )
    return MapPage(
        frame=frame,
        states=states,
        places=places,
        drawing=mapping.draw(
            [
                mapping.State(state.slug, state.name, state.iso, state.sco, state.get_sco_display())
                for state in states
            ],
            [
                mapping.Site(
                    slug=place.slug,
                    name=place.name,
                    kind=place.kind,
                    kind_label=place.get_kind_display(),
                    longitude=float(place.longitude),
                    latitude=float(place.latitude),
                )
                for place in places
            ],
        ),
    )
