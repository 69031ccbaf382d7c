"""Who gets what from every address of notifications: one declared matrix, tested whole."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import get_resolver, reverse

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.notifications import services
from apps.notifications.models import Notification
from tests.notifications.factories import LATER, grade_release

pytestmark = pytest.mark.django_db

ROLES = ("student", "classmate", "assistant", "instructor", "outsider", "anonymous")
EVERYBODY = (200, 200, 200, 200, 200, 302)
ALL_POST = (405, 405, 405, 405, 405, 405)
OWN = (302, 404, 404, 404, 404, 302)

# name: (GET, POST with nothing in it); the notification is the student's.
ROUTES = {
    "list": (EVERYBODY, EVERYBODY),
    "open": (OWN, OWN),
    "read": ((405, 405, 405, 405, 405, 302), OWN),
    "read-all": ((405, 405, 405, 405, 405, 302), (302,) * 6),
    "unread": ((200, 200, 200, 200, 200, 401), ALL_POST),
    "settings": (EVERYBODY, EVERYBODY),
    "unsubscribe": ((200,) * 6, (404,) * 6),
}


def patterns() -> list[Any]:
    return get_resolver("apps.notifications.urls").url_patterns


def test_matrix_names_every_route() -> None:
    assert {pattern.name for pattern in patterns()} == set(ROUTES)


@pytest.mark.parametrize("role", ROLES)
def test_routes_answer_each_role(
    role: str,
    class_cast: dict[str, User | AnonymousUser],
    classroom: Classroom,
    instructor: User,
    student: User,
    client_of: Callable[[User | AnonymousUser], Client],
) -> None:
    grade_release(classroom, instructor, student)
    services.events_tell(now=LATER)
    places = {"public_id": Notification.objects.get(kind="grade").public_id, "token": "forged"}
    found = {}
    with time_machine.travel(LATER, tick=False):
        client = client_of(class_cast[role])
        for pattern in patterns():
            wanted = pattern.pattern.converters
            address = reverse(
                f"notifications:{pattern.name}", kwargs={key: places[key] for key in wanted}
            )
            got = client.get(address).status_code
            found[pattern.name] = (got, client.post(address).status_code)
    place = ROLES.index(role)
    assert found == {name: (get[place], post[place]) for name, (get, post) in ROUTES.items()}
