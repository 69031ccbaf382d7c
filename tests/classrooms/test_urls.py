"""Who gets what from every address under /classes/: one declared matrix, tested whole."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import get_resolver, reverse

from apps.accounts.models import User
from apps.classrooms import services
from apps.classrooms.models import Classroom, Enrolment
from tests.factories import NOW

pytestmark = pytest.mark.django_db

ROLES = (
    "instructor",
    "assistant",
    "student",
    "classmate",
    "outsider",
    "foreign_instructor",
    "anonymous",
)
# Statuses in the order of ROLES. 302 is the log-in page for the anonymous, and what follows a
# POST for the others; 405 says that the address takes POST alone.
EVERYBODY = (200, 200, 200, 200, 200, 200, 302)
TEACHERS = (200, 404, 404, 404, 404, 200, 302)  # of any school
MEMBERS = (200, 200, 200, 200, 404, 404, 302)
STAFF = (200, 200, 404, 404, 404, 404, 302)
INSTRUCTOR = (200, 404, 404, 404, 404, 404, 302)
DONE = (302, 404, 404, 404, 404, 404, 302)
INVITED = (404, 404, 404, 404, 302, 404, 302)  # the place is kept for the outsider
POST_ALONE = (405, 405, 405, 405, 405, 405, 302)

# name: (GET, POST with nothing in it)
ROUTES = {
    "home": (EVERYBODY, EVERYBODY),
    "join": (EVERYBODY, EVERYBODY),
    "create": (TEACHERS, TEACHERS),
    "invitation-accept": (POST_ALONE, INVITED),
    "invitation-decline": (POST_ALONE, INVITED),
    "classroom": (MEMBERS, MEMBERS),
    "settings": (INSTRUCTOR, INSTRUCTOR),
    "code-renew": (POST_ALONE, DONE),
    "code-close": (POST_ALONE, DONE),
    "archive": (POST_ALONE, DONE),
    "unarchive": (POST_ALONE, DONE),
    "people": (STAFF, STAFF),
    "roster-file": (INSTRUCTOR, INSTRUCTOR),
    "roster-import": (INSTRUCTOR, INSTRUCTOR),
    "invite": (INSTRUCTOR, INSTRUCTOR),
    "invitation-withdraw": (POST_ALONE, DONE),
    "enrolment": (INSTRUCTOR, INSTRUCTOR),
    "enrolment-remove": (POST_ALONE, DONE),
    "enrolment-restore": (POST_ALONE, DONE),
    "accommodation-create": (INSTRUCTOR, INSTRUCTOR),
    "accommodation": (INSTRUCTOR, INSTRUCTOR),
    "accommodation-delete": (POST_ALONE, DONE),
}
ClientOf = Callable[[User | AnonymousUser], Client]


@pytest.fixture
def places(
    class_cast: dict[str, Any], classroom: Classroom, enrolment: Enrolment
) -> dict[str, UUID]:
    """What the addresses name: a class, one of its people, a grant, an invitation."""
    instructor, outsider = class_cast["instructor"], class_cast["outsider"]
    grant = services.accommodation_save(
        enrolment=enrolment,
        activity_id=None,
        fields={"extra_attempts": 1},
        actor=instructor,
        now=NOW,
    )
    invitation = services.invitation_create(
        classroom=classroom, email=outsider.email, actor=instructor, now=NOW
    )
    return {
        "public_id": classroom.public_id,
        "person_id": enrolment.public_id,
        "accommodation_id": grant.public_id,
        "invitation_id": invitation.public_id,
    }


def address_of(name: str, places: dict[str, UUID]) -> str:
    pattern = next(each for each in patterns() if each.name == name)
    wanted = pattern.pattern.converters
    return reverse(f"classrooms:{name}", kwargs={key: places[key] for key in wanted})


def patterns() -> list[Any]:
    return get_resolver("apps.classrooms.urls").url_patterns


def test_matrix_names_every_route() -> None:
    assert [pattern.name for pattern in patterns()] == list(ROUTES)


@pytest.mark.parametrize("name", ROUTES)
@pytest.mark.parametrize("role", ROLES)
def test_route_answers_each_role(
    name: str,
    role: str,
    places: dict[str, UUID],
    class_cast: dict[str, User | AnonymousUser],
    client_of: ClientOf,
) -> None:
    client = client_of(class_cast[role])
    address = address_of(name, places)
    answers = (client.get(address).status_code, client.post(address).status_code)
    expected_get, expected_post = (column[ROLES.index(role)] for column in ROUTES[name])
    assert answers == (expected_get, expected_post)


@pytest.mark.parametrize("name", [name for name, (get, _) in ROUTES.items() if get is POST_ALONE])
def test_route_of_a_button_changes_nothing_by_get(
    name: str, places: dict[str, UUID], instructor: User, client_of: ClientOf, classroom: Classroom
) -> None:
    def rows() -> list[list[dict[str, Any]]]:
        related = ("enrolments", "invitations", "join_codes")
        return [list(getattr(classroom, each).order_by("pk").values()) for each in related]

    before = rows()
    client_of(instructor).get(address_of(name, places))
    assert rows() == before


@pytest.mark.parametrize("name", [name for name in ROUTES if "-" in name or name == "enrolment"])
def test_route_of_another_class_opens_no_row_of_this_one(
    name: str,
    places: dict[str, UUID],
    foreign_classroom: Classroom,
    foreign_instructor: User,
    client_of: ClientOf,
) -> None:
    """An instructor's own class in the address is no door to another's people."""
    address = address_of(name, {**places, "public_id": foreign_classroom.public_id})
    expected = {"code-renew": 302, "code-close": 302, "roster-file": 200, "roster-import": 200}
    status = client_of(foreign_instructor).post(address).status_code
    assert status == expected.get(name, 404)


@pytest.mark.parametrize(
    "name", [name for name in ROUTES if name not in {"home", "join", "create"}]
)
def test_route_of_what_does_not_exist_is_not_found(
    name: str, places: dict[str, UUID], instructor: User, client_of: ClientOf
) -> None:
    address = address_of(name, {key: uuid4() for key in places})
    assert client_of(instructor).post(address).status_code == 404


@pytest.mark.parametrize("name", ROUTES)
def test_route_takes_no_post_from_another_site(
    name: str, places: dict[str, UUID], instructor: User
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(instructor)
    assert client.post(address_of(name, places)).status_code == 403


@pytest.mark.parametrize("name", ROUTES)
def test_route_leads_strangers_to_the_log_in_page_and_back(
    name: str, places: dict[str, UUID], client: Client
) -> None:
    address = address_of(name, places)
    assert client.get(address).headers["Location"] == f"/accounts/login/?next={address}"


@pytest.mark.parametrize("name", ROUTES)
def test_route_is_kept_by_no_computer(
    name: str, places: dict[str, UUID], instructor: User, client_of: ClientOf
) -> None:
    response = client_of(instructor).get(address_of(name, places))
    assert "no-store" in response.headers["Cache-Control"]
    assert 'style="' not in response.content.decode()


@pytest.mark.parametrize("name", ["classroom", "people", "settings"])
def test_route_is_closed_to_who_was_taken_out(
    name: str,
    places: dict[str, UUID],
    enrolment: Enrolment,
    instructor: User,
    student: User,
    client_of: ClientOf,
) -> None:
    services.enrolment_remove(enrolment=enrolment, actor=instructor, now=NOW)
    assert client_of(student).get(address_of(name, places)).status_code == 404
