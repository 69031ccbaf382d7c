"""The list of what one was told, and how one wants to be told."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_cookie

from apps.accounts.models import User
from apps.accounts.policies import check_signed_in
from apps.classrooms.views.pages import action, page
from apps.notifications import selectors, services
from apps.notifications.forms import PageForm, ReadForm, SettingsForm

_PURPOSES = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")


@page
def listed(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    inbox = selectors.inbox_of(check_signed_in(request.user), PageForm(request.GET).number, now)
    context = {"inbox": inbox, "now": now, "many": selectors.COUNTED}
    return render(request, "notifications/list.html", context)


@page
def opened(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Mark one as read and go to its page. What only looks ahead for somebody marks nothing."""
    row = selectors.notification_for(check_signed_in(request.user), public_id)
    if _only_looks_ahead(request):
        return HttpResponse(status=204)
    return redirect(services.notification_read(notification=row, now=timezone.now()))


def _only_looks_ahead(request: HttpRequest) -> bool:
    """Whether this is no person's own step to the page, as far as a browser says.

    Sec-Purpose is today's word for it, the others are older ones and those of previews. A script
    or an extension that fetches links says by Sec-Fetch-Dest that it opens no document; a browser
    that says nothing at all is taken at its word, since a letter's link has to work there.
    Source: https://www.w3.org/TR/fetch-metadata/, Fetch Standard, "Sec-Purpose"
    """
    said = " ".join(request.headers.get(name, "") for name in _PURPOSES).lower()
    return (
        request.method == "HEAD"
        or any(word in said for word in ("prefetch", "prerender", "preview"))
        or request.headers.get("Sec-Fetch-Dest", "document") != "document"
    )


@action("notifications:list")
def read(request: HttpRequest, public_id: UUID) -> HttpResponse:
    row = selectors.notification_for(check_signed_in(request.user), public_id)
    services.notification_read(notification=row, now=timezone.now())
    return redirect("notifications:list")


@action("notifications:list")
def read_all(request: HttpRequest) -> HttpResponse:
    user = check_signed_in(request.user)
    form = ReadForm(request.POST)
    if form.is_valid():
        until = form.cleaned_data["until"]
        count = services.notifications_read(user=user, until=until, now=timezone.now())
        words = ngettext("%(count)d is marked as read.", "%(count)d are marked as read.", count)
        messages.success(request, words % {"count": count})
    return redirect("notifications:list")


@require_safe
@cache_control(private=True, no_cache=True)
@vary_on_cookie
def unread(request: HttpRequest) -> HttpResponse:
    """{"unread": 3}: how many the list would show; for the masthead, which asks once a minute."""
    if not isinstance(request.user, User) or not request.user.is_active:
        return JsonResponse({"unread": 0}, status=401)
    count = selectors.unread_count(request.user, timezone.now())
    etag = f'"{count}-{request.user.public_id.hex[:12]}"'
    response: HttpResponse = JsonResponse({"unread": count})
    if request.headers.get("If-None-Match", "").removeprefix("W/") == etag:
        response = HttpResponseNotModified()
    response.headers["ETag"] = etag
    return response


@page
def settings(request: HttpRequest) -> HttpResponse:
    user = check_signed_in(request.user)
    form = SettingsForm(
        request.POST if request.method == "POST" else None,
        user=user,
        rhythm=selectors.rhythm_of(user),
        preferences=selectors.preferences_of(user),
        kinds=selectors.kinds_for(user),
    )
    if form.is_valid():
        rhythm = {name: form.cleaned_data[name] for name in ("frequency", "hour", "weekday")}
        services.choices_save(user=user, choices=form.choices, **rhythm, now=timezone.now())
        messages.success(request, _("From now on you are told in this way."))
        return redirect("notifications:settings")
    return render(request, "notifications/settings.html", {"form": form})


@csrf_exempt  # a mail provider has no cookie; what is signed says who asks, and does no more
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, POST ends the letters: one click, no log-in, no redirect (RFC 8058)."""
    is_done = request.method == "POST"
    if is_done and not services.letters_unsubscribe(token=token):
        raise Http404
    return render(request, "notifications/unsubscribe.html", {"is_done": is_done})
