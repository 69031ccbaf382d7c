"""Each of allauth's flows from its first page to its last, in our templates and our settings."""

import time

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client
from django.utils import timezone
from django.utils.html import escape
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.accounts.errors import PasswordChanged
from apps.accounts.models import User
from apps.accounts.selectors import keys_of
from apps.accounts.services import password_save
from apps.api.models import Consent
from apps.api.services import client_create, personal_token_create
from apps.core.models import Event
from apps.learning.models import CalendarFeed
from apps.learning.services import feed_renew
from tests.accounts.steps import (
    NEW_PASSWORD,
    is_signed_in,
    link_in,
    log_in,
    prove,
    recovery_codes,
    totp_add,
    totp_code,
    unconfirmed,
)
from tests.factories import PASSWORD, school_create

pytestmark = pytest.mark.django_db

PERSON = {
    "display_name": "Ayesha Khan",
    "email": "Ayesha@Quaid.Example",
    "password1": NEW_PASSWORD,
    "time_zone": "Asia/Karachi",
}


# Sign-up and log-in


def test_sign_up_confirm_log_in(client: Client) -> None:
    response = client.post("/accounts/signup/?next=/about/", PERSON)
    assertRedirects(response, "/accounts/confirm-email/")
    user = User.objects.get()
    assert (user.email, user.display_name) == ("ayesha@quaid.example", "Ayesha Khan")
    assert (user.time_zone, user.language, user.is_staff) == ("Asia/Karachi", "en", False)
    assert not is_signed_in(client)

    [letter] = mail.outbox
    assert (letter.to, letter.subject) == ([user.email], "[Majlis] Confirm your address")
    assertContains(client.get(link_in(letter)), "<strong>ayesha@quaid.example</strong>")
    assert not EmailAddress.objects.get().verified  # looking is not confirming
    assertRedirects(client.post(link_in(letter)), "/accounts/login/")
    assert EmailAddress.objects.get().verified

    assertRedirects(log_in(client, "AYESHA@quaid.example", NEW_PASSWORD), "/home/")
    assert is_signed_in(client)


def test_sign_up_keeps_the_language_of_the_page(client: Client) -> None:
    client.post("/accounts/signup/", PERSON, headers={"Accept-Language": "ur"})
    assert User.objects.get().language == "ur"


def test_log_in_before_confirming_sends_back_to_the_letter(client: Client, student: User) -> None:
    assertRedirects(log_in(client, unconfirmed(student).email), "/accounts/confirm-email/")
    assert not is_signed_in(client)
    assert [letter.to for letter in mail.outbox] == [[student.email]]


def test_page_after_sign_up_says_where_letters_lie(client: Client, settings: Settings) -> None:
    settings.EMBEDDED = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(settings.BASE_DIR / "var" / "mail")
    assertContains(client.get("/accounts/confirm-email/"), "<code>var/mail/</code>")
    settings.EMBEDDED = False
    assertNotContains(client.get("/accounts/confirm-email/"), "var/mail")


def test_log_in_goes_where_the_person_was_going(client: Client, student: User) -> None:
    form = {"login": student.email, "password": PASSWORD}
    response = client.post("/accounts/login/", {**form, "next": "/accounts/sessions/"})
    assertRedirects(response, "/accounts/sessions/")


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "javascript:a()"])
def test_log_in_goes_nowhere_else(address: str, client: Client, student: User) -> None:
    form = {"login": student.email, "password": PASSWORD}
    assertRedirects(client.post("/accounts/login/", {**form, "next": address}), "/home/")


def test_log_in_lasts_as_long_as_the_browser_unless_asked(client: Client, student: User) -> None:
    log_in(client, student.email)
    assert client.session.get_expire_at_browser_close()
    client.logout()
    form = {"login": student.email, "password": PASSWORD, "remember": "on"}
    client.post("/accounts/login/", form)
    assert not client.session.get_expire_at_browser_close()


