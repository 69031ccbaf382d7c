"""What the views of this app, and of those above it, have in common."""

from __future__ import annotations

import time
from collections.abc import Callable
from copy import copy
from functools import wraps
from math import ceil
from typing import Any

from allauth.core import ratelimit
from allauth.core.internal import ratelimit as counts
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.models import User
from apps.classrooms.enums import Role
from apps.classrooms.models import Enrolment
from apps.core.errors import DomainError, NotFound, TooOften

View = Callable[..., HttpResponse]
_LIMITS_OF = "allauth.account"  # who reads settings.ACCOUNT_RATE_LIMITS
HOUR = 3600


def page(view: View) -> View:
    """A page for the signed-in: what they may not see is a 404, and no computer keeps it.

    Where check_pace has refused, the answer is a 429, whether or not the view shows its form again.
    """

    @wraps(view)
    def shown(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, **kwargs)
        except NotFound as error:
            raise Http404(error.message) from error
        except TooOften as error:
            return too_often(request, error)
        return paced(request, response)

    return never_cache(login_required(require_http_methods(["GET", "HEAD", "POST"])(shown)))


def action(back: str) -> Callable[[View], View]:
    """A button's view: POST alone, and a rule's no is said on the page `back`.

    back: a URL name that takes `public_id` where the button's own address has it.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def done(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, **kwargs)
            except NotFound as error:
                raise Http404(error.message) from error
            except TooOften as error:
                return too_often(request, error)
            except DomainError as error:
                messages.error(request, error.message)
                place = {key: kwargs[key] for key in ("public_id",) if key in kwargs}
                return redirect(back, **place)

        return never_cache(login_required(require_POST(done)))

    return decorate


def welcome(enrolment: Enrolment) -> str:
    """What somebody is told as they come into a class; students, what becomes of their marks."""
    greeting = _("Welcome to the class.")
    if enrolment.role != Role.STUDENT:
        return greeting
    if enrolment.classroom.keeps_marks:
        marks = _("If you have yourself erased one day, your marks here stay, under no name.")
    else:
        marks = _("If you have yourself erased one day, your marks here go with you.")
    return f"{greeting} {marks}"


def refuse(form: Form, error: DomainError) -> None:
    """Show a rule's no in the form, at the field that it names."""
    field = getattr(error, "field", None)
    form.add_error(field if field in form.fields else None, error.message)


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
