"""Deadlines for a calendar program: a download, and a secret address that it asks by itself."""

from __future__ import annotations

import hashlib
from copy import copy
from http import HTTPStatus

from allauth.account.decorators import reauthentication_required
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.errors import PasswordChanged
from apps.accounts.policies import check_signed_in
from apps.classrooms.views.pages import page
from apps.core.errors import NotFound
from apps.learning import selectors, services


def _makes_address(request: HttpRequest) -> bool:
    return request.method == "POST" and "revoke" not in request.POST


@page
@reauthentication_required(enabled=_makes_address)  # it opens something without a password
def calendar(request: HttpRequest) -> HttpResponse:
    """What the feed is, and its address: shown once, in the answer to the POST that made it."""
    reader = check_signed_in(request.user)
    address = ""
    if request.method == "POST" and "revoke" in request.POST:
        services.feed_revoke(reader=reader)
        return redirect("learning:calendar")
    if request.method == "POST":
        try:
            token = services.feed_renew(reader=reader, now=timezone.now())
        except PasswordChanged as error:
            messages.error(request, error.message)
            return redirect("learning:calendar")
        address = settings.SITE_URL + reverse("learning:calendar-feed", args=[token])
    context = {"feed": selectors.feed_of(reader), "address": address}
    return render(request, "learning/calendar.html", context)


@page
def calendar_file(request: HttpRequest) -> HttpResponse:
    body = selectors.calendar_file(check_signed_in(request.user), timezone.now())
    return _file(body, disposition="attachment")


@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The address is all that is asked for; who has it sees dates and titles.  Queries: 4."""
    key = selectors.token_digest(token)
    counted = copy(request)
    counted.method = "POST"  # allauth counts no GET
    if not ratelimit.consume(counted, action="calendar_feed", key=key):
        answer = HttpResponse(_("Asked too often."), status=HTTPStatus.TOO_MANY_REQUESTS)
        answer.headers["Retry-After"] = "3600"
        return answer
    try:
        reader = selectors.reader_of_feed(token)
    except NotFound as error:
        raise Http404(error.message) from error
    answer = _file(selectors.calendar_file(reader, timezone.now()), disposition="inline")
    answer.headers["X-Robots-Tag"] = "noindex"
    return get_conditional_response(request, etag=answer.headers["ETag"], response=answer) or answer


def _file(body: bytes, *, disposition: str) -> HttpResponse:
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = f'{disposition}; filename="majlis.ics"'
    answer.headers["ETag"] = f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
