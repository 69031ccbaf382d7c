from datetime import datetime, timedelta

import pytest
from django.core.management import call_command

from apps.accounts.models import School
from apps.api import selectors, services
from apps.api.errors import InvalidClient, InvalidScope
from apps.api.models import AccessToken, ApiClient, RequestWindow

pytestmark = pytest.mark.django_db


def test_nothing_stored_tells_a_secret(school: School, now: datetime) -> None:
    client, secret = services.client_create(school=school, name="LMS", scopes=[], now=now)
    token, text = services.token_issue(
        client_id=str(client.public_id), secret=secret, scopes=[], now=now
    )
    stored = f"{ApiClient.objects.values()} {AccessToken.objects.values()}"
    assert secret not in stored
    assert text not in stored
    assert selectors.token_by_text(text, now) == token


def test_token_ends_with_its_hour_and_with_its_client(school: School, now: datetime) -> None:
    client, secret = services.client_create(school=school, name="LMS", scopes=[], now=now)
    credentials = {"client_id": str(client.public_id), "secret": secret}
    _token, text = services.token_issue(**credentials, scopes=[], now=now)
    end = now + timedelta(seconds=services.TOKEN_SECONDS)
    assert selectors.token_by_text(text, end - timedelta(seconds=1)) is not None
    assert selectors.token_by_text(text, end) is None
    call_command("api_client_revoke", client.public_id)
    assert selectors.token_by_text(text, now) is None
    with pytest.raises(InvalidClient):
        services.token_issue(**credentials, scopes=[], now=now)


def test_client_gets_no_scope_beyond_its_own(school: School, now: datetime) -> None:
    client, secret = services.client_create(
        school=school, name="LMS", scopes=["classes:read"], now=now
    )
    with pytest.raises(InvalidScope):
        services.token_issue(
            client_id=str(client.public_id), secret=secret, scopes=["grades:read"], now=now
        )
    with pytest.raises(InvalidScope):
        services.client_create(school=school, name="LMS", scopes=["all"], now=now)


def test_requests_are_counted_by_the_minute(db: None, now: datetime) -> None:
    later = now + timedelta(minutes=1)
    counts = [services.request_count(caller="a", now=moment) for moment in (now, now, later)]
    assert counts == [1, 2, 1]
    services.request_count(caller="b", now=now)
    assert services.leftovers_delete(now=later) == 1
    assert list(RequestWindow.objects.values_list("caller", flat=True)) == ["a"]
