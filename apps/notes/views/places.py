"""What the views of this app have in common."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse

from apps.core.errors import DomainError, TooOften


def is_script(request: HttpRequest) -> bool:
    """Whether static/js/notes.js asks, rather than a form."""
    return request.headers.get("X-Requested-With") == "fetch"


def refused(error: DomainError) -> HttpResponse:
    """A rule's no for the script, which shows it beside the words that were not stored."""
    answer = {"code": error.code, "message": error.message}
    headers = {"Retry-After": str(error.seconds)} if isinstance(error, TooOften) else None
    return JsonResponse(answer, status=error.http_status, headers=headers)
