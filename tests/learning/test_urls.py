"""Who gets what from every address of learning: one declared matrix, tested whole."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import get_resolver, reverse

from apps.accounts.models import User
from apps.content.models import Lesson
from apps.learning import services
from apps.learning.models import CalendarFeed, LessonProgress
from tests.accounts.steps import prove
from tests.factories import NOW
from tests.learning.factories import see

pytestmark = pytest.mark.django_db

ROLES = (
    "student",
    "classmate",
    "assistant",
    "instructor",
    "outsider",
    "foreign_instructor",
    "anonymous",
)
# In the order of ROLES. Each page is of whoever asks, so it is there for everybody signed in.
OWN = (200, 200, 200, 200, 200, 200, 302)
DONE = (302, 302, 302, 302, 302, 302, 302)
SCRIPT = (200, 200, 200, 200, 200, 200, 401)
REFUSED = (400, 400, 400, 400, 400, 400, 401)
EVERYBODY = (200,) * 7
NO_METHOD = (405,) * 7
NO_METHOD_SCRIPT = (405,) * 7

# name: (GET, POST with nothing in it)
ROUTES = {
    "home": (OWN, OWN),
    "course": (OWN, OWN),
    "progress": (SCRIPT, NO_METHOD),
    "progress-record": (NO_METHOD, REFUSED),
    "lesson-read": (DONE, DONE),
    "calendar": (OWN, DONE),  # POST: the password once more
    "calendar-file": (OWN, OWN),
    # The secret address is all that is asked for.
    "calendar-feed": (EVERYBODY, NO_METHOD),
}
ClientOf = Callable[[User | AnonymousUser], Client]


def patterns() -> list[Any]:
    return get_resolver("apps.learning.urls").url_patterns


def places(lesson: Lesson) -> dict[str, str]:
    """A lesson, and the calendar of somebody who is none of the cast's."""
    unit = lesson.unit
    return {"course": unit.course.slug, "unit": unit.slug, "lesson": lesson.slug}


def address_of(name: str, kwargs: dict[str, str]) -> str:
    wanted = next(each for each in patterns() if each.name == name).pattern.converters
    return reverse(f"learning:{name}", kwargs={key: kwargs[key] for key in wanted})


def test_matrix_names_every_route() -> None:
    assert {pattern.name for pattern in patterns()} == set(ROUTES)


@pytest.mark.parametrize("role", ROLES)
def test_routes_answer_each_role(
    role: str,
    lesson: Lesson,
    class_cast: dict[str, User | AnonymousUser],
    client_of: ClientOf,
) -> None:
    owner = class_cast["student"]
    assert isinstance(owner, User)
    kwargs = {**places(lesson), "token": services.feed_renew(reader=owner, now=NOW)}
    client = client_of(class_cast[role])
    found = {}
    for name in reversed(ROUTES):  # the owner's own POST makes a new address: the feed comes first
        address = address_of(name, kwargs)
        found[name] = (client.get(address).status_code, client.post(address).status_code)
    place = ROLES.index(role)
    assert found == {name: (get[place], post[place]) for name, (get, post) in ROUTES.items()}


@pytest.mark.parametrize(
    "kwargs",
    [
        {"course": "nowhere"},
        {"unit": "nowhere"},
        {"lesson": "nowhere"},
    ],
)
def test_what_is_not_published_is_not_found(
    kwargs: dict[str, str], lesson: Lesson, student: User, client_of: ClientOf
) -> None:
    client = client_of(student)
    wrong = {**places(lesson), **kwargs}
    for pattern in patterns():
        if set(kwargs) <= set(pattern.pattern.converters):
            address = address_of(pattern.name, wrong)
            found = client.get(address), client.post(address)
            assert {answer.status_code for answer in found} <= {404, 405}
            assert found[0].status_code == 404
    assert not LessonProgress.objects.exists()


def test_a_reader_changes_no_row_but_their_own(
    lesson: Lesson, student: User, classmate: User, client_of: ClientOf
) -> None:
    see(classmate, lesson, "one", resume="one")
    services.feed_renew(reader=classmate, now=NOW)
    before = (
        list(LessonProgress.objects.filter(reader=classmate).values()),
        list(CalendarFeed.objects.filter(reader=classmate).values()),
    )
    client = client_of(student)
    theirs = {"reader": classmate.pk, "user": str(classmate.public_id), "student": classmate.pk}
    row = {**places(lesson), "seen": ["two"], **theirs}
    client.post(
        reverse("learning:progress-record"),
        json.dumps({"lessons": [row], **theirs}),
        content_type="application/json",
    )
    client.post(address_of("lesson-read", places(lesson)), {"is_read": "1", **theirs})
    client.post(address_of("lesson-read", places(lesson)), {"is_read": "0", **theirs})
    prove(client)
    client.post(reverse("learning:calendar"), theirs)
    client.post(reverse("learning:calendar"), {"revoke": "1", **theirs})
    assert before == (
        list(LessonProgress.objects.filter(reader=classmate).values()),
        list(CalendarFeed.objects.filter(reader=classmate).values()),
    )
    assert LessonProgress.objects.get(reader=student).seen == {"two": 1}
