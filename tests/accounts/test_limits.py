"""Limits hold, whatever a visitor says about their own address; they live in the database."""

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.cache.backends.db import DatabaseCache
from django.test import Client
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertRedirects

from apps.accounts.models import User
from tests.accounts.steps import NEW_PASSWORD, is_signed_in, log_in, totp_add, unconfirmed
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

TRIES = 5  # for one account in five minutes
TRIES_OF_ADDRESS = 30  # failures from one address in a minute


def wrong(client: Client, email: str, **extra: str) -> None:
    client.post("/accounts/login/", {"login": email, "password": "wrong"}, **extra)  # type: ignore[arg-type]


def test_limits_are_kept_where_every_process_sees_them(settings: Settings) -> None:
    assert isinstance(cache._connections["default"], DatabaseCache)  # type: ignore[attr-defined]
    assert settings.CACHES["default"]["OPTIONS"]["MAX_ENTRIES"] >= 100_000


def test_right_password_comes_too_late_after_five_wrong_ones(client: Client, student: User) -> None:
    for _ in range(TRIES):
        wrong(client, student.email)
    assertContains(log_in(client, student.email), "Too many failed login attempts")
    assert not is_signed_in(client)


def test_log_in_is_limited_for_the_account_from_any_address(student: User) -> None:
    for number in range(TRIES):
        wrong(Client(), student.email.upper(), REMOTE_ADDR=f"192.0.2.{number}")
    client = Client(REMOTE_ADDR="198.51.100.1")
    assertContains(log_in(client, student.email), "Too many failed login attempts")


def test_log_in_limit_of_one_account_spares_the_others(
    client: Client, student: User, classmate: User
) -> None:
    for _ in range(TRIES):
        wrong(client, student.email)
    assertRedirects(log_in(client, classmate.email), "/home/")


@pytest.mark.parametrize("header", ["HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED"])
def test_log_in_limit_of_an_address_cannot_be_dodged(
    header: str, client: Client, student: User
) -> None:
    for number in range(TRIES_OF_ADDRESS):
        wrong(client, f"nobody-{number}@quaid.example", **{header: f"192.0.2.{number}"})
    client.defaults[header] = "203.0.113.7"
    assertContains(log_in(client, student.email), "Too many failed login attempts")


def test_log_in_limit_believes_the_proxies_that_are_ours(
    client: Client, student: User, settings: Settings
) -> None:
    """Ours appends the visitor's address; what stands before it is the visitor's own word."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(TRIES_OF_ADDRESS):
        forged = f"10.9.8.{number}, 192.0.2.1"
        wrong(client, f"nobody-{number}@quaid.example", HTTP_X_FORWARDED_FOR=forged)
    client.defaults["HTTP_X_FORWARDED_FOR"] = "10.9.8.99, 192.0.2.1"
    assertContains(log_in(client, student.email), "Too many failed login attempts")
    client.defaults["HTTP_X_FORWARDED_FOR"] = "192.0.2.2"
    assertRedirects(log_in(client, student.email), "/home/")


def test_class_behind_one_address_logs_in_at_once(student: User) -> None:
    for _ in range(100):
        assertRedirects(log_in(Client(), student.email), "/home/", fetch_redirect_response=False)


def test_second_factor_cannot_be_guessed(client: Client, student: User) -> None:
    totp_add(student)
    log_in(client, student.email)
    for _ in range(TRIES):
        response = client.post("/accounts/login/second-factor/", {"code": "000000"})
        assertContains(response, "Incorrect code")
    response = client.post("/accounts/login/second-factor/", {"code": "000000"})
    assertContains(response, "Too many failed login attempts")


def test_letters_to_one_address_are_limited(client: Client, student: User) -> None:
    statuses = [
        client.post("/accounts/password/reset/", {"email": student.email}).status_code
        for _ in range(6)
    ]
    assert statuses == [302] * 5 + [429]
    assert len(mail.outbox) == 5


def test_sign_up_is_limited_by_address(client: Client) -> None:
    statuses = {
        client.post("/accounts/signup/", {}, HTTP_X_FORWARDED_FOR=f"192.0.2.{n}").status_code
        for n in range(60)
    }
    assert statuses == {200}
    response = client.post("/accounts/signup/", {}, HTTP_X_FORWARDED_FOR="198.51.100.1")
    assertContains(response, "Too many tries", status_code=429)


def test_confirmation_is_sent_once_in_three_minutes(client: Client, student: User) -> None:
    unconfirmed(student)
    for _ in range(3):
        log_in(client, student.email)
    assert len(mail.outbox) == 1


def test_old_password_cannot_be_guessed_from_an_open_session(client: Client, student: User) -> None:
    client.force_login(student)
    form = {"oldpassword": "wrong", "password1": NEW_PASSWORD}
    for _ in range(5):
        assert client.post("/accounts/password/change/", form).status_code == 200
    right = {**form, "oldpassword": PASSWORD}
    assert client.post("/accounts/password/change/", right).status_code == 429
