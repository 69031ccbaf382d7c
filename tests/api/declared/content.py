"""What anybody may read."""

from typing import Any

from apps.content import services
from apps.content.models import Actor, Course, Place, TimelineEvent
from tests.api.declared.roles import EVERYBODY, World
from tests.content import factories as content
from tests.factories import NOW

READS = dict.fromkeys(
    (
        "courses",
        "course",
        "units",
        "unit",
        "lessons",
        "lesson",
        "editions",
        "lesson-by-id",
        "paragraphs",
        "paragraph",
        "references",
        "reference",
        "reference-file",
        "bibliography",
        "glossary",
        "actors",
        "timeline",
        "places",
        "glossary-one",
        "actors-one",
        "timeline-one",
        "places-one",
        "search",
    ),
    EVERYBODY,
)
WRITES: dict[tuple[str, str], tuple[int, ...]] = {}
QUERIES = {"search": "?q=invitation"}


def places(world: World) -> dict[str, str]:
    """One of everything, in the class's course."""
    course = world.classroom.course
    lesson = content.lesson_publish(course, content.section())
    nouns_create(course)
    return {
        "course": course.slug,
        "unit": lesson.unit.slug,
        "lesson": lesson.slug,
        "lesson_id": str(lesson.public_id),
        "number": "P01",
        "reference": "khan1961",
        "form": "bibtex",
        "slug": "pakistan",
    }


def nouns_create(course: Course) -> None:
    """A term, an actor, an event and a place, each with the slug "pakistan"."""
    common: dict[str, Any] = {"sources": ["P01"], "editor": None, "now": NOW}
    text = {"slug": "pakistan", "description": "Cited [@khan1961]."}
    content.term_create(course, slug="pakistan", term="Pakistan", aliases=[])
    services.actor_save(
        actor=Actor(course=course), fields={**text, "name": "Pakistan", "kind": "state"}, **common
    )
    services.timeline_event_save(
        event=TimelineEvent(course=course),
        fields={**text, "date": "1949-06", "title": "An invitation"},
        actors=["pakistan"],
        **common,
    )
    services.place_save(
        place=Place(course=course),
        fields={**text, "name": "Karachi", "kind": "city", "latitude": "24.8", "longitude": "67"},
        **common,
    )
