"""What the tests of accounts do again and again."""

import re
import time
from typing import Any
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.mail import EmailMessage
from django.test import Client

from apps.accounts.models import User
from tests.factories import PASSWORD

NEW_PASSWORD = "seven-quiet-lanterns"


def unconfirmed(user: User) -> User:
    """The same person, before they followed the link in the letter."""
    EmailAddress.objects.filter(user=user).update(verified=False)
    return user


def link_in(letter: EmailMessage) -> str:
    """The path of the one long link in a letter, the one that proves who follows it."""
    links = re.findall(r"https?://\S+", str(letter.body))
    path: str = urlsplit(max(links, key=len)).path
    return path


def log_in(client: Client, email: str, password: str = PASSWORD) -> Any:
    return client.post("/accounts/login/", {"login": email, "password": password})


def prove(client: Client, password: str = PASSWORD) -> None:
    """Answer “is it you?”, so that pages about the second factor open."""
    client.post("/accounts/reauthenticate/", {"password": password})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def totp_add(user: User) -> str:
    """Give the person an authenticator app and recovery codes.  Returns: the app's secret."""
    secret: str = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def totp_code(secret: str) -> str:
    """What the app shows now."""
    code: str = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    return code


def recovery_codes(user: User) -> list[str]:
    wrapper = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES).wrap()
    codes: list[str] = wrapper.get_unused_codes()
    return codes
