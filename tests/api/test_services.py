from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from apps.accounts.models import School, User
from apps.api import selectors, services
from apps.api.errors import InvalidRedirect, InvalidScope, TooManyTokens
from apps.api.models import AccessToken, ApiClient, PersonalToken, RequestWindow

pytestmark = pytest.mark.django_db


def test_nothing_stored_tells_a_secret(school: School, student: User, now: datetime) -> None:
    client, secret = services.client_create(school=school, name="LMS", scopes=[], now=now)
    token = services.token_create(client=client, consent=None, text="a text", scopes=[], now=now)
    mine, text = services.personal_token_create(
        user=student, name="script", scopes=["notes"], days=30, now=now
    )
    stored = f"{ApiClient.objects.values()} {AccessToken.objects.values()}"
    stored += f"{PersonalToken.objects.values()}"
    for each in (secret, "a text", text):
        assert each not in stored
    assert selectors.token_by_text("a text", now) == token
    assert selectors.token_by_text(text, now) == mine


def test_token_ends_with_its_hour_and_with_its_client(school: School, now: datetime) -> None:
    client, _secret = services.client_create(school=school, name="LMS", scopes=[], now=now)
    services.token_create(client=client, consent=None, text="text", scopes=[], now=now)
    end = now + timedelta(seconds=services.TOKEN_SECONDS)
    assert selectors.token_by_text("text", end - timedelta(seconds=1)) is not None
    assert selectors.token_by_text("text", end) is None
    call_command("api_client_revoke", client.public_id)
    assert selectors.token_by_text("text", now) is None


def test_personal_token_ends_with_its_day_its_person_and_their_wish(
    student: User, classmate: User, now: datetime
) -> None:
    token, text = services.personal_token_create(
        user=student, name="script", scopes=["notes"], days=7, now=now
    )
    last = now + timedelta(days=7, seconds=-1)
    assert selectors.token_by_text(text, last) == token
    assert selectors.token_by_text(text, now + timedelta(days=7)) is None
    services.personal_token_revoke(user=classmate, public_id=token.public_id, now=now)
    assert selectors.token_by_text(text, now) == token
    User.objects.filter(pk=student.pk).update(is_active=False)
    assert selectors.token_by_text(text, now) is None
    User.objects.filter(pk=student.pk).update(is_active=True)
    services.personal_token_revoke(user=student, public_id=token.public_id, now=now)
    assert selectors.token_by_text(text, now) is None


def test_use_of_a_token_is_noted_by_the_day(
    student: User, now: datetime, django_assert_num_queries: Any
) -> None:
    _token, text = services.personal_token_create(
        user=student, name="script", scopes=["notes"], days=7, now=now
    )
    for moment, queries in ((now, 1), (now, 0), (now + timedelta(days=1), 1)):
        token = selectors.token_by_text(text, moment)
        assert token is not None
        with django_assert_num_queries(queries):
            services.token_note_use(token=token, now=moment)
        assert PersonalToken.objects.get().last_used_on == moment.date()


def test_nobody_keeps_more_tokens_than_they_know(student: User, now: datetime) -> None:
    wish: dict[str, Any] = {"user": student, "name": "script", "days": 7, "now": now}
    for scopes in ([], ["all"], ["notes", "all"]):
        with pytest.raises(InvalidScope):
            services.personal_token_create(**wish, scopes=scopes)
    for _number in range(20):
        services.personal_token_create(**wish, scopes=["notes"])
    with pytest.raises(TooManyTokens):
        services.personal_token_create(**wish, scopes=["notes"])
    later = {**wish, "now": now + timedelta(days=7)}
    services.personal_token_create(**later, scopes=["notes"])


def test_client_has_scopes_that_exist_and_addresses_that_are_safe(
    school: School, now: datetime
) -> None:
    wish: dict[str, Any] = {"school": school, "name": "LMS", "now": now}
    with pytest.raises(InvalidScope):
        services.client_create(**wish, scopes=["all"])
    for uri in (
        "http://lms.example/back",
        "https://lms.example/back#part",
        "https://someone@lms.example/back",
        "https://*.lms.example/back",
        "http://127.0.0.1.evil.example/back",
        "javascript:alert(1)",
        "/back",
        "https:///back",
    ):
        with pytest.raises(InvalidRedirect):
            services.client_create(**wish, scopes=[], redirect_uris=[uri])
    with pytest.raises(InvalidRedirect):
        services.client_create(**wish, scopes=[], is_public=True)
    for uri in ("https://lms.example/back", "http://127.0.0.1:8123/back", "http://[::1]:80/"):
        services.client_create(**wish, scopes=[], redirect_uris=[uri], is_public=True)


@pytest.mark.parametrize("can_return", [True, False])  # False: SQLite before 3.35
def test_requests_are_counted_by_the_minute(
    can_return: bool, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection.features, "can_return_columns_from_insert", can_return)
    later = now + timedelta(minutes=1)
    counts = [services.request_count(caller="a", now=moment) for moment in (now, now, later)]
    assert counts == [1, 2, 1]
    services.request_count(caller="b", now=now)
    assert services.leftovers_delete(now=later) == 1
    assert list(RequestWindow.objects.values_list("caller", flat=True)) == ["a"]


@pytest.mark.django_db(transaction=True)
def test_what_follows_a_count_is_flushed_as_before(now: datetime) -> None:
    is_sqlite = connection.vendor == "sqlite"
    ask, name = ("PRAGMA", "synchronous") if is_sqlite else ("SHOW", "synchronous_commit")
    with connection.cursor() as cursor:
        cursor.execute(f"{'PRAGMA' if is_sqlite else 'SET'} {name} = {2 if is_sqlite else 'on'}")
        assert services.request_count(caller="a", now=now) == 1
        cursor.execute(f"{ask} {name}")
        assert cursor.fetchone() == (2 if is_sqlite else "on",)
        cursor.execute("PRAGMA synchronous = OFF" if is_sqlite else "RESET synchronous_commit")