def test_log_in_to_a_closed_account_is_refused(client: Client, student: User) -> None:
    User.objects.filter(pk=student.pk).update(is_active=False)
    assertRedirects(log_in(client, student.email), "/accounts/inactive/")
    assert not is_signed_in(client)


def test_log_out_needs_a_button(client: Client, student: User) -> None:
    client.force_login(student)
    assertContains(client.get("/accounts/logout/"), "Bilal Ahmed")
    assert is_signed_in(client)
    assertRedirects(client.post("/accounts/logout/"), "/")
    assert not is_signed_in(client)


# Who has an account is nobody else's business


def test_sign_up_tells_a_stranger_nothing(client: Client, student: User) -> None:
    fresh = client.post("/accounts/signup/", PERSON, follow=True)
    taken = Client().post("/accounts/signup/", {**PERSON, "email": student.email}, follow=True)
    assert fresh.redirect_chain == taken.redirect_chain
    assert fresh.content == taken.content
    assert User.objects.filter(email=student.email).get().check_password(PASSWORD)
    assert [letter.subject for letter in mail.outbox] == [
        "[Majlis] Confirm your address",
        "[Majlis] You have an account already",
    ]


def test_reset_tells_a_stranger_nothing(client: Client, student: User) -> None:
    answers = [
        client.post("/accounts/password/reset/", {"email": email}, follow=True)
        for email in (student.email, "nobody@quaid.example")
    ]
    assert answers[0].redirect_chain == answers[1].redirect_chain
    assert answers[0].content == answers[1].content
    assert [(letter.to, letter.subject) for letter in mail.outbox] == [
        ([student.email], "[Majlis] Choose a new password"),
        (["nobody@quaid.example"], "[Majlis] There is no account with your address"),
    ]


def test_log_in_tells_a_stranger_nothing(client: Client, student: User) -> None:
    errors = [
        log_in(client, email, "a wrong password").context["form"].non_field_errors()
        for email in (student.email, "nobody@quaid.example")
    ]
    assert list(errors[0]) == list(errors[1]) != []


def test_change_of_address_tells_a_stranger_nothing(
    client: Client, student: User, classmate: User
) -> None:
    client.force_login(student)
    prove(client)
    form = {"email": classmate.email, "action_add": ""}
    assertRedirects(client.post("/accounts/email/", form), "/accounts/email/")
    [letter] = mail.outbox
    assertContains(client.get(link_in(letter)), "Another account has this address")
    client.post(link_in(letter))
    student.refresh_from_db()
    assert student.email == "student@quaid.example"


# The password


def test_reset_from_letter_to_log_in(client: Client, student: User) -> None:
    client.post("/accounts/password/reset/", {"email": "Student@Quaid.example"})
    address = link_in(mail.outbox[0])
    form = client.get(address, follow=True)
    assert form.redirect_chain[0][0].endswith("-set-password/")  # the key is not in the address
    response = client.post(form.redirect_chain[0][0], {"password1": NEW_PASSWORD})
    assertRedirects(response, "/accounts/password/reset/key/done/")
    assert not is_signed_in(client)
    assert mail.outbox[1].subject == "[Majlis] Your password is changed"

    assertContains(client.get(address), "This link no longer works")
    assertRedirects(log_in(client, student.email, NEW_PASSWORD), "/home/")


def test_reset_ends_every_session(client: Client, student: User) -> None:
    thief = Client()
    log_in(thief, student.email)
    client.post("/accounts/password/reset/", {"email": student.email})
    form = client.get(link_in(mail.outbox[0]), follow=True)
    client.post(form.redirect_chain[0][0], {"password1": NEW_PASSWORD})
    assert thief.get("/accounts/profile/").status_code == 302


def test_change_of_password_keeps_this_session_and_ends_the_others(
    client: Client, student: User
) -> None:
    other = Client()
    for browser in (client, other):
        log_in(browser, student.email)
    form = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD}
    response = client.post("/accounts/password/change/", form)
    assertRedirects(response, "/accounts/profile/")
    assert other.get("/accounts/profile/").status_code == 302
    assert [letter.subject for letter in mail.outbox] == ["[Majlis] Your password is changed"]
    assertRedirects(log_in(Client(), student.email, NEW_PASSWORD), "/home/")


