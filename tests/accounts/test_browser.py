"""The account pages in Chromium: whole journeys, passkeys, and that every page is well made.

Each tab fails its test on a content-security violation or a request to another host.
"""

import re
import time
from collections.abc import Callable

import pytest
import time_machine
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core import mail
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from tests.accounts.steps import NEW_PASSWORD, link_in, totp_add, totp_code, unconfirmed
from tests.browser import DESKTOP_PX, PHONE_PX, Tab
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def press(page: Page, name: str) -> None:
    """Press a button of the page itself, not of its frame."""
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def log_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    press(page, "Log in")


def prove(page: Page) -> None:
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, "Continue")


# Journeys


@pytest.mark.parametrize("has_javascript", [True, False])
def test_sign_up_to_profile(has_javascript: bool, tab_open: Callable[..., Tab]) -> None:
    tab = tab_open(width=PHONE_PX, has_javascript=has_javascript)
    page = tab.visit("/accounts/signup/")
    page.get_by_label("Your name").fill("Ayesha Khan")
    page.get_by_label("E-mail").fill("Ayesha@Quaid.example")
    page.get_by_label("Password", exact=True).fill(NEW_PASSWORD)
    press(page, "Sign up")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your e-mail")

    tab.visit(link_in(mail.outbox[0]))
    press(page, "Yes, confirm it")
    log_in(page, "ayesha@quaid.example", NEW_PASSWORD)
    expect(page).to_have_url(f"{tab.base_url}/home/")

    page.locator("summary", has_text="Ayesha Khan").click()
    page.get_by_role("link", name="Profile and settings").click()
    page.get_by_label("Time zone").select_option("Asia/Karachi")
    press(page, "Save")
    expect(page.get_by_role("status")).to_have_text("Your profile is saved.")
    user = User.objects.get()
    assert (user.display_name, user.time_zone) == ("Ayesha Khan", "Asia/Karachi")


def test_sign_up_takes_the_devices_time_zone(desktop: Tab) -> None:
    page = desktop.visit("/accounts/signup/")
    zone = page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone")
    expect(page.locator("input[name=time_zone]")).to_have_value(zone)


def test_faults_are_summed_up_and_linked_by_keyboard(desktop: Tab) -> None:
    page = desktop.visit("/accounts/signup/")
    press(page, "Sign up")
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(3)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("ayesha@quaid.example")
    expect(page.get_by_label("E-mail")).to_have_value("ayesha@quaid.example")
    assert desktop.axe() == []


def test_password_can_be_seen_while_it_is_typed(desktop: Tab) -> None:
    page = desktop.visit("/accounts/login/")
    field = page.get_by_label("Password", exact=True)
    press(page, "Show")
    expect(field).to_have_attribute("type", "text")
    press(page, "Hide")
    expect(field).to_have_attribute("type", "password")


def test_authenticator_app_is_set_up_and_asked_for(
    tab_open: Callable[..., Tab], student: User
) -> None:
    tab = tab_open(user=student)
    page = tab.visit("/accounts/security/")
    page.get_by_role("link", name="Set up an app").click()
    prove(page)
    with time_machine.travel(time.time(), tick=False):
        secret = page.locator(".secret").inner_text()
        page.get_by_label("Authenticator code").fill(totp_code(secret))
        press(page, "Turn it on")
        expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
        expect(page.locator(".codes li")).to_have_count(10)

        page.get_by_role("button", name="Log out").click()
        tab.visit("/accounts/login/")
        log_in(page, student.email)
        page.get_by_label("Code").fill(totp_code(secret))
        press(page, "Log in")
        expect(page.locator("summary", has_text="Bilal Ahmed")).to_be_visible()


def test_session_list_ends_another_session(tab_open: Callable[..., Tab], student: User) -> None:
    tabs = [tab_open(), tab_open(width=PHONE_PX)]
    for tab in tabs:
        log_in(tab.visit("/accounts/login/"), student.email)
        expect(tab.page.locator("summary", has_text="Bilal Ahmed")).to_be_visible()
    here, elsewhere = tabs
    page = here.visit("/accounts/sessions/")
    expect(page.locator(".card")).to_have_count(2)
    press(page, "End the others")
    expect(page.locator(".card")).to_have_count(1)
    assert Session.objects.count() == 1
    elsewhere.visit("/accounts/profile/")
    expect(elsewhere.page).to_have_url(re.compile("/accounts/login/"))


# Passkeys


