from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import School, User
from apps.api import services as api
from apps.api.enums import Scope
from apps.classrooms.models import Classroom
from apps.content import services
from apps.content.models import Actor, Course, Place, TimelineEvent
from tests.content import factories as content
from tests.factories import NOW

ClientOfSchool = Callable[..., Client]


@pytest.fixture
def client_of_school() -> ClientOfSchool:
    """A function from a school to a test client that carries its LMS's token."""

    def make(school: School, scopes: Iterable[str] = Scope.values) -> Client:
        now = timezone.now()
        client, secret = api.client_create(school=school, name="LMS", scopes=scopes, now=now)
        _token, text = api.token_issue(
            client_id=str(client.public_id), secret=secret, scopes=(), now=now
        )
        headers: Any = {"Authorization": f"Bearer {text}"}
        return Client(headers=headers)

    return make


@pytest.fixture
def places(classroom: Classroom, student: User) -> dict[str, str]:
    """What stands for each part of an address: one of everything, in `classroom`'s course."""
    course = classroom.course
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
        "key": str(classroom.public_id),
        "person": str(classroom.enrolments.get(user=student).public_id),
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
