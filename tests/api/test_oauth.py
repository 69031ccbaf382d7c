"""A program acts for a person who lets it, as far as they let it and until they end it."""

import hashlib
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from apps.accounts.models import School, User
from apps.api import services
from apps.api.models import AccessToken, ApiClient, AuthorizationCode, Consent, RefreshToken
from apps.classrooms.models import Classroom
from tests.accounts.steps import prove
from tests.browser import Tab, until
from tests.factories import NOW

BACK = "https://lms.example/back?tool=1"
VERIFIER = "a-verifier-of-forty-three-characters-or-more-1"
CHALLENGE = urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def program(school: School) -> tuple[ApiClient, str]:
    """A client of the school that may act for people, and its secret."""
    return services.client_create(
        school=school,
        name="Moodle",
        scopes=["classes:read", "notes"],
        redirect_uris=[BACK],
        now=timezone.now(),
    )


def asking(client: ApiClient, **changes: str) -> str:
    wish = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": BACK,
        "scope": "classes:read",
        "state": "xyz",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **changes,
    }
    kept = {name: value for name, value in wish.items() if value}
    return f"/api/v1/oauth/authorize?{urlencode(kept)}"


def allow(person: Client, client: ApiClient, **changes: str) -> dict[str, str]:
    """What the program is told when the person has allowed what it asks."""
    answer = person.post(asking(client, **changes), {"allow": "1"})
    assert answer.status_code == 302
    assert answer["Location"].startswith(BACK)
    return {
        name: values[0] for name, values in parse_qs(urlsplit(answer["Location"]).query).items()
    }


def token(program: tuple[ApiClient, str], **fields: str) -> Any:
    client, secret = program
    form = {
        "client_id": client.client_id,
        "client_secret": secret,
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
        **fields,
    }
    kept = {name: value for name, value in form.items() if value}
    return Client().post("/api/v1/oauth/token", urlencode(kept), content_type=FORM)


def exchange(program: tuple[ApiClient, str], code: str, **fields: str) -> Any:
    return token(program, grant_type="authorization_code", code=code, **fields)


def refresh(program: tuple[ApiClient, str], text: str, **fields: str) -> Any:
    return token(program, grant_type="refresh_token", refresh_token=text, **fields)


def classes(text: str) -> Any:
    headers: Any = {"Authorization": f"Bearer {text}"}
    return Client().get("/api/v1/classrooms", headers=headers)


@pytest.fixture
def reader(client_of: Callable[[User], Client], student: User, classroom: Classroom) -> Client:
    return client_of(student)


