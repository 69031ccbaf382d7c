"""Who gets what from every address under /accounts/: one declared matrix, tested whole."""

from collections.abc import Callable
from urllib.parse import unquote

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.exceptions import NoReverseMatch

from apps.accounts.models import User

pytestmark = pytest.mark.django_db

OPEN = "open"  # a page for everybody
ENTRANCE = "entrance"  # for strangers; who is signed in is sent on
OWN = "own"  # for the signed-in; a stranger is sent to the log-in page
OWN_MOVED = "own, moved"  # as OWN, but this person is sent to another page
PROVEN = "proven"  # as OWN, and only after proving once more who it is
ABSENT = "absent"  # as OWN, but this person has no such thing
STAGE = "stage"  # a step of a log-in that nobody here has begun
MOVED = "moved"  # sends everybody on

ROUTES = {
    "accounts:home": MOVED,
    "accounts:profile": OWN,
    "account_login": ENTRANCE,
    "mfa_login_webauthn": STAGE,
    "mfa_authenticate": STAGE,
    "account_logout": OWN,
    "account_inactive": OPEN,
    "account_signup": ENTRANCE,
    "account_email": OWN,
    "account_email_verification_sent": OPEN,
    "account_confirm_email": OPEN,
    "account_change_password": OWN,
    "account_set_password": OWN_MOVED,
    "account_reset_password": OPEN,
    "account_reset_password_done": OPEN,
    "account_reset_password_from_key": OPEN,
    "account_reset_password_from_key_done": OPEN,
    "account_reauthenticate": OWN,
    "mfa_reauthenticate": OWN_MOVED,
    "mfa_reauthenticate_webauthn": OWN_MOVED,
    "mfa_index": OWN,
    "mfa_activate_totp": PROVEN,
    "mfa_deactivate_totp": ABSENT,
    "mfa_view_recovery_codes": ABSENT,
    "mfa_generate_recovery_codes": PROVEN,
    "mfa_download_recovery_codes": ABSENT,
    "mfa_list_webauthn": OWN,
    "mfa_add_webauthn": PROVEN,
    "mfa_edit_webauthn": PROVEN,
    "mfa_remove_webauthn": PROVEN,
    "usersessions_list": OWN,
}
# kind: (a stranger's status, a signed-in person's status)
ANSWERS = {
    OPEN: (200, 200),
    ENTRANCE: (200, 302),
    OWN: (302, 200),
    OWN_MOVED: (302, 302),
    PROVEN: (302, 302),
    ABSENT: (302, 404),
    STAGE: (302, 302),
    MOVED: (302, 302),
}
ARGUMENTS: tuple[dict[str, str], ...] = (
    {},
    {"key": "not-a-key"},
    {"uidb36": "1", "key": "not-a-key"},
    {"pk": "1"},
)


def address_of(name: str) -> str:
    for arguments in ARGUMENTS:
        try:
            return reverse(name, kwargs=arguments)
        except NoReverseMatch:
            continue
    raise AssertionError(name)


def names(patterns: list[URLPattern | URLResolver], namespace: str = "") -> list[str]:
    found = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{pattern.namespace}:" if pattern.namespace else namespace
            found += names(pattern.url_patterns, inner)
        else:
            found.append(f"{namespace}{pattern.name}")
    return found


def test_matrix_names_every_route() -> None:
    assert sorted(names(get_resolver("apps.accounts.urls").url_patterns)) == sorted(ROUTES)


@pytest.mark.parametrize("name", ROUTES)
def test_route_answers_each_role(
    name: str,
    cast: dict[str, User | AnonymousUser],
    client_of: Callable[[User | AnonymousUser], Client],
) -> None:
    stranger, person = ANSWERS[ROUTES[name]]
    statuses = {
        role: client_of(user).get(address_of(name)).status_code for role, user in cast.items()
    }
    assert statuses == {
        "instructor": person,
        "student": person,
        "classmate": person,
        "outsider": person,
        "anonymous": stranger,
    }


@pytest.mark.parametrize(
    "name", [name for name, kind in ROUTES.items() if kind in {OWN, OWN_MOVED, PROVEN, ABSENT}]
)
def test_stranger_is_led_to_the_log_in_page_and_back(name: str, client: Client) -> None:
    location = client.get(address_of(name), follow=True).redirect_chain[-1][0]
    if name == "account_logout":
        assert location == "/"  # who is not logged in has nothing to confirm
    else:
        assert unquote(location) == f"/accounts/login/?next={address_of(name)}"


@pytest.mark.parametrize("name", [name for name, kind in ROUTES.items() if kind == PROVEN])
def test_person_proves_who_it_is_first(
    name: str, student: User, client_of: Callable[[User], Client]
) -> None:
    location = client_of(student).get(address_of(name)).headers["Location"]
    assert location.startswith("/accounts/reauthenticate/?next=")


@pytest.mark.parametrize("name", ROUTES)
def test_route_takes_no_post_from_another_site(name: str, student: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(student)
    assert client.post(address_of(name)).status_code == 403


@pytest.mark.parametrize("name", ROUTES)
def test_route_is_shown_in_our_own_template_and_kept_nowhere(
    name: str, student: User, client_of: Callable[[User | AnonymousUser], Client]
) -> None:
    """allauth's own pages hold inline styles; the frame and the words are ours."""
    for user in (student, AnonymousUser()):
        response = client_of(user).get(address_of(name))
        used = [template.name for template in response.templates]
        assert not [each for each in used if each and each.startswith("allauth/elements/")]
        if response.status_code == 200:
            assert "base.html" in used
            assert 'style="' not in response.content.decode()
            assert "no-store" in response.headers["Cache-Control"]
