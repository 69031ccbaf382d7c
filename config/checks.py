"""System checks of the installation: what would make it unsafe or mute. `check --deploy` too.

E001  SECRET_KEY is short or plain        E004  ALLOWED_HOSTS lets any host in
E002  SITE_URL is not https               E005  people of the demo stand in production
E003  DEBUG is on in production           W001  letters go to files
"""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004
from django.db import DatabaseError

from apps.demo.selectors import demo_accounts_exist

SECRET_KEY_MIN_LENGTH = 50
SECRET_KEY_MIN_DISTINCT = 10


def _is_production() -> bool:
    return not settings.EMBEDDED or bool(settings.IS_HTTPS)


@register(Tags.security)
def check_secret_key(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001
    **_kwargs: Any,
) -> list[CheckMessage]:
    key: str = settings.SECRET_KEY
    if len(key) >= SECRET_KEY_MIN_LENGTH and len(set(key)) >= SECRET_KEY_MIN_DISTINCT:
        return []
    return [
        Error(
            f"SECRET_KEY has fewer than {SECRET_KEY_MIN_LENGTH} characters or hardly differs.",
            hint="python3 -c 'import secrets; print(secrets.token_urlsafe(64))' makes one.",
            id="majlis.E001",
        )
    ]


@register(Tags.security, deploy=True)
def check_production(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001
    **_kwargs: Any,
) -> list[CheckMessage]:
    messages: list[CheckMessage] = []
    if not settings.IS_HTTPS:
        messages.append(
            Error(
                f"SITE_URL is {settings.SITE_URL}: cookies and passwords would travel in clear.",
                hint="Put a TLS proxy in front and set SITE_URL=https://your.host.",
                id="majlis.E002",
            )
        )
    if settings.DEBUG:
        messages.append(
            Error("DEBUG shows the inside to every visitor.", hint="Unset it.", id="majlis.E003")
        )
    if "*" in settings.ALLOWED_HOSTS:
        messages.append(
            Error(
                "ALLOWED_HOSTS lets any host name in.",
                hint="Leave it unset: SITE_URL's host is allowed.",
                id="majlis.E004",
            )
        )
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        messages.append(
            Warning(
                "No mail server: letters are written to var/mail/ and reach nobody.",
                hint="Set EMAIL_URL=smtp+tls://user:password@host:587.",
                id="majlis.W001",
            )
        )
    return messages


@register(Tags.database)
def check_demo_accounts(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001
    databases: Sequence[str] | None,
    **_kwargs: Any,
) -> list[CheckMessage]:
    """Runs with `check --database default` and before every migration."""
    if not databases or not _is_production():
        return []
    try:
        is_present = demo_accounts_exist()
    except DatabaseError:
        return []  # before the first migration there is nobody
    if not is_present:
        return []
    return [
        Error(
            "People of the demo have accounts here, and anybody may know their addresses.",
            hint=".venv/bin/python manage.py demo_accounts --delete removes them.",
            id="majlis.E005",
        )
    ]
