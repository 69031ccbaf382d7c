from collections.abc import Callable, Iterable
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone

from apps.accounts.models import School, User
from apps.api import services
from apps.api.enums import Scope
from apps.api.models import ApiClient, Consent
from apps.classrooms.models import Classroom
from tests.api.declared import places_of
from tests.api.declared.roles import ROLES, World

ClientOfSchool = Callable[..., Client]
ClientOf = Callable[[User | AnonymousUser], Client]


def bearer(text: str) -> Client:
    headers: Any = {"Authorization": f"Bearer {text}"}
    return Client(headers=headers)


def token_text(client: ApiClient, consent: Consent | None) -> str:
    text = str(uuid4())
    services.token_create(
        client=client, consent=consent, text=text, scopes=client.scopes, now=timezone.now()
    )
    return text


def client_create(school: School, scopes: Iterable[str] = Scope.values) -> Client:
    """A test client that carries the token of a new program of `school`."""
    now = timezone.now()
    client, _secret = services.client_create(school=school, name="LMS", scopes=scopes, now=now)
    return bearer(token_text(client, None))


def program_create(school: School, user: User, scopes: Iterable[str] = Scope.values) -> Client:
    """A test client that carries the token of a program of `school` which acts for `user`."""
    now = timezone.now()
    client, _secret = services.client_create(school=school, name="LMS", scopes=scopes, now=now)
    consent = Consent.objects.create(client=client, user=user, scopes=client.scopes, given_at=now)
    return bearer(token_text(client, consent))


def personal_create(user: User, scopes: Iterable[str] = Scope.values) -> Client:
    """A test client that carries a token of `user`'s own."""
    _token, text = services.personal_token_create(
        user=user, name="script", scopes=scopes, days=1, now=timezone.now()
    )
    return bearer(text)


@pytest.fixture
def client_of_school(db: None) -> ClientOfSchool:
    return client_create


@pytest.fixture
def lms(school: School) -> Client:
    """The program of `school`, with every scope."""
    return client_create(school)


@pytest.fixture
def callers(
    class_cast: dict[str, Any],
    client_of: ClientOf,
    school: School,
    other_school: School,
    instructor: User,
) -> dict[str, Client]:
    """A test client for each caller of the matrix."""
    people = {role: client_of(class_cast[role]) for role in ROLES[:7]}
    return {
        **people,
        "client": client_create(school),
        "foreign_client": client_create(other_school),
        "unscoped_client": client_create(school, scopes=[]),
        "foreign_program": program_create(other_school, instructor),
    }


@pytest.fixture
def world(
    school: School,
    classroom: Classroom,
    student: User,
    classmate: User,
    assistant: User,
    instructor: User,
) -> World:
    return World(school, classroom, student, classmate, assistant, instructor)


@pytest.fixture
def places(world: World) -> dict[str, str]:
    """What stands for each part of an address."""
    return places_of(world)
