from datetime import datetime

import pytest
from django.test import Client
from pytest_django import Settings
from pytest_django.asserts import assertRedirects

from apps.accounts.models import School, User
from apps.classrooms.models import Classroom
from apps.demo import selectors, services
from apps.demo.enums import Role
from apps.demo.errors import DemoRefused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def embedded(settings: Settings) -> None:
    settings.EMBEDDED = True


def test_demo_accounts_create_makes_an_instructor_and_students(now: datetime) -> None:
    assert not selectors.demo_accounts_exist()
    accounts = services.demo_accounts_create(is_loopback=True, now=now)
    assert [account.role for account in accounts] == [Role.INSTRUCTOR, *[Role.STUDENT] * 3]
    people = User.objects.order_by("pk")
    assert [user.email for user in people] == [account.email for account in accounts]
    assert [(user.is_staff, user.is_editor) for user in people] == [(True, True)] + [
        (False, False)
    ] * 3
    assert not people.filter(is_superuser=True).exists()
    school = School.objects.get()
    assert list(school.instructorships.values_list("user__email", flat=True)) == [accounts[0].email]
    assert selectors.demo_accounts_exist()


def test_demo_accounts_can_log_in_at_once(now: datetime, client: Client) -> None:
    account = services.demo_accounts_create(is_loopback=True, now=now)[0]
    form = {"login": account.email, "password": account.password, "next": "/admin/"}
    assertRedirects(client.post("/accounts/login/", form), "/admin/")


def test_demo_passwords_are_long_and_never_the_same(now: datetime) -> None:
    accounts = services.demo_accounts_create(is_loopback=True, now=now)
    again = services.demo_accounts_create(is_loopback=True, is_reset=True, now=now)
    passwords = [account.password for account in [*accounts, *again]]
    assert len(set(passwords)) == 8
    assert all(password is not None and len(password) == 17 for password in passwords)


def test_demo_accounts_create_again_changes_nothing(now: datetime) -> None:
    services.demo_accounts_create(is_loopback=True, now=now)
    before = list(User.objects.order_by("pk").values())
    again = services.demo_accounts_create(is_loopback=True, now=now)
    assert [account.password for account in again] == [None] * 4
    assert list(User.objects.order_by("pk").values()) == before


def test_demo_accounts_create_makes_who_is_absent(now: datetime) -> None:
    first = services.demo_accounts_create(is_loopback=True, now=now)
    User.objects.get(email=first[1].email).delete()
    again = services.demo_accounts_create(is_loopback=True, now=now)
    assert [account.password is None for account in again] == [True, False, True, True]


@pytest.mark.parametrize(("is_embedded", "is_loopback"), [(False, True), (True, False)])
def test_demo_accounts_are_refused_elsewhere(
    is_embedded: bool, is_loopback: bool, now: datetime, settings: Settings
) -> None:
    settings.EMBEDDED = is_embedded
    with pytest.raises(DemoRefused):
        services.demo_accounts_create(is_loopback=is_loopback, now=now)
    assert not User.objects.exists()


def test_demo_class_needs_the_bundled_course(now: datetime) -> None:
    services.demo_accounts_create(is_loopback=True, now=now)
    assert services.demo_class_create(now=now) is None
    assert not Classroom.objects.exists()


def test_demo_accounts_delete_leaves_everybody_else(now: datetime, student: User) -> None:
    made = services.demo_accounts_create(is_loopback=True, now=now)
    assert services.demo_accounts_delete(now=now) == [account.email for account in made]
    assert list(User.objects.filter(is_erased=False)) == [student]
    assert services.demo_accounts_delete(now=now) == []