def test_change_of_password_needs_the_old_one(client: Client, student: User) -> None:
    client.force_login(student)
    form = {"oldpassword": "a wrong password", "password1": NEW_PASSWORD}
    response = client.post("/accounts/password/change/", form)
    assert list(response.context["form"].errors) == ["oldpassword"]
    student.refresh_from_db()
    assert student.check_password(PASSWORD)


def test_person_without_password_sets_one(client: Client, student: User) -> None:
    student.set_unusable_password()
    student.save()
    client.force_login(student)
    assertRedirects(client.get("/accounts/password/change/"), "/accounts/password/set/")
    client.post("/accounts/password/set/", {"password1": NEW_PASSWORD})
    student.refresh_from_db()
    assert student.check_password(NEW_PASSWORD)


# What opens something without the password


def keys_give(user: User) -> list[str]:
    """A program, a token and a calendar address of the person's, and what each is called."""
    now = timezone.now()
    program, _secret = client_create(
        school=school_create(), name="Quaid LMS", scopes=["notes"], now=now
    )
    Consent.objects.create(client=program, user=user, scopes=["notes"], given_at=now)
    personal_token_create(user=user, name="<b>script</b>", scopes=["notes"], days=7, now=now)
    feed_renew(reader=user, now=now)
    return ["the program “Quaid LMS”", "the token “<b>script</b>”", "the address of your calendar"]


def test_change_of_password_ends_keys_unless_told_otherwise(client: Client, student: User) -> None:
    log_in(client, student.email)
    address = "/accounts/password/change/"
    assertNotContains(client.get(address), "ends_keys")
    names = keys_give(student)
    assertContains(client.get(address), f"You have: {escape('; '.join(names))}.")
    client.post(address, {"oldpassword": PASSWORD, "password1": NEW_PASSWORD})
    assert keys_of(student, timezone.now()) == names
    form = {"oldpassword": NEW_PASSWORD, "password1": PASSWORD, "ends_keys": "on"}
    client.post(address, form)
    assert keys_of(student, timezone.now()) == []
    kept, ended = (str(letter.body) for letter in mail.outbox)
    assert [line for line in kept.splitlines() if line.startswith("–")] == []
    assert [line for line in ended.splitlines() if line.startswith("–")] == [
        f"– {name}" for name in names
    ]
    assert Event.objects.filter(kind="person.password_changed").count() == 2


def test_reset_of_password_ends_keys_and_names_none_before(client: Client, student: User) -> None:
    names = keys_give(student)
    client.post("/accounts/password/reset/", {"email": student.email})
    form = client.get(link_in(mail.outbox[0]), follow=True)
    assertContains(form, 'name="ends_keys"')
    assert [name for name in ("Quaid LMS", "script&lt;") if name in form.content.decode()] == []
    answer = {"password1": NEW_PASSWORD, "ends_keys": "on"}
    client.post(form.redirect_chain[0][0], answer)
    assert keys_of(student, timezone.now()) == []
    assert all(f"– {name}" in str(mail.outbox[1].body) for name in names)


def test_password_that_an_administrator_gives_ends_keys(client: Client, student: User) -> None:
    names = keys_give(student)
    client.force_login(User.objects.create_superuser("root@quaid.example", PASSWORD))
    address = f"/admin/accounts/user/{student.pk}/password/"
    form = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD, "usable_password": "true"}
    assert client.post(address, form).status_code == 302
    student.refresh_from_db()
    assert student.check_password(NEW_PASSWORD)
    assert keys_of(student, timezone.now()) == []
    [letter] = mail.outbox
    assert letter.to == [student.email]
    assert all(f"– {name}" in str(letter.body) for name in names)


