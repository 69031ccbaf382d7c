"""Who gets what from every address of the API: one declared matrix, tested whole."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import get_resolver, reverse

from apps.accounts.models import School, User
from apps.classrooms.models import Classroom
from tests.api.conftest import ClientOfSchool

pytestmark = pytest.mark.django_db

ROLES = (
    "student",
    "assistant",
    "instructor",
    "outsider",
    "foreign_instructor",
    "anonymous",
    "client",
    "foreign_client",
    "unscoped_client",
)
EVERYBODY = (200,) * 9
STAFF = (404, 200, 200, 404, 404, 401, 200, 404, 403)
RUN = (404, 404, 200, 404, 404, 401, 200, 404, 403)
NOBODY = (404,) * 9

# name: GET, in the order of ROLES
ROUTES = {
    "docs": EVERYBODY,
    "openapi": EVERYBODY,
    "token": (405,) * 9,
    "courses": EVERYBODY,
    "course": EVERYBODY,
    "units": EVERYBODY,
    "unit": EVERYBODY,
    "lessons": EVERYBODY,
    "lesson": EVERYBODY,
    "editions": EVERYBODY,
    "lesson-by-id": EVERYBODY,
    "paragraphs": EVERYBODY,
    "paragraph": EVERYBODY,
    "references": EVERYBODY,
    "reference": EVERYBODY,
    "reference-file": EVERYBODY,
    "bibliography": EVERYBODY,
    "glossary": EVERYBODY,
    "actors": EVERYBODY,
    "timeline": EVERYBODY,
    "places": EVERYBODY,
    "glossary-one": EVERYBODY,
    "actors-one": EVERYBODY,
    "timeline-one": EVERYBODY,
    "places-one": EVERYBODY,
    "search": EVERYBODY,
    "classrooms": (200, 200, 200, 200, 200, 401, 200, 200, 403),
    "classroom": (200, 200, 200, 404, 404, 401, 200, 404, 403),
    "enrolments": STAFF,
    "enrolment": STAFF,
    "invitations": RUN,
    "roster": (405,) * 9,
    "grade-items": STAFF,
    "results": STAFF,
    "missing": NOBODY,
}
# (method, name): what a request without body or If-Match is answered, in the order of ROLES
WRITES = {
    ("post", "token"): (400,) * 9,
    ("patch", "enrolment"): (404, 404, 428, 404, 404, 401, 428, 404, 403),
    ("delete", "enrolment"): (404, 404, 428, 404, 404, 401, 428, 404, 403),
    ("put", "roster"): (404, 404, 400, 404, 404, 401, 400, 404, 403),
    ("post", "invitations"): (404, 404, 400, 404, 404, 401, 400, 404, 403),
}
QUERIES = {"search": "?q=invitation"}
METHODS = ("post", "put", "patch", "delete")
ClientOf = Callable[[User | AnonymousUser], Client]


@pytest.fixture
def callers(
    class_cast: dict[str, Any],
    client_of: ClientOf,
    client_of_school: ClientOfSchool,
    school: School,
    other_school: School,
) -> dict[str, Client]:
    people = {role: client_of(class_cast[role]) for role in ROLES[:6]}
    return {
        **people,
        "client": client_of_school(school),
        "foreign_client": client_of_school(other_school),
        "unscoped_client": client_of_school(school, scopes=[]),
    }


def patterns() -> list[Any]:
    return get_resolver("apps.api.urls").url_patterns


def address_of(name: str, places: dict[str, str]) -> str:
    pattern = next(p for p in patterns() if p.name == name)
    wanted = pattern.pattern.converters
    where = {key: places[key] for key in wanted}
    return reverse(f"api:{name}", kwargs=where) + QUERIES.get(name, "")


def test_matrix_names_every_route() -> None:
    assert list(ROUTES) == [p.name for p in patterns()]


def test_routes_answer_each_role(callers: dict[str, Client], places: dict[str, str]) -> None:
    answers = {
        name: tuple(callers[role].get(address_of(name, places)).status_code for role in ROLES)
        for name in ROUTES
    }
    assert answers == ROUTES


def test_writes_answer_each_role(callers: dict[str, Client], places: dict[str, str]) -> None:
    views = {p.name: p.callback.view_class for p in patterns() if p.name != "missing"}
    declared = {(m, name) for name, view in views.items() for m in METHODS if hasattr(view, m)}
    assert declared == set(WRITES)

    def ask(method: str, name: str, role: str) -> int:
        kind = "application/x-www-form-urlencoded" if name == "token" else "application/json"
        body = "" if name == "token" else "{}"
        act = getattr(callers[role], method)
        answer = act(address_of(name, places), body, content_type=kind)
        return int(answer.status_code)

    answers = {each: tuple(ask(*each, role) for role in ROLES) for each in WRITES}
    assert answers == WRITES


@pytest.mark.parametrize("noun", ["enrolments", "invitations", "grade-items", "results"])
def test_foreign_class_answers_as_a_missing_one(
    noun: str, callers: dict[str, Client], classroom: Classroom
) -> None:
    missing = "11111111-1111-4111-8111-111111111111"
    for role in ("student", "outsider", "foreign_instructor", "foreign_client"):
        answers = [
            callers[role].get(f"/api/v1/classrooms/{key}/{noun}").content
            for key in (classroom.public_id, missing, "nonsense", "sis:", "sis:%00")
        ]
        assert len(set(answers)) == 1, role
