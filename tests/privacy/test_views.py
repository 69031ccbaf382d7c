"""The page that says what is kept."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.privacy.declarations import PERSONAL
from apps.privacy.purposes import PURPOSES

pytestmark = pytest.mark.django_db


def test_kept_names_every_purpose_and_column_without_a_query(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        page = client.get(reverse("privacy:kept")).content.decode()
    assert [str(each.title) for each in PURPOSES if f"<h2>{each.title}</h2>" not in page] == []
    assert [label for label, each in PERSONAL.items() if ", ".join(each.fields) not in page] == []


def test_every_page_leads_to_it(
    student: User, client_of: Callable[[User | AnonymousUser], Client]
) -> None:
    profile = client_of(student).get(reverse("accounts:profile")).content.decode()
    assert f'href="{reverse("privacy:kept")}"' in profile