def authenticator_plug_in(page: Page) -> None:
    """A device that holds passkeys and answers at once that its owner is there."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_passkey_lets_its_owner_in(tab_open: Callable[..., Tab], student: User) -> None:
    tab = tab_open(user=student)
    page = tab.page
    authenticator_plug_in(page)
    tab.visit("/accounts/security/passkeys/add/")
    prove(page)
    page.get_by_label("Name of the passkey").fill("Telephone")
    press(page, "Make the passkey")
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    assert Authenticator.objects.get(user=student, type="webauthn").wrap().name == "Telephone"

    # By itself …
    page.get_by_role("button", name="Log out").click()
    tab.visit("/accounts/login/")
    press(page, "Log in with a passkey")
    expect(page.locator("summary", has_text="Bilal Ahmed")).to_be_visible()

    # … as the second factor …
    tab.visit("/accounts/profile/")
    page.get_by_role("button", name="Log out").click()
    tab.visit("/accounts/login/")
    log_in(page, student.email)
    press(page, "Use your passkey")
    expect(page.locator("summary", has_text="Bilal Ahmed")).to_be_visible()

    # … and to prove once more who it is.
    tab.visit("/accounts/security/app/activate/")
    page.get_by_role("link", name="Use a security key").click()
    assert tab.axe() == []
    press(page, "Use your passkey")
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up an authenticator app")

    tab.visit("/accounts/security/passkeys/")
    expect(page.locator(".card")).to_contain_text("Lets you in by itself.")


def test_passkey_of_nobody_is_refused(desktop: Tab) -> None:
    page = desktop.page
    authenticator_plug_in(page)
    desktop.visit("/accounts/login/")
    press(page, "Log in with a passkey")
    expect(page.get_by_role("alert")).to_have_text(
        "The passkey was not used. Try again, or choose another way."
    )


def test_passkey_at_a_numeric_address_is_explained(desktop: Tab) -> None:
    page = desktop.page
    authenticator_plug_in(page)
    page.goto(f"{desktop.base_url.replace('localhost', '127.0.0.1')}/accounts/login/")
    press(page, "Log in with a passkey")
    expect(page.get_by_role("alert")).to_contain_text("open this site at localhost")
    desktop.forget()  # the recorder takes the number for another host


def test_passkeys_without_script_say_so(tab_open: Callable[..., Tab], student: User) -> None:
    tab = tab_open(user=student, has_javascript=False)
    page = tab.visit("/accounts/security/passkeys/add/")
    prove(page)
    expect(page.get_by_text("Passkeys need JavaScript")).to_be_visible()
    expect(page.get_by_role("button", name="Make the passkey")).to_be_hidden()


# Every page, as axe and a narrow screen see it

VARIANTS = [
    pytest.param({"width": DESKTOP_PX, "colour_scheme": "light"}, id="desktop-light"),
    pytest.param(
        {"width": DESKTOP_PX, "colour_scheme": "dark"}, id="desktop-dark", marks=pytest.mark.long
    ),
    pytest.param({"width": PHONE_PX, "colour_scheme": "light", "locale": "ur"}, id="phone-urdu"),
    pytest.param({"width": PHONE_PX, "colour_scheme": "dark"}, id="phone-dark"),
]


def faults(tab: Tab, addresses: list[str]) -> dict[str, object]:
    """What is wrong with each page: it is another page, scrolls sideways, or axe objects."""
    found: dict[str, object] = {}
    for address in addresses:
        page = tab.visit(address)
        where = page.url.removeprefix(tab.base_url)
        if address not in {where, ""} and "/key/" not in address:
            found[address] = where
        elif (wrong := (tab.overflow_px(), tab.axe())) != (0, []):
            found[address] = wrong
    return found


@pytest.mark.parametrize("variant", VARIANTS)
def test_pages_of_a_stranger_are_well_made(
    variant: dict[str, object], tab_open: Callable[..., Tab], student: User
) -> None:
    unconfirmed(student)
    key = EmailConfirmationHMAC(EmailAddress.objects.get(user=student)).key
    reset = f"{user_pk_to_url_str(student)}-{default_token_generator.make_token(student)}"
    addresses = [
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/inactive/",
        "/accounts/confirm-email/",
        f"/accounts/confirm-email/{key}/",
        "/accounts/confirm-email/not-a-key/",
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        f"/accounts/password/reset/key/{reset}/",
        "/accounts/password/reset/key/1-not-a-key/",
        "/accounts/password/reset/key/done/",
    ]
    assert faults(tab_open(**variant), addresses) == {}


@pytest.mark.parametrize("variant", VARIANTS)
def test_pages_of_a_person_are_well_made(
    variant: dict[str, object], tab_open: Callable[..., Tab], student: User
) -> None:
    if "locale" in variant:
        User.objects.filter(pk=student.pk).update(language=variant["locale"])
    EmailAddress.objects.create(user=student, email="new@quaid.example")
    tab = tab_open(user=student, **variant)
    addresses = [
        "/accounts/profile/",
        "/accounts/email/",
        "/accounts/password/change/",
        "/accounts/security/",
        "/accounts/security/passkeys/",
        "/accounts/sessions/",
        "/accounts/logout/",
        "/accounts/reauthenticate/",
    ]
    assert faults(tab, addresses) == {}

    EmailAddress.objects.filter(email="new@quaid.example").delete()
    page = tab.visit("/accounts/security/app/activate/")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("main form[action$='reauthenticate/'] .button").click()
    addresses = ["/accounts/security/app/activate/", "/accounts/security/passkeys/add/"]
    assert faults(tab, addresses) == {}

    totp_add(student)
    passkey = Authenticator.objects.create(
        user=student, type="webauthn", data={"name": "Telephone", "credential": {}}
    )
    addresses = [
        "/accounts/security/",
        "/accounts/security/app/deactivate/",
        "/accounts/security/recovery-codes/",
        "/accounts/security/recovery-codes/generate/",
        "/accounts/security/passkeys/",
        f"/accounts/security/passkeys/{passkey.pk}/edit/",
        f"/accounts/security/passkeys/{passkey.pk}/remove/",
        "/accounts/reauthenticate/code/",
    ]
    assert faults(tab, addresses) == {}
