"""Who gets what from every address of privacy: one declared matrix, tested whole."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import get_resolver, reverse

from apps.accounts.models import User
from apps.privacy.models import ExportRequest
from tests.factories import NOW

ROLES = ("anonymous", "student", "classmate", "instructor", "outsider")
ID = UUID(int=1)
# What is sensitive asks for the password again: a client of these tests has not given it.
# name: (arguments, statuses of a GET and of a POST of the signed-in, and of anybody else)
ROUTES: dict[str, tuple[dict[str, Any], tuple[int, int], tuple[int, int]]] = {
    "kept": ({}, (200, 405), (200, 405)),
    "copy": ({}, (405, 302), (302, 302)),
    "download": ({"copy_id": ID}, (302, 405), (302, 302)),
    "erase": ({}, (200, 302), (302, 302)),
    "cancel": ({}, (405, 302), (302, 302)),
    "texts": ({}, (200, 405), (302, 302)),
    "text": ({"text_id": ID}, (405, 404), (302, 302)),
    # An administrator's; everybody else is asked for their password, and finds nothing then.
    "person": ({"person_id": ID}, (404, 302), (302, 302)),
}


def test_matrix_names_every_route() -> None:
    patterns: list[Any] = get_resolver("apps.privacy.urls").url_patterns
    assert {each.name for each in patterns} == set(ROUTES)


@pytest.mark.parametrize("role", ROLES)
def test_routes_answer_each_role(
    role: str,
    request: pytest.FixtureRequest,
    client_of: Callable[[User | AnonymousUser], Client],
) -> None:
    client = client_of(request.getfixturevalue(role))
    found = {}
    for name, (arguments, _mine, _theirs) in ROUTES.items():
        address = reverse(f"privacy:{name}", kwargs=arguments)
        found[name] = (client.get(address).status_code, client.post(address).status_code)
    assert found == {
        name: theirs if role == "anonymous" else mine
        for name, (_arguments, mine, theirs) in ROUTES.items()
    }


@pytest.mark.parametrize(
    ("name", "arguments"), [("copy", {}), ("download", {"copy_id": ID}), ("erase", {})]
)
def test_what_is_sensitive_asks_who_it_is(
    name: str,
    arguments: dict[str, Any],
    student: User,
    client_of: Callable[[User | AnonymousUser], Client],
) -> None:
    """With the second look at the password the same request goes on where it was."""
    address = reverse(f"privacy:{name}", kwargs=arguments)
    client = client_of(student)
    answer = client.get(address) if name == "download" else client.post(address)
    assert answer["Location"].startswith(reverse("account_reauthenticate"))


def test_nobody_gets_another_persons_copy(
    student: User, classmate: User, signed_in: Callable[[User], Client]
) -> None:
    row = ExportRequest.objects.create(
        user=student, requested_at=NOW, due_at=NOW, ready_at=NOW, size_bytes=0
    )
    address = reverse("privacy:download", args=[row.public_id])
    assert [signed_in(each).get(address).status_code for each in (student, classmate)] == [200, 404]
