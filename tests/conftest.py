"""The fixed cast, and which tests run on which database.

instructor  writes the courses of `school` and the shared ones
student     learns at `school`
classmate   another student of the same school
outsider    a student of another school
anonymous   nobody is signed in

`classroom` is a class of `school` that `instructor` runs, with `assistant`, `student` and
`classmate` in it; `foreign_classroom` one of `other_school` that `foreign_instructor` runs, with
`outsider` in it.
"""

import os
from collections.abc import Callable
from datetime import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.utils import timezone, translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from apps.accounts.models import School, User
from apps.classrooms.models import Classroom
from tests import factories
from tests.classrooms.factories import classroom_create

pytest_plugins = ["tests.browser", "tests.emptying", "tests.template"]

# A slow machine is no fault of the code. A developer's runs explore; a verdict can be repeated,
# and explores no further for being long: make test-long does.
hypothesis_settings.register_profile(
    "majlis",
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=bool(os.environ.get("CI")),
    max_examples=1000 if os.environ.get("TEST_LONG") else 25,
)
hypothesis_settings.load_profile("majlis")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """A request leaves its reader’s language in the thread, and time zone; no test begins so."""
    translation.deactivate()
    timezone.deactivate()


_DATABASE_FIXTURES = frozenset({"db", "transactional_db", "live_server", "django_db_setup"})


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    is_postgres = connection.vendor == "postgresql"
    if is_postgres:
        # What asks no database has been told by the run on SQLite.
        asking = [item for item in items if _asks_database(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(asking)])
        items[:] = asking
    for item in items:
        if not is_postgres and item.get_closest_marker("postgres"):
            item.add_marker(pytest.mark.skip(reason="holds on PostgreSQL only"))
        if is_postgres and item.get_closest_marker("sqlite"):
            item.add_marker(pytest.mark.skip(reason="holds on SQLite only"))
        if item.get_closest_marker("long") and not os.environ.get("TEST_LONG"):
            item.add_marker(pytest.mark.skip(reason="runs in make test-long"))


def _asks_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(fixtures & _DATABASE_FIXTURES)


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
def assistant(school: School) -> User:
    return factories.person_create(email="assistant@quaid.example", name="Sana Malik")


@pytest.fixture
def foreign_instructor(other_school: School) -> User:
    return factories.instructor_create(
        other_school, email="instructor@neva.example", name="Pyotr Volkov", is_editor=False
    )


@pytest.fixture
def classroom(
    school: School, instructor: User, assistant: User, student: User, classmate: User
) -> Classroom:
    """A class on a course of its school's own, whose slug is "class-course"."""
    return classroom_create(
        school, instructor, assistants=[assistant], students=[student, classmate]
    )


@pytest.fixture
def foreign_classroom(other_school: School, foreign_instructor: User, outsider: User) -> Classroom:
    return classroom_create(
        other_school, foreign_instructor, title="Diplomacy", slug="neva-course", students=[outsider]
    )


@pytest.fixture
def class_cast(
    cast: dict[str, User | AnonymousUser],
    assistant: User,
    foreign_instructor: User,
    classroom: Classroom,
    foreign_classroom: Classroom,
) -> dict[str, User | AnonymousUser]:
    """Everybody by role, in and out of `classroom`: for the matrix of a class's routes."""
    return {**cast, "assistant": assistant, "foreign_instructor": foreign_instructor}


@pytest.fixture
def client_of() -> Callable[[User | AnonymousUser], Client]:
    """A function from a person to a test client that is signed in as them."""

    def sign_in(user: User | AnonymousUser) -> Client:
        client = Client()
        if isinstance(user, User):
            client.force_login(user)
        return client

    return sign_in
