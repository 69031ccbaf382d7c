"""One row of every kind in a course, for walks through every page."""

from typing import Any

from apps.content import services
from apps.content.models import Actor, Course, Place, SourceParagraph, TimelineEvent
from tests.content import factories
from tests.factories import NOW

WRITER: dict[str, Any] = {"editor": None, "now": NOW}


def course_objects(course: Course) -> dict[str, Any]:
    """{model's name: a row of `course`}; each carries the course's slug in what it is called."""
    mark = course.slug
    lesson = factories.lesson_publish(course, slug=f"{mark}-lesson", title=f"Lesson of {mark}")
    actor = services.actor_save(
        actor=Actor(course=course),
        fields={
            "slug": f"{mark}-actor",
            "name": f"Actor of {mark}",
            "kind": "state",
            "description": "A state.",
        },
        **WRITER,
    )
    return {
        "course": course,
        "unit": lesson.unit,
        "lesson": lesson,
        "sourceparagraph": SourceParagraph.objects.filter(article__course=course).first(),
        "reference": factories.reference_create(
            course, f"{mark}-work", {**factories.KHAN, "title": f"Work of {mark}"}
        ),
        "glossaryterm": factories.term_create(
            course, slug=f"{mark}-term", term=f"Term of {mark}", aliases=[]
        ),
        "actor": actor,
        "timelineevent": services.timeline_event_save(
            event=TimelineEvent(course=course),
            fields={"slug": f"{mark}-event", "date": "1949", "title": f"Event of {mark}"},
            actors=[actor.slug],
            **WRITER,
        ),
        "place": services.place_save(
            place=Place(course=course),
            fields={
                "slug": f"{mark}-place",
                "name": f"Place of {mark}",
                "kind": "city",
                "latitude": "24.86",
                "longitude": "67.01",
            },
            **WRITER,
        ),
        "figure": services.figure_save(
            course=course,
            file=f"{mark}.svg",
            alt=f"Figure of {mark}",
            content=factories.SVG,
            **WRITER,
        ),
    }