@pytest.mark.django_db
def test_program_sees_what_the_person_allows_until_they_end_it(
    program: tuple[ApiClient, str], reader: Client, classroom: Classroom
) -> None:
    page = reader.get(asking(program[0]))
    assert page.status_code == 200
    assert "form-action 'self' https://lms.example;" in f"{page['Content-Security-Policy']};"
    assert "Moodle" in page.content.decode()
    told = allow(reader, program[0])
    assert (told["state"], told["tool"]) == ("xyz", "1")
    good = exchange(program, told["code"])
    assert (good.status_code, good["Cache-Control"]) == (200, "no-store")
    assert good.json()["scope"] == "classes:read"
    rows = classes(good.json()["access_token"]).json()["results"]
    assert [row["id"] for row in rows] == [str(classroom.public_id)]
    headers: Any = {"Authorization": f"Bearer {good.json()['access_token']}"}
    refused = Client().get(f"/api/v1/classrooms/{classroom.public_id}/results", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
    mine = reader.get("/api/tokens/").content.decode()
    assert "Moodle" in mine
    consent = Consent.objects.get()
    assert reader.post(f"/api/consents/{consent.public_id}/revoke/").status_code == 302
    assert classes(good.json()["access_token"]).status_code == 401
    assert refresh(program, good.json()["refresh_token"]).json()["error"] == "invalid_grant"


@pytest.mark.django_db
def test_nobody_elses_consent_is_ended(
    program: tuple[ApiClient, str],
    reader: Client,
    classmate: User,
    client_of: Callable[[User], Client],
) -> None:
    allow(reader, program[0])
    consent = Consent.objects.get()
    client_of(classmate).post(f"/api/consents/{consent.public_id}/revoke/")
    assert Consent.objects.count() == 1


@pytest.mark.django_db
def test_code_is_exchanged_once_by_whom_it_was_given_to(
    program: tuple[ApiClient, str], reader: Client, other_school: School
) -> None:
    other = services.client_create(
        school=other_school,
        name="Other",
        scopes=["classes:read"],
        redirect_uris=[BACK],
        now=timezone.now(),
    )
    code = allow(reader, program[0])["code"]
    for who, change in (
        (other, {}),
        (program, {"client_secret": "wrong"}),
        (program, {"redirect_uri": "https://lms.example/other"}),
        (program, {"redirect_uri": ""}),
        (program, {"code_verifier": VERIFIER + "x"}),
        (program, {"code_verifier": ""}),
        (program, {"code": "wrong"}),
    ):
        fields: dict[str, str] = {"code": code, **change}
        bad = token(who, grant_type="authorization_code", **fields)
        assert bad.status_code in (400, 401), change
    first = exchange(program, code)
    assert first.status_code == 200
    again = exchange(program, code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    # It came twice, so that somebody has stolen it: what it gave has ended.
    assert classes(first.json()["access_token"]).status_code == 401
    assert not RefreshToken.objects.exists()


@pytest.mark.django_db
def test_code_is_good_for_a_minute(program: tuple[ApiClient, str], reader: Client) -> None:
    code = allow(reader, program[0])["code"]
    AuthorizationCode.objects.update(expires_at=timezone.now())
    assert exchange(program, code).json()["error"] == "invalid_grant"


@pytest.mark.django_db
def test_refresh_token_is_used_once_and_never_widens(
    program: tuple[ApiClient, str], reader: Client
) -> None:
    code = allow(reader, program[0], scope="classes:read notes")["code"]
    first = exchange(program, code).json()
    narrow = refresh(program, first["refresh_token"], scope="notes").json()
    assert narrow["scope"] == "notes"
    whole = refresh(program, narrow["refresh_token"]).json()
    assert sorted(whole["scope"].split()) == ["classes:read", "notes"]
    wide = refresh(program, whole["refresh_token"], scope="grades:read")
    assert wide.json()["error"] == "invalid_scope"
    assert refresh(program, first["refresh_token"]).json()["error"] == "invalid_grant"
    assert classes(whole["access_token"]).status_code == 401
    assert refresh(program, whole["refresh_token"]).json()["error"] == "invalid_grant"


@pytest.mark.django_db
def test_public_client_proves_itself_by_pkce_alone(school: School, reader: Client) -> None:
    client, secret = services.client_create(
        school=school,
        name="App",
        scopes=["classes:read"],
        redirect_uris=[BACK],
        is_public=True,
        now=timezone.now(),
    )
    assert secret == ""
    assert token((client, ""), grant_type="client_credentials").status_code == 401
    code = allow(reader, client)["code"]
    assert exchange((client, ""), code, code_verifier=VERIFIER + "x").status_code == 400
    assert exchange((client, ""), code).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"scope": "grades:read"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
    ],
)
def test_program_that_asks_wrongly_is_told_by_its_own_address(
    changes: dict[str, str], error: str, program: tuple[ApiClient, str], reader: Client
) -> None:
    answer = reader.get(asking(program[0], **changes))
    assert answer.status_code == 302
    assert answer["Location"].startswith(BACK)
    told = parse_qs(urlsplit(answer["Location"]).query)
    assert (told["error"], told["state"]) == ([error], ["xyz"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "https://evil.example/back"},
        {"redirect_uri": "https://lms.example/back"},
        {"redirect_uri": BACK + "&more=1"},
        {"redirect_uri": ""},
        {"client_id": "nobody"},
        {"client_id": ""},
    ],
)
def test_stranger_is_never_sent_the_person(
    changes: dict[str, str], program: tuple[ApiClient, str], reader: Client
) -> None:
    for act in (reader.get, reader.post):
        answer: Any = act(
            asking(program[0], **changes), {"allow": "1"} if act == reader.post else None
        )
        assert answer.status_code == 400
    assert not Consent.objects.exists()


@pytest.mark.django_db
def test_person_who_refuses_gives_nothing(program: tuple[ApiClient, str], reader: Client) -> None:
    answer = reader.post(asking(program[0]), {"refuse": "1"})
    told = parse_qs(urlsplit(answer["Location"]).query)
    assert (told["error"], told["state"]) == (["access_denied"], ["xyz"])
    assert not Consent.objects.exists()


@pytest.mark.django_db
def test_consent_needs_the_form_of_our_own_page(
    program: tuple[ApiClient, str], student: User
) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(student)
    assert strict.post(asking(program[0]), {"allow": "1"}).status_code == 403
    assert not Consent.objects.exists()
    assert Client().post(asking(program[0]), {"allow": "1"})["Location"].startswith("/accounts/")


