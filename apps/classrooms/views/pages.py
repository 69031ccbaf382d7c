"""What the views of this app have in common."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from apps.core.errors import DomainError, NotFound

View = Callable[..., HttpResponse]


def page(view: View) -> View:
    """A page for the signed-in: what they may not see is a 404, and no computer keeps it."""

    @wraps(view)
    def shown(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, **kwargs)
        except NotFound as error:
            raise Http404(error.message) from error

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
            except DomainError as error:
                messages.error(request, error.message)
                place = {key: kwargs[key] for key in ("public_id",) if key in kwargs}
                return redirect(back, **place)

        return never_cache(login_required(require_POST(done)))

    return decorate


def refuse(form: Form, error: DomainError) -> None:
    """Show a rule's no in the form, at the field that it names."""
    field = getattr(error, "field", None)
    form.add_error(field if field in form.fields else None, error.message)
