from collections.abc import Iterator
from typing import Any

import pytest
from allauth.core import context
from django.conf import settings
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.db import SessionStore
from django.core import mail
from django.forms import ChoiceField
from django.http import HttpRequest, QueryDict
from django.test import RequestFactory

from apps.accounts.forms import PasswordSetForm, ProfileForm, SignupForm
from apps.accounts.models import User
from tests.accounts.steps import NEW_PASSWORD

pytestmark = pytest.mark.django_db

PERSON = {
    "display_name": "Ayesha Khan",
    "email": "Ayesha@Quaid.example",
    "password1": NEW_PASSWORD,
    "time_zone": "Asia/Karachi",
}


@pytest.fixture
def request_(rf: RequestFactory) -> Iterator[HttpRequest]:
    """A request as allauth's middleware leaves it: its adapter looks there for the session."""
    request = rf.post("/accounts/signup/")
    request.session = SessionStore()
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    with context.request_context(request):
        yield request


def test_signup_form_asks_for_name_address_and_one_password() -> None:
    assert list(SignupForm().fields) == ["display_name", "email", "password1", "time_zone"]


@pytest.mark.parametrize(
    ("sent", "kept"), [("Asia/Karachi", "Asia/Karachi"), ("", "UTC"), ("../../etc", "UTC")]
)
def test_signup_form_takes_a_known_time_zone_only(sent: str, kept: str) -> None:
    form = SignupForm({**PERSON, "time_zone": sent})
    assert form.is_valid()
    assert form.cleaned_data["time_zone"] == kept


@pytest.mark.parametrize(
    "password",
    ["short-one", "1234567890123", "password1234", "Ayesha Khan 1", "ayesha@quaid.example"],
)
def test_signup_form_refuses_a_password_that_others_would_guess(password: str) -> None:
    form = SignupForm({**PERSON, "password1": password})
    assert list(form.errors) == ["password1"]


def test_signup_form_says_the_length_that_holds() -> None:
    lengths = [
        validator["OPTIONS"]["min_length"]
        for validator in settings.AUTH_PASSWORD_VALIDATORS
        if validator["NAME"].endswith("MinimumLengthValidator")
    ]
    assert lengths == [10]
    assert "10 characters" in str(SignupForm().fields["password1"].help_text)


def test_signup_form_answers_alike_when_somebody_was_faster(request_: HttpRequest) -> None:
    """Both filled in the form before either was saved: the race that the database decides."""
    form = SignupForm(PERSON)
    assert form.is_valid()
    User.objects.create_user("ayesha@quaid.example")
    user, response = form.try_save(request_)
    assert user is None
    assert response is not None
    assert response.headers["Location"] == "/accounts/confirm-email/"
    assert [letter.subject for letter in mail.outbox] == ["[Majlis] You have an account already"]


def test_password_set_form_asks_once(student: User) -> None:
    assert list(PasswordSetForm(user=student).fields) == ["password1"]


def test_profile_form_offers_languages_by_their_own_names(student: User) -> None:
    field = ProfileForm(user=student).fields["language"]
    assert isinstance(field, ChoiceField)
    assert field.choices == [("en", "English"), ("ur", "اردو"), ("ru", "Русский")]


def test_profile_form_offers_places_by_area(student: User) -> None:
    field = ProfileForm(user=student).fields["time_zone"]
    assert isinstance(field, ChoiceField)
    choices: Any = field.choices
    first, *areas = choices
    assert first == ("UTC", "UTC")
    assert ("America/Argentina/Buenos_Aires", "Argentina – Buenos Aires") in dict(areas)["America"]


def test_profile_form_keeps_a_zone_that_is_no_place() -> None:
    user = User(display_name="Bilal", language="en", time_zone="Etc/GMT+5")
    data = QueryDict(mutable=True)
    data.update({"display_name": "Bilal", "language": "en", "time_zone": "Etc/GMT+5"})
    assert ProfileForm(data, user=user).is_valid()


@pytest.mark.parametrize(
    ("field", "value"),
    [("display_name", " "), ("language", "tlh"), ("time_zone", "Mars/Olympus")],
)
def test_profile_form_refuses_nonsense(field: str, value: str, student: User) -> None:
    data = QueryDict(mutable=True)
    data.update({"display_name": "B", "language": "en", "time_zone": "UTC", field: value})
    assert list(ProfileForm(data, user=student).errors) == [field]
