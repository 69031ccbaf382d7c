"""Pages: the documents to click through, a person's keys, and the question of a program."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.generic import TemplateView
from oauthlib.oauth2 import FatalClientError, OAuth2Error
from oauthlib.oauth2.rfc6749.errors import AccessDeniedError

from apps.accounts.errors import PasswordChanged
from apps.accounts.policies import check_signed_in
from apps.api import selectors, services
from apps.api.enums import Scope
from apps.api.forms import PersonalTokenForm
from apps.core.errors import DomainError


class Docs(TemplateView):
    """The OpenAPI document to click through, from this host alone."""

    template_name = "api/docs.html"


@never_cache
@login_required
@require_GET
def tokens(request: HttpRequest) -> HttpResponse:
    user = check_signed_in(request.user)
    context = {
        "tokens": selectors.tokens_of(user, timezone.now()),
        "consents": selectors.consents_of(user),
    }
    return render(request, "api/tokens.html", context)


@never_cache
@login_required
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def token_create(request: HttpRequest) -> HttpResponse:
    user = check_signed_in(request.user)
    form = PersonalTokenForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            token, text = services.personal_token_create(
                user=user, now=timezone.now(), **form.cleaned_data
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return render(request, "api/token_made.html", {"token": token, "text": text})
    return render(request, "api/token_create.html", {"form": form})


@login_required
@require_POST
def token_revoke(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = check_signed_in(request.user)
    services.personal_token_revoke(user=user, public_id=public_id, now=timezone.now())
    messages.success(request, _("The token has ended."))
    return redirect("api:tokens")


@login_required
@require_POST
def consent_revoke(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = check_signed_in(request.user)
    services.consent_revoke(user=user, public_id=public_id, now=timezone.now())
    messages.success(request, _("The program acts for you no longer."))
    return redirect("api:tokens")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    """Ask the person; the client is told by the address to which their browser is sent."""
    user, uri, now = check_signed_in(request.user), request.build_absolute_uri(), timezone.now()
    try:
        client, scopes = services.authorization_check(uri=uri, now=now)
        if request.method == "POST" and "allow" in request.POST:
            address = services.authorization_grant(uri=uri, user=user, scopes=scopes, now=now)
            return HttpResponseRedirect(address)
        if request.method == "POST":
            raise AccessDeniedError(state=request.GET.get("state"))
    except (FatalClientError, ValueError, PasswordChanged) as error:
        why = getattr(error, "description", "") or getattr(error, "error", "") or str(error)
        return render(request, "api/authorize_refused.html", {"why": why}, status=400)
    except OAuth2Error as error:
        return HttpResponseRedirect(error.in_uri(request.GET["redirect_uri"]))
    words = dict(Scope.choices)
    where = urlsplit(request.GET["redirect_uri"])
    context = {"client": client, "words": [words[each] for each in scopes], "host": where.netloc}
    response: Any = render(request, "api/authorize.html", context)
    # The form's answer leads to the program, and browsers judge where a form leads to its end.
    response._csp_update = {"form-action": f"{where.scheme}://{where.netloc}"}  # noqa: SLF001
    return response
