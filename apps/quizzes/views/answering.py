"""What the views of students have in common."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from apps.core.errors import DomainError, NotFound

View = Callable[..., HttpResponse]


def posts(view: View) -> View:
    """A button's view: POST alone; a rule's no is said on the page that the button was on."""

    @wraps(view)
    def done(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, **kwargs)
        except NotFound as error:
            raise Http404(error.message) from error
        except DomainError as error:
            messages.error(request, error.message)
            return redirect(request.path.removesuffix("/").rpartition("/")[0] + "/")

    return never_cache(login_required(require_POST(done)))


def answers_json(view: View) -> View:
    """A script's view: POST alone; no page, no redirect: every no is JSON with a code."""

    @wraps(view)
    def done(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            said = {"code": "signed_out", "message": _("You are signed out.")}
            return JsonResponse(said, status=401)
        try:
            return view(request, **kwargs)
        except DomainError as error:
            said = {"code": error.code, "message": error.message}
            if path := getattr(error, "path", ""):
                said["path"] = path
            return JsonResponse(said, status=error.http_status)

    return never_cache(require_POST(done))
