"""Who gets what from every address of review: one declared matrix, tested whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import get_resolver, reverse

from apps.accounts.models import User
from apps.notes.models import Note
from tests.review.factories import own_card, rate, readable_course

pytestmark = pytest.mark.django_db

ROLES = ("student", "classmate", "instructor", "outsider", "anonymous")
# In the order of ROLES. The student owns card, rating and note; nobody else sees them.
EVERYBODY = (200, 200, 200, 200, 302)
DONE = (302, 302, 302, 302, 302)
POST_ONLY = (405, 405, 405, 405, 302)
OWNER = (200, 404, 404, 404, 302)
OWNER_DONE = (302, 404, 404, 404, 302)

# name: (GET, POST with nothing in it)
ROUTES = {
    "home": (EVERYBODY, EVERYBODY),
    "queue": (EVERYBODY, EVERYBODY),
    "statistics": (EVERYBODY, EVERYBODY),
    "settings": (EVERYBODY, EVERYBODY),
    "cards": (EVERYBODY, EVERYBODY),
    "card-create": (EVERYBODY, EVERYBODY),
    "sources": (EVERYBODY, EVERYBODY),
    "source": (EVERYBODY, EVERYBODY),
    "source-add": (POST_ONLY, DONE),
    "missed-add": (POST_ONLY, DONE),
    "import": (EVERYBODY, EVERYBODY),
    "export": (EVERYBODY, EVERYBODY),
    "answer": (OWNER, OWNER),
    "card-rate": (POST_ONLY, DONE),  # what cannot be read is said before the card is looked for
    "rating-undo": (POST_ONLY, OWNER_DONE),
    "card": (OWNER, OWNER),
    "card-edit": (OWNER, OWNER),
    "card-follow": (POST_ONLY, OWNER_DONE),
    "card-suspend": (POST_ONLY, OWNER_DONE),
    "card-resume": (POST_ONLY, OWNER_DONE),
    "note-add": (POST_ONLY, OWNER_DONE),
    "card-delete": (OWNER, OWNER_DONE),  # last: it takes the card away
}
ClientOf = Callable[[User | AnonymousUser], Client]


@pytest.fixture
def places(student: User) -> dict[str, UUID | str]:
    course = readable_course()
    card = own_card(student)
    rated = rate(card, 3)
    note = Note.objects.create(
        author=student, lesson_title="L", section="a", heading="H", kind="note", body="b", html="b"
    )
    assert rated.log is not None
    return {
        "card_id": card.public_id,
        "log_id": rated.log.public_id,
        "note_id": note.public_id,
        "course": course.slug,
        "kind": "terms",
    }


def patterns() -> list[Any]:
    return get_resolver("apps.review.urls").url_patterns


def address_of(name: str, places: dict[str, UUID | str]) -> str:
    wanted = next(each for each in patterns() if each.name == name).pattern.converters
    return reverse(f"review:{name}", kwargs={key: places[key] for key in wanted})


def test_matrix_names_every_route() -> None:
    assert {pattern.name for pattern in patterns()} == set(ROUTES)


@pytest.mark.parametrize("role", ROLES)
def test_routes_answer_each_role(
    role: str,
    places: dict[str, UUID | str],
    cast: dict[str, User | AnonymousUser],
    client_of: ClientOf,
) -> None:
    client = client_of(cast[role])
    found = {}
    for name in ROUTES:
        address = address_of(name, places)
        found[name] = (client.get(address).status_code, client.post(address).status_code)
    place = ROLES.index(role)
    assert found == {name: (get[place], post[place]) for name, (get, post) in ROUTES.items()}


def test_a_rating_of_anothers_card_is_not_found(
    places: dict[str, UUID | str], classmate: User, client_of: ClientOf
) -> None:
    sent = {"rating": 3, "version": 2, "client_id": str(uuid4())}
    answer = client_of(classmate).post(address_of("card-rate", places), sent)
    assert answer.status_code == 404


@pytest.mark.parametrize("kind", ["nothing", "units"])
def test_what_cannot_be_added_is_not_found(
    kind: str, places: dict[str, UUID | str], student: User, client_of: ClientOf
) -> None:
    client = client_of(student)
    assert client.post(address_of("source-add", {**places, "kind": kind})).status_code == 404
    terms = address_of("source-add", places)
    assert client.post(terms, {"unit": "nowhere"}).status_code == 404
    assert client.post(address_of("source-add", {**places, "course": "none"})).status_code == 404
