"""Who gets what from every address of teaching."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import get_resolver, reverse

from apps.accounts.models import User
from apps.classrooms.models import Classroom

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
EVERYBODY = (200, 200, 200, 200, 200, 200, 302)
STAFF = (404, 404, 200, 200, 404, 404, 302)
ROUTES = {
    "home": EVERYBODY,  # each sees their own classes
    "duties-file": EVERYBODY,
    "classroom": STAFF,
    "confusions-file": STAFF,
    "students-file": STAFF,
    "objectives-file": STAFF,
    "paragraphs": STAFF,
    "paragraphs-file": STAFF,
}
ClientOf = Callable[[User | AnonymousUser], Client]


def patterns() -> list[Any]:
    return get_resolver("apps.teaching.urls").url_patterns


def test_matrix_names_every_route() -> None:
    assert {pattern.name for pattern in patterns()} == set(ROUTES)


@pytest.mark.parametrize("name", ROUTES)
def test_route_answers_each_role(
    name: str, class_cast: dict[str, Any], classroom: Classroom, client_of: ClientOf
) -> None:
    wanted = next(each for each in patterns() if each.name == name).pattern.converters
    address = reverse(f"teaching:{name}", args=[classroom.public_id] if wanted else [])
    got = tuple(client_of(class_cast[role]).get(address).status_code for role in ROLES)
    assert got == ROUTES[name]
