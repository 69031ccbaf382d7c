"""The fixed cast, and which tests run on which database.

instructor  writes the courses of `school` and the shared ones
student     learns at `school`
classmate   another student of the same school
outsider    a student of another school
anonymous   nobody is signed in
"""

import os
from collections.abc import Callable, Iterable
from datetime import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from apps.accounts.models import School, User
from tests import factories

pytest_plugins = ["tests.browser"]

# A slow machine is no fault of the code. A developer's runs explore; a verdict can be repeated.
hypothesis_settings.register_profile(
    "majlis",
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=bool(os.environ.get("CI")),
    max_examples=1000 if os.environ.get("TEST_LONG") else 100,
)
hypothesis_settings.load_profile("majlis")


def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    is_postgres = connection.vendor == "postgresql"
    for item in items:
        if not is_postgres and item.get_closest_marker("postgres"):
            item.add_marker(pytest.mark.skip(reason="holds on PostgreSQL only"))
        if is_postgres and item.get_closest_marker("sqlite"):
            item.add_marker(pytest.mark.skip(reason="holds on SQLite only"))
        if item.get_closest_marker("long") and not os.environ.get("TEST_LONG"):
            item.add_marker(pytest.mark.skip(reason="runs in make test-long"))


@pytest.fixture
def now() -> datetime:
    """The moment that a test takes as the present."""
    return factories.NOW


@pytest.fixture
def school(db: None) -> School:
    return factories.school_create(name="Quaid High School", slug="quaid")


@pytest.fixture
def other_school(db: None) -> School:
    return factories.school_create(name="Neva Lyceum", slug="neva")


@pytest.fixture
def instructor(school: School) -> User:
    return factories.instructor_create(school, email="instructor@quaid.example", name="Ayesha Khan")


@pytest.fixture
def student(school: School) -> User:
    return factories.person_create(email="student@quaid.example", name="Bilal Ahmed")


@pytest.fixture
def classmate(school: School) -> User:
    return factories.person_create(email="classmate@quaid.example", name="Zainab Ali")


@pytest.fixture
def outsider(other_school: School) -> User:
    return factories.person_create(email="outsider@neva.example", name="Olga Petrova")


@pytest.fixture
def anonymous() -> AnonymousUser:
    return AnonymousUser()


@pytest.fixture
def cast(
    instructor: User,
    student: User,
    classmate: User,
    outsider: User,
    anonymous: AnonymousUser,
) -> dict[str, User | AnonymousUser]:
    """Everybody, by role: what the matrix of routes runs through."""
    return {
        "instructor": instructor,
        "student": student,
        "classmate": classmate,
        "outsider": outsider,
        "anonymous": anonymous,
    }


@pytest.fixture
def client_of() -> Callable[[User | AnonymousUser], Client]:
    """A function from a person to a test client that is signed in as them."""

    def sign_in(user: User | AnonymousUser) -> Client:
        client = Client()
        if isinstance(user, User):
            client.force_login(user)
        return client

    return sign_in
