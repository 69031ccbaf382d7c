import pytest
from allauth.core import context
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.test import Client, RequestFactory
from pytest_django import Settings

from apps.accounts.adapter import SecondFactorAdapter
from apps.accounts.models import User
from tests.accounts.steps import NEW_PASSWORD, log_in, prove, totp_add
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


def text_of(letter: EmailMessage) -> str:
    """The letter's text, which is all there is of it: no HTML, no picture, nothing that tracks."""
    assert isinstance(letter, EmailMultiAlternatives)
    assert (letter.alternatives, letter.attachments) == ([], [])
    assert letter.message().get_content_type() == "text/plain"
    text = str(letter.body)
    assert "&" not in text  # nothing is escaped for HTML
    return text


@pytest.mark.parametrize(
    ("address", "form"),
    [
        (
            "/accounts/signup/",
            {"display_name": "Å & B", "email": "a@b.example", "password1": NEW_PASSWORD},
        ),
        ("/accounts/password/reset/", {"email": "student@quaid.example"}),
        ("/accounts/password/reset/", {"email": "nobody@quaid.example"}),
    ],
)
def test_links_in_letters_begin_with_the_sites_own_address(
    address: str, form: dict[str, str], client: Client, student: User, settings: Settings
) -> None:
    """Whoever asks for a letter chooses the Host header, so no link may follow it."""
    settings.SITE_URL = "https://majlis.example"
    settings.ALLOWED_HOSTS = ["*"]
    client.post(address, form, HTTP_HOST="evil.example")
    text = text_of(mail.outbox[0])
    assert "evil.example" not in text
    links = [word for word in text.split() if "://" in word]
    assert len(links) >= 2
    assert all(link.startswith("https://majlis.example") for link in links)


def test_notice_says_where_a_change_came_from(client: Client, student: User) -> None:
    client.force_login(student)
    form = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD}
    client.post("/accounts/password/change/", form, headers={"User-Agent": "Firefox <&>"})
    [letter] = mail.outbox
    assert isinstance(letter, EmailMultiAlternatives)
    assert "127.0.0.1\nFirefox <&>\n" in str(letter.body)
    assert letter.to == [student.email]


@pytest.mark.parametrize(
    ("address", "subject"),
    [
        ("/accounts/security/app/deactivate/", "[Majlis] Authenticator app turned off"),
        ("/accounts/security/recovery-codes/generate/", "[Majlis] New recovery codes"),
    ],
)
@pytest.mark.django_db(transaction=True)  # the letter is written when the change is committed
def test_change_of_the_second_factor_is_told_by_letter(
    address: str, subject: str, client: Client, student: User
) -> None:
    totp_add(student)
    client.force_login(student)
    prove(client)
    client.post(address)
    assert [letter.subject for letter in mail.outbox] == [subject]


def test_passkeys_are_numbered_and_belong_to_the_site_by_name(
    student: User, rf: RequestFactory
) -> None:
    adapter = SecondFactorAdapter()
    kind = Authenticator.Type.WEBAUTHN
    assert adapter.generate_authenticator_name(student, kind) == "Passkey 1"
    Authenticator.objects.create(user=student, type=kind, data={"name": "Passkey 1"})
    assert adapter.generate_authenticator_name(student, kind) == "Passkey 2"
    with context.request_context(rf.get("/", HTTP_HOST="localhost:8000")):
        entity = adapter.get_public_key_credential_rp_entity()
    assert entity == {"id": "localhost", "name": "Majlis"}


def test_log_in_says_nothing_more_than_the_page(client: Client, student: User) -> None:
    response = log_in(client, student.email)
    assert not list(client.get(response.headers["Location"]).context["messages"])
