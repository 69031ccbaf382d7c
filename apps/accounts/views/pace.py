"""How much somebody may do in a while: settings.ACCOUNT_RATE_LIMITS, for pages and the API."""

from __future__ import annotations

import time
from copy import copy
from math import ceil
from typing import Any

from allauth.core import ratelimit
from allauth.core.internal import ratelimit as counts
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.core.errors import TooOften

_LIMITS_OF = "allauth.account"  # who reads settings.ACCOUNT_RATE_LIMITS
HOUR = 3600


def check_pace(
    request: HttpRequest, action: str, *, user: User | None = None, key: str | None = None
) -> None:
    """Count one more of `action`, reading included.

    user: who does it, where the request does not tell; key: for limits by another name than a
    person's.  Raises: TooOften, by settings.ACCOUNT_RATE_LIMITS[action].
    """
    counted = copy(request)
    counted.method = "POST"  # allauth counts no GET
    if ratelimit.consume(counted, action=action, user=user, key=key):
        return
    seconds = _seconds_left(request, action, user=user, key=key)
    error = TooOften(_said(seconds), seconds=seconds)
    request.too_often = error  # type: ignore[attr-defined]  # for paced
    raise error


def too_often(request: HttpRequest, error: TooOften) -> HttpResponse:
    """A page that says when to come back, for where nothing was typed that could be lost."""
    return paced(request, render(request, "429.html", {"error": error}))


def paced(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer as a 429, where check_pace has refused and the view shows its form once more."""
    error: TooOften | None = getattr(request, "too_often", None)
    if error is not None and response.status_code in {200, error.http_status}:
        response.status_code = error.http_status
        response.headers["Retry-After"] = str(error.seconds)
    return response


def _seconds_left(request: HttpRequest, action: str, *, user: Any, key: str | None) -> int:
    """Until the oldest of what was counted is forgotten, and one more is taken."""
    waits = [1.0]
    for rate in counts.get_rates(app=_LIMITS_OF, action=action):
        name = counts.get_cache_key(
            request, app=_LIMITS_OF, action=action, rate=rate, key=key, user=user
        )
        history = cache.get(name, [])  # the newest first
        if len(history) >= rate.amount:
            waits.append(history[-1] + rate.duration - time.time())
    return ceil(max(waits))


def _said(seconds: int) -> str:
    if seconds > HOUR:
        hours = ceil(seconds / HOUR)
        words = ngettext(
            "That was a lot at once. Go on in %(count)d hour.",
            "That was a lot at once. Go on in %(count)d hours.",
            hours,
        )
        return words % {"count": hours}
    minutes = ceil(seconds / 60)
    words = ngettext(
        "That was a lot at once. Go on in %(count)d minute.",
        "That was a lot at once. Go on in %(count)d minutes.",
        minutes,
    )
    return words % {"count": minutes}