def test_request_that_began_before_the_change_makes_no_key(student: User) -> None:
    before = User.objects.get(pk=student.pk)
    password_save(user=student, password=NEW_PASSWORD, ends_keys=True, now=timezone.now())
    with pytest.raises(PasswordChanged):
        personal_token_create(
            user=before, name="script", scopes=["notes"], days=7, now=timezone.now()
        )
    with pytest.raises(PasswordChanged):
        feed_renew(reader=before, now=timezone.now())
    assert keys_of(student, timezone.now()) == []


def test_calendar_address_is_made_by_whom_the_password_names(client: Client, student: User) -> None:
    client.force_login(student)
    address = "/home/calendar/address/"
    proof = f"/accounts/reauthenticate/?next={address}"
    assertRedirects(client.post(address), proof)
    assert not CalendarFeed.objects.exists()
    # The answer to the proof is the answer to what was asked for, and its forms lead back.
    made = client.post(proof, {"password": PASSWORD})
    assertContains(made, "Copy it now")
    assertContains(made, f'action="{address}"')
    assert client.post(address, {"revoke": "1"}).status_code == 302
    assert not CalendarFeed.objects.exists()


# The address


def test_change_of_address_counts_when_it_is_confirmed(client: Client, student: User) -> None:
    client.force_login(student)
    form = {"email": "Bilal@Quaid.example", "action_add": ""}
    response = client.post("/accounts/email/", form)
    assertRedirects(response, "/accounts/reauthenticate/?next=/accounts/email/")
    client.post("/accounts/reauthenticate/?next=/accounts/email/", {"password": PASSWORD})

    assertContains(client.get("/accounts/email/"), "<strong>bilal@quaid.example</strong>")
    student.refresh_from_db()
    assert student.email == "student@quaid.example"
    [letter] = mail.outbox
    assert letter.to == ["bilal@quaid.example"]

    client.post(link_in(letter))
    student.refresh_from_db()
    assert student.email == "bilal@quaid.example"
    assert list(EmailAddress.objects.values_list("email", "verified")) == [(student.email, True)]
    assert (mail.outbox[1].to, mail.outbox[1].subject) == (
        ["student@quaid.example"],
        "[Majlis] Your address is changed",
    )


def test_change_of_address_can_be_given_up(client: Client, student: User) -> None:
    client.force_login(student)
    prove(client)
    client.post("/accounts/email/", {"email": "bilal@quaid.example", "action_add": ""})
    client.post("/accounts/email/", {"email": "bilal@quaid.example", "action_remove": ""})
    assert list(EmailAddress.objects.values_list("email", flat=True)) == [student.email]


# The second factor


@pytest.mark.django_db(transaction=True)  # the letter is written when the change is committed
def test_authenticator_app_is_set_up_and_asked_for(client: Client, student: User) -> None:
    log_in(client, student.email)
    assert (
        client.get("/accounts/security/app/activate/")
        .headers["Location"]
        .startswith("/accounts/reauthenticate/")
    )
    prove(client)
    with time_machine.travel(time.time(), tick=False):
        secret = client.get("/accounts/security/app/activate/").context["form"].secret
        code = {"code": totp_code(secret)}
        response = client.post("/accounts/security/app/activate/", code)
        assertRedirects(response, "/accounts/security/recovery-codes/")
        assert mail.outbox[0].subject == "[Majlis] Authenticator app turned on"

        browser = Client()
        assertRedirects(log_in(browser, student.email), "/accounts/login/second-factor/")
        assert not is_signed_in(browser)
        assert browser.get("/accounts/profile/").status_code == 302
        assertRedirects(browser.post("/accounts/login/second-factor/", code), "/home/")
        assert is_signed_in(browser)

        again = Client()
        log_in(again, student.email)
        response = again.post("/accounts/login/second-factor/", code)
        assertContains(response, "Incorrect code")  # a code that was overheard is worth nothing
        assert not is_signed_in(again)


