"""Who gets what from every address of debates: one declared matrix, tested whole."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import get_resolver, reverse

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from tests.debates.factories import (
    during,
    join,
    motion_write,
    post,
    review_create,
    run_create,
)

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
# In the order of ROLES. The student has written the argument; the classmate takes part.
MEMBERS = (200, 200, 200, 200, 404, 404, 302)
STAFF = (404, 404, 200, 200, 404, 404, 302)
INSTRUCTOR = (404, 404, 404, 200, 404, 404, 302)
PARTICIPANTS = (200, 200, 404, 404, 404, 404, 302)
REFUSED = (400, 400, 404, 404, 404, 404, 302)
AUTHOR = (200, 404, 404, 404, 404, 404, 302)
AUTHOR_DONE = (302, 404, 404, 404, 404, 404, 302)
LED = (302, 302, 302, 302, 404, 404, 302)
DONE = (302, 302, 404, 404, 404, 404, 302)

# name: (GET, POST with nothing in it)
ROUTES = {
    "runs": (MEMBERS, MEMBERS),
    "run-choose": (INSTRUCTOR, INSTRUCTOR),
    "run-create": (INSTRUCTOR, INSTRUCTOR),
    "motion-write": (INSTRUCTOR, INSTRUCTOR),
    "motion-edit": (INSTRUCTOR, INSTRUCTOR),
    "run": (MEMBERS, MEMBERS),
    "stance": (DONE, DONE),
    "closing": (PARTICIPANTS, PARTICIPANTS),
    "argue": (PARTICIPANTS, PARTICIPANTS),
    "argument": (LED, LED),
    "answer": (PARTICIPANTS, PARTICIPANTS),
    "draft": (REFUSED, REFUSED),
    "sources": (PARTICIPANTS, PARTICIPANTS),
    "balance": (PARTICIPANTS, PARTICIPANTS),
    "edit": (AUTHOR, AUTHOR),
    "history": (MEMBERS, MEMBERS),
    "rate": (DONE, DONE),
    "moved": (DONE, DONE),
    "report": (PARTICIPANTS, PARTICIPANTS),
    "moderate": (STAFF, STAFF),
    "moderation": (STAFF, STAFF),
    "assessment": (STAFF, STAFF),
    "assess": (STAFF, STAFF),
    "results": (STAFF, STAFF),
    "dates": (INSTRUCTOR, INSTRUCTOR),
    "sides": (MEMBERS, MEMBERS),
    "branch": (MEMBERS, MEMBERS),
    "news": (MEMBERS, MEMBERS),
    "map": (MEMBERS, MEMBERS),
    "exports": (STAFF, STAFF),
    "export": (STAFF, STAFF),
    "mine": (PARTICIPANTS, PARTICIPANTS),
    "reviews": (DONE, DONE),
    "review": (AUTHOR, AUTHOR),
    "withdraw": (AUTHOR, AUTHOR_DONE),
}
ClientOf = Callable[[User | AnonymousUser], Client]


@pytest.fixture
def places(class_cast: dict[str, Any], classroom: Classroom) -> dict[str, UUID | str]:
    run = run_create(classroom, class_cast["instructor"])
    author = join(run, class_cast["student"])
    return {
        "public_id": classroom.public_id,
        "run_id": run.public_id,
        "debate_id": run.debate.public_id,
        "motion_id": motion_write(classroom, class_cast["instructor"]).public_id,
        "argument_id": post(author).public_id,
        "participant_id": author.public_id,
        "review_id": review_create(author, join(run, class_cast["classmate"])).public_id,
        "kind": "markdown",
    }


def patterns() -> list[Any]:
    return get_resolver("apps.debates.urls").url_patterns


def address_of(name: str, places: dict[str, UUID | str]) -> str:
    wanted = next(each for each in patterns() if each.name == name).pattern.converters
    return reverse(f"debates:{name}", kwargs={key: places[key] for key in wanted})


def test_matrix_names_every_route() -> None:
    assert {pattern.name for pattern in patterns()} == set(ROUTES)


@pytest.mark.parametrize("role", ROLES)
def test_routes_answer_each_role(
    role: str,
    places: dict[str, UUID | str],
    class_cast: dict[str, User | AnonymousUser],
    client_of: ClientOf,
) -> None:
    found = {}
    with time_machine.travel(during("arguing"), tick=False):
        client = client_of(class_cast[role])
        for name in ROUTES:  # what takes the argument away comes last
            address = address_of(name, places)
            found[name] = (client.get(address).status_code, client.post(address).status_code)
    place = ROLES.index(role)
    assert found == {name: (get[place], post[place]) for name, (get, post) in ROUTES.items()}


@pytest.mark.parametrize(
    "key", ["run_id", "debate_id", "motion_id", "argument_id", "participant_id", "review_id"]
)
def test_what_another_class_has_is_not_found(
    key: str,
    places: dict[str, UUID | str],
    foreign_classroom: Classroom,
    foreign_instructor: User,
    outsider: User,
    client_of: ClientOf,
) -> None:
    run = run_create(foreign_classroom, foreign_instructor)
    theirs = join(run, outsider)
    own = {
        "public_id": foreign_classroom.public_id,
        "run_id": run.public_id,
        "debate_id": run.debate.public_id,
        "motion_id": motion_write(foreign_classroom, foreign_instructor).public_id,
        "argument_id": post(theirs).public_id,
        "participant_id": theirs.public_id,
        "review_id": places["review_id"],
        "kind": "markdown",
    }
    mixed = {**own, key: places[key]}
    for person in (foreign_instructor, outsider):
        client = client_of(person)
        for pattern in patterns():
            if key in pattern.pattern.converters:
                address = address_of(pattern.name, mixed)
                assert client.get(address).status_code == 404
                assert client.post(address).status_code == 404
