"""What the views of this app have in common."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.core.errors import NotFound

View = Callable[..., HttpResponse]


def page(view: View) -> View:
    """A view of GET and HEAD where what is not found is a 404, never kept without asking again."""

    @require_safe
    @wraps(view)
    def shown(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, **kwargs)
        except NotFound as error:
            raise Http404(error.message) from error
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    return shown


def published(
    request: HttpRequest, template: str, version: str, context: dict[str, Any]
) -> HttpResponse:
    """A page that is the same for everybody but for the account slot.

    version: read before, or with, all that the page shows. PublishedPageMiddleware keeps the
    bytes under it; on an address with a query string it does not, and this is a page like others.
    """
    response = render(request, template, context)
    response.published_version = version  # type: ignore[attr-defined]
    return response