def test_recovery_code_works_once(client: Client, student: User) -> None:
    totp_add(student)
    code = {"code": recovery_codes(student)[0]}
    log_in(client, student.email)
    assertRedirects(client.post("/accounts/login/second-factor/", code), "/home/")
    again = Client()
    log_in(again, student.email)
    assertContains(again.post("/accounts/login/second-factor/", code), "Incorrect code")


def test_recovery_codes_are_shown_downloaded_and_renewed(client: Client, student: User) -> None:
    totp_add(student)
    client.force_login(student)
    assert client.get("/accounts/security/recovery-codes/").status_code == 302
    prove(client)
    old = recovery_codes(student)
    response = client.get("/accounts/security/recovery-codes/")
    for code in old:
        assertContains(response, f"<code>{code}</code>")
    file = client.get("/accounts/security/recovery-codes/download/")
    assert file.content.decode().split() == old
    assert file.headers["Content-Type"].startswith("text/plain")
    client.post("/accounts/security/recovery-codes/generate/")
    assert not set(recovery_codes(student)) & set(old)


def test_authenticator_app_is_turned_off(client: Client, student: User) -> None:
    totp_add(student)
    client.force_login(student)
    prove(client)
    assertRedirects(client.post("/accounts/security/app/deactivate/"), "/accounts/security/")
    assert not Authenticator.objects.exists()


def test_new_password_does_not_lift_the_second_factor(client: Client, student: User) -> None:
    totp_add(student)
    client.post("/accounts/password/reset/", {"email": student.email})
    form = client.get(link_in(mail.outbox[0]), follow=True)
    client.post(form.redirect_chain[0][0], {"password1": NEW_PASSWORD})
    response = log_in(client, student.email, NEW_PASSWORD)
    assertRedirects(response, "/accounts/login/second-factor/")


def test_passkey_of_somebody_else_is_not_found(
    client: Client, student: User, classmate: User
) -> None:
    data = {"name": "Telephone", "credential": {}}
    passkey = Authenticator.objects.create(user=classmate, type="webauthn", data=data)
    client.force_login(student)
    prove(client)
    for verb in ("edit", "remove"):
        address = f"/accounts/security/passkeys/{passkey.pk}/{verb}/"
        assert client.get(address).status_code == 404
        assert client.post(address, {"name": "Mine"}).status_code == 404
    assert Authenticator.objects.get().data == data


def test_passkey_is_renamed_and_removed(client: Client, student: User) -> None:
    data = {"name": "Telephone", "credential": {}}
    passkey = Authenticator.objects.create(user=student, type="webauthn", data=data)
    client.force_login(student)
    prove(client)
    address = f"/accounts/security/passkeys/{passkey.pk}"
    response = client.post(f"{address}/edit/", {"name": "<b>Tablet</b>"}, follow=True)
    assertContains(response, "&lt;b&gt;Tablet&lt;/b&gt;")
    assertRedirects(client.post(f"{address}/remove/"), "/accounts/security/passkeys/")
    assert not Authenticator.objects.exists()


# Sessions


def test_sessions_are_listed_and_the_others_end(client: Client, student: User) -> None:
    client.defaults["HTTP_USER_AGENT"] = "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"
    other = Client(HTTP_USER_AGENT="Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Safari/537.36")
    for browser in (client, other):
        log_in(browser, student.email)

    response = client.get("/accounts/sessions/")
    assertContains(response, "Firefox, Windows")
    assertContains(response, "Chrome, Android")
    assertContains(response, "this one", count=1)
    assertRedirects(client.post("/accounts/sessions/"), "/accounts/sessions/")
    assert UserSession.objects.count() == 1
    assert client.get("/accounts/profile/").status_code == 200
    assert other.get("/accounts/profile/").status_code == 302
    assertNotContains(client.get("/accounts/sessions/"), "End the others")


def test_sessions_of_somebody_else_stay(client: Client, student: User, classmate: User) -> None:
    other = Client()
    log_in(client, student.email)
    log_in(other, classmate.email)
    client.post("/accounts/sessions/")
    assert other.get("/accounts/profile/").status_code == 200