@pytest.mark.django_db
def test_program_ends_its_own_tokens_and_no_others(
    program: tuple[ApiClient, str], reader: Client, other_school: School
) -> None:
    given = exchange(program, allow(reader, program[0])["code"]).json()
    other = services.client_create(school=other_school, name="X", scopes=[], now=timezone.now())

    def revoke(who: tuple[ApiClient, str], text: str) -> int:
        form = {"client_id": who[0].client_id, "client_secret": who[1], "token": text}
        answer = Client().post("/api/v1/oauth/revoke", urlencode(form), content_type=FORM)
        return int(answer.status_code)

    assert revoke(other, given["access_token"]) == 200
    assert revoke((program[0], "wrong"), given["access_token"]) == 401
    assert classes(given["access_token"]).status_code == 200
    assert revoke(program, given["access_token"]) == 200
    assert classes(given["access_token"]).status_code == 401
    assert revoke(program, given["refresh_token"]) == 200
    assert revoke(program, "nothing") == 200
    assert refresh(program, given["refresh_token"]).json()["error"] == "invalid_grant"


@pytest.mark.django_db
def test_who_guesses_is_slowed_down_and_others_are_not(program: tuple[ApiClient, str]) -> None:
    with time_machine.travel(NOW, tick=False):
        for _number in range(20):
            assert token((program[0], "guess"), grant_type="client_credentials").status_code == 401
        last = token(program, grant_type="client_credentials")
        assert (last.status_code, last["Retry-After"]) == (429, "60")
        assert last.json()["code"] == "throttled"
        nobody = token((ApiClient(), "x"), grant_type="client_credentials")
        assert nobody.status_code == 401
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        assert token(program, grant_type="client_credentials").status_code == 200


@pytest.mark.django_db
def test_end_of_a_client_ends_what_people_let_it_do(
    program: tuple[ApiClient, str], reader: Client
) -> None:
    given = exchange(program, allow(reader, program[0])["code"]).json()
    call_command("api_client_revoke", program[0].client_id)
    assert classes(given["access_token"]).status_code == 401
    assert refresh(program, given["refresh_token"]).status_code == 401
    assert not Consent.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_code_exchanged_twice_at_once_gives_one_token_at_most(
    program: tuple[ApiClient, str], reader: Client
) -> None:
    code = allow(reader, program[0])["code"]
    barrier = Barrier(4)

    def run(_number: int) -> int:
        try:
            connection.ensure_connection()
            barrier.wait()
            return int(exchange(program, code).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(run, range(4)))
    assert statuses == [200, 400, 400, 400]
    assert not AccessToken.objects.exists()  # the second one ended the first's


@pytest.mark.django_db
def test_person_makes_a_token_and_ends_it(student: User, client: Client) -> None:
    client.force_login(student)
    wish = {"name": "script", "days": "30", "scopes": ["classes:read"]}
    assert client.post("/api/tokens/new/", wish).status_code == 302  # prove it once more
    prove(client)
    made = client.post("/api/tokens/new/", wish)
    assert made.status_code == 200
    assert "no-store" in made["Cache-Control"]
    found = re.search(r"majlis_[\w-]{43}", made.content.decode())
    assert found is not None
    assert classes(found[0]).status_code == 200
    faults: list[dict[str, Any]] = [{"scopes": []}, {"scopes": ["all"]}, {"days": "9999"}]
    for wrong in (*faults, {"name": "  "}):
        assert "majlis_" not in client.post("/api/tokens/new/", {**wish, **wrong}).content.decode()
    mine = student.personal_tokens.get()
    assert client.post(f"/api/tokens/{mine.public_id}/revoke/").status_code == 302
    assert classes(found[0]).status_code == 401


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_consent_leads_to_the_program_under_the_strict_policy(
    tab_open: Callable[..., Tab], school: School, student: User
) -> None:
    """The form's answer leaves this site, which a browser lets pass for this one address."""
    client, _secret = services.client_create(
        school=school,
        name="Moodle",
        scopes=["classes:read"],
        redirect_uris=["http://127.0.0.1:9/back"],
        is_public=True,
        now=timezone.now(),
    )
    address = asking(client, redirect_uri="http://127.0.0.1:9/back")
    small = tab_open(user=student, width=320, colour_scheme="dark")
    tab = tab_open(user=student)
    for each in (small, tab):
        for path in (address, "/api/tokens/"):
            page = each.visit(path)
            assert each.axe() == []
            assert each.overflow_px() == 0
    page = tab.visit(address)
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    page.get_by_role("button", name="Allow").click()
    until(page, lambda: any(url.startswith("http://127.0.0.1:9/back?code=") for url in seen))
    tab.foreign_requests.clear()  # it left for the program's address, as it should
