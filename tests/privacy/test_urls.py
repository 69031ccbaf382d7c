"""Who gets what from every address of privacy: one declared matrix, tested whole."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import get_resolver, reverse

from apps.accounts.models import User

ROLES = ("anonymous", "student", "classmate", "instructor", "outsider")
# name: status of a GET and of a POST, the same for everybody
ROUTES = {"kept": (200, 405)}


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
    for name in ROUTES:
        address = reverse(f"privacy:{name}")
        found[name] = (client.get(address).status_code, client.post(address).status_code)
    assert found == ROUTES
