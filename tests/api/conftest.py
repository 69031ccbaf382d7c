from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import School
from apps.api import services
from apps.api.enums import Scope

ClientOfSchool = Callable[..., Client]


@pytest.fixture
def client_of_school() -> ClientOfSchool:
    """A function from a school to a test client that carries its LMS's token."""

    def make(school: School, scopes: Iterable[str] = Scope.values) -> Client:
        now = timezone.now()
        client, secret = services.client_create(school=school, name="LMS", scopes=scopes, now=now)
        _token, text = services.token_issue(
            client_id=str(client.public_id), secret=secret, scopes=(), now=now
        )
        headers: Any = {"Authorization": f"Bearer {text}"}
        return Client(headers=headers)

    return make
