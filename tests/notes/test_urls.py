"""Who gets what from every address of notes: one declared matrix, tested whole."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import get_resolver, reverse

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.content.models import Lesson
from apps.notes.models import Note
from tests.notes.factories import share

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
# In the order of ROLES. The student has written the note and shared it with the class.
READERS = (200, 200, 200, 200, 200, 200, 302)
AUTHOR = (200, 404, 404, 404, 404, 404, 302)
AUTHOR_DONE = (302, 404, 404, 404, 404, 404, 302)
MEMBERS = (200, 200, 200, 200, 404, 404, 302)
STAFF = (404, 404, 200, 200, 404, 404, 302)
STAFF_DONE = (404, 404, 302, 302, 404, 404, 302)

# name: (GET, POST with nothing in it)
ROUTES = {
    "mine": (READERS, READERS),
    "export": (READERS, READERS),
    "lesson": (READERS, READERS),
    "panel": (READERS, READERS),
    "class": (MEMBERS, MEMBERS),
    "confusions": (STAFF, STAFF),
    "hide": (STAFF, STAFF),
    "show": (STAFF_DONE, STAFF_DONE),
    "edit": (AUTHOR, AUTHOR),
    "delete": (AUTHOR, AUTHOR_DONE),
}
ClientOf = Callable[[User | AnonymousUser], Client]


def patterns() -> list[Any]:
    return get_resolver("apps.notes.urls").url_patterns


@pytest.fixture
def note(student: User, lesson: Lesson, classroom: Classroom) -> Note:
    return share(student, lesson, classroom)


def address_of(name: str, note: Note, classroom: Classroom) -> str:
    places = {
        "note_id": note.public_id,
        "public_id": classroom.public_id,
        "course": "class-course",
        "unit": "history",
        "lesson": "invitation",
    }
    wanted = next(each for each in patterns() if each.name == name).pattern.converters
    return reverse(f"notes:{name}", kwargs={key: places[key] for key in wanted})


def test_matrix_names_every_route() -> None:
    assert {pattern.name for pattern in patterns()} == set(ROUTES)


@pytest.mark.parametrize("role", ROLES)
def test_routes_answer_each_role(
    role: str,
    note: Note,
    classroom: Classroom,
    class_cast: dict[str, User | AnonymousUser],
    client_of: ClientOf,
) -> None:
    client = client_of(class_cast[role])
    found = {}
    for name in ROUTES:  # what takes the note away comes last
        address = address_of(name, note, classroom)
        found[name] = (client.get(address).status_code, client.post(address).status_code)
    place = ROLES.index(role)
    assert found == {name: (get[place], post[place]) for name, (get, post) in ROUTES.items()}


@pytest.mark.parametrize("name", ["hide", "show"])
def test_note_of_another_class_is_not_found(
    name: str,
    note: Note,
    foreign_classroom: Classroom,
    foreign_instructor: User,
    client_of: ClientOf,
) -> None:
    address = address_of(name, note, foreign_classroom)
    assert client_of(foreign_instructor).post(address, {"reason": "Mine."}).status_code == 404
    note.refresh_from_db()
    assert note.hidden_at is None
