from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from tests.factories import PASSWORD


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """A function from a person to a client of theirs who has just given the password once more."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        return client

    return sign_in
