"""Who gets what from every address of the gradebook: one declared matrix, tested whole."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import get_resolver, reverse

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.grades import services
from apps.grades.models import GradeCategory
from tests.factories import NOW
from tests.grades.factories import manual_create

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
# Statuses in the order of ROLES. 302 is the log-in page for the anonymous, and for others what
# follows; 405 says that the address takes POST alone.
STUDENTS = (200, 200, 404, 404, 404, 404, 302)
STAFF = (404, 404, 200, 200, 404, 404, 302)
STAFF_DONE = (404, 404, 302, 302, 404, 404, 302)
INSTRUCTOR = (404, 404, 404, 200, 404, 404, 302)
DONE = (404, 404, 404, 302, 404, 404, 302)
POST_ALONE = (405, 405, 405, 405, 405, 405, 302)

# name: (GET, POST with nothing in it)
ROUTES = {
    "gradebook": (STAFF, STAFF),
    "mine": (STUDENTS, STUDENTS),
    "student": (STAFF, STAFF),
    "release-all": (POST_ALONE, DONE),
    "export-csv": (STAFF, STAFF),
    "export-xlsx": (STAFF, STAFF),
    "import": (STAFF, STAFF),
    "setup": (INSTRUCTOR, INSTRUCTOR),
    "category-create": (INSTRUCTOR, INSTRUCTOR),
    "category-delete": (POST_ALONE, DONE),
    "item-create": (INSTRUCTOR, INSTRUCTOR),
    "item": (STAFF, STAFF),
    "item-settings": (INSTRUCTOR, INSTRUCTOR),
    "item-release": (POST_ALONE, DONE),
    "item-hold": (POST_ALONE, DONE),
    "grade": (STAFF, INSTRUCTOR),
    "item-delete": (POST_ALONE, DONE),
}
ClientOf = Callable[[User | AnonymousUser], Client]


@pytest.fixture
def places(class_cast: dict[str, Any], classroom: Classroom) -> dict[str, UUID]:
    instructor, student = class_cast["instructor"], class_cast["student"]
    item = manual_create(classroom, actor=instructor)
    services.marks_save(
        item=item, marks={student.pk: services.Mark(Decimal(7))}, actor=instructor, now=NOW
    )
    category = services.category_save(
        category=GradeCategory(classroom=classroom),
        fields={"title": "Essays"},
        actor=instructor,
        now=NOW,
    )
    return {
        "public_id": classroom.public_id,
        "item_id": item.public_id,
        "category_id": category.public_id,
        "person_id": classroom.enrolments.get(user=student).public_id,
    }


def patterns() -> list[Any]:
    return get_resolver("apps.grades.urls").url_patterns


def address_of(name: str, places: dict[str, UUID]) -> str:
    pattern = next(each for each in patterns() if each.name == name)
    wanted = pattern.pattern.converters
    return reverse(f"grades:{name}", kwargs={key: places[key] for key in wanted})


def test_matrix_names_every_route() -> None:
    assert {pattern.name for pattern in patterns()} == set(ROUTES)


@pytest.mark.parametrize("role", ROLES)
def test_routes_answer_each_role(
    role: str,
    places: dict[str, UUID],
    class_cast: dict[str, User | AnonymousUser],
    client_of: ClientOf,
) -> None:
    client = client_of(class_cast[role])
    found = {}
    for name in ROUTES:  # what takes the item away comes last
        address = address_of(name, places)
        found[name] = (client.get(address).status_code, client.post(address).status_code)
    place = ROLES.index(role)
    assert found == {name: (get[place], post[place]) for name, (get, post) in ROUTES.items()}


@pytest.mark.parametrize("name", ["item", "item-settings", "item-hold", "grade", "student"])
def test_what_another_class_has_is_not_found(
    name: str,
    places: dict[str, UUID],
    foreign_classroom: Classroom,
    foreign_instructor: User,
    outsider: User,
    client_of: ClientOf,
) -> None:
    theirs = manual_create(foreign_classroom, actor=foreign_instructor)
    own = {
        "public_id": foreign_classroom.public_id,
        "item_id": theirs.public_id,
        "person_id": foreign_classroom.enrolments.get(user=outsider).public_id,
    }
    client = client_of(foreign_instructor)
    for key in {"item_id", "person_id"} & set(own):
        mixed = {**own, key: places[key]}
        pattern = next(each for each in patterns() if each.name == name)
        if key not in pattern.pattern.converters:
            continue
        address = address_of(name, mixed)
        assert {client.get(address).status_code, client.post(address).status_code} <= {404, 405}
