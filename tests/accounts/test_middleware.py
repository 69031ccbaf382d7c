from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import Client
from django.urls import include, path
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def unasked(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{translation.get_language()} {timezone.get_current_timezone_name()}")


def asked(request: HttpRequest) -> HttpResponse:
    name = str(request.user)
    language, zone = translation.get_language(), timezone.get_current_timezone_name()
    return HttpResponse(f"{name} {language} {zone}")


def page(request: HttpRequest) -> HttpResponse:
    return render(request, "account/account_inactive.html")


urlpatterns = [
    path("unasked/", unasked),
    path("asked/", asked),
    path("page/", page),
    path("", include("config.urls")),
]


@pytest.fixture
def muscovite(student: User) -> User:
    student.language, student.time_zone = "ru", "Europe/Moscow"
    student.save()
    return student


def test_page_that_asks_has_the_persons_language_and_zone(
    client_of: Callable[[User], Client],
    muscovite: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client = client_of(muscovite)
    with django_assert_num_queries(2):  # session, person
        body = client.get("/asked/").content.decode()
    assert body == "Bilal Ahmed ru Europe/Moscow"


def test_page_that_does_not_ask_costs_nothing(
    client_of: Callable[[User], Client],
    muscovite: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client = client_of(muscovite)
    with django_assert_num_queries(0):
        body = client.get("/unasked/").content.decode()
    assert body == "en UTC"


@pytest.mark.parametrize("address", ["/unasked/", "/asked/", "/page/"])
def test_anonymous_visitor_costs_nothing(
    address: str, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert client.get(address).status_code == 200


def test_template_is_in_one_language_from_its_first_line(
    client_of: Callable[[User], Client],
    muscovite: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client = client_of(muscovite)
    with django_assert_num_queries(2):  # session, person
        response = client.get("/page/")
    assert '<html lang="ru"' in response.content.decode()
    assert response.headers["Content-Language"] == "ru"


def test_next_visitor_of_the_thread_has_nothing_of_it(
    client_of: Callable[[User | AnonymousUser], Client], muscovite: User
) -> None:
    client_of(muscovite).get("/asked/")
    assert timezone.get_current_timezone_name() == "UTC"
    assert client_of(AnonymousUser()).get("/unasked/").content == b"en UTC"


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", ""])
def test_zone_that_is_no_longer_known_is_utc(
    zone: str, client_of: Callable[[User], Client], muscovite: User
) -> None:
    User.objects.filter(pk=muscovite.pk).update(time_zone=zone)
    assert client_of(muscovite).get("/asked/").content.decode() == "Bilal Ahmed ru UTC"
