"""A signed-in person's language and time zone, without a query of their own."""

import zoneinfo
from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from apps.accounts.models import User


class PreferencesMiddleware:
    """Whoever loads request.user gets that person's language and time zone with it.

    A page that never asks who is reading costs no query here; one that asks pays for session
    and person as before. Stands right after AuthenticationMiddleware.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.user = SimpleLazyObject(lambda: _loaded(request))  # type: ignore[assignment]
        try:
            return self.get_response(request)
        finally:
            # The thread serves somebody else next; LocaleMiddleware resets the language itself.
            timezone.deactivate()


def preferences(request: HttpRequest) -> dict[str, Any]:
    """Context processor, the first in the list: settle the language before a page is begun.

    Without it, a page whose header is the first to ask for the person would change language
    half-way. An anonymous visitor has no session, and costs no query.
    """
    str(getattr(request, "user", ""))  # absent where a middleware before ours has answered
    return {}


def _loaded(request: HttpRequest) -> User | AnonymousUser:
    user = get_user(request)
    if isinstance(user, User):
        activate(user)
    return user


def activate(user: User) -> None:
    """Use the person's language and time zone for the rest of this request."""
    translation.activate(user.language)
    try:
        timezone.activate(zoneinfo.ZoneInfo(user.time_zone))
    except (ValueError, zoneinfo.ZoneInfoNotFoundError):
        # A zone that the database of zones no longer knows: show UTC rather than an error.
        timezone.deactivate()
