"""What the views of this app have in common."""

from __future__ import annotations

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from apps.accounts.policies import check_signed_in
from apps.core.errors import DomainError
from apps.notes.errors import TooOften


def is_script(request: HttpRequest) -> bool:
    """Whether static/js/notes.js asks, rather than a form."""
    return request.headers.get("X-Requested-With") == "fetch"


def check_pace(request: HttpRequest) -> None:
    """Raises: TooOften, by settings.ACCOUNT_RATE_LIMITS["note_write"]."""
    if not ratelimit.consume(request, action="note_write", user=check_signed_in(request.user)):
        raise TooOften(_("Wait a few minutes: so many notes at once are not taken."))


def refused(error: DomainError) -> HttpResponse:
    """A rule's no for the script, which shows it beside the words that were not stored."""
    answer = {"code": error.code, "message": error.message}
    return JsonResponse(answer, status=error.http_status)
