"""What the lesson's script asks and tells: JSON in, JSON out, never a redirect."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.accounts.policies import check_signed_in
from apps.core.errors import DomainError
from apps.learning import selectors, services
from apps.learning.forms import reports_from_json

View = Callable[..., HttpResponse]


def script(method: str) -> Callable[[View], View]:
    """A script's view: every no is JSON with a code, and no computer keeps an answer."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answered(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                said = {"code": "signed_out", "message": _("You are signed out.")}
                return JsonResponse(said, status=401)
            try:
                return view(request, **kwargs)
            except DomainError as error:
                said = {"code": error.code, "message": error.message}
                return JsonResponse(said, status=error.http_status)

        return never_cache(require_http_methods([method])(answered))

    return decorate


@script("GET")
def progress(request: HttpRequest, course: str) -> HttpResponse:
    """Where the reader stands in a course, and the token that their reports need.  Queries: 4."""
    reader = check_signed_in(request.user)
    (standing,) = selectors.progress_of(reader, [selectors.course_followed(course)])
    following = standing.next if standing.touched_at else None
    return JsonResponse(
        {
            "token": get_token(request),
            "next": following and following.key,
            "lessons": {
                lesson.key: {
                    "state": lesson.state,
                    "resume": lesson.resume["id"] if lesson.resume else "",
                    "at": int(lesson.resume_at.timestamp() * 1000) if lesson.resume_at else 0,
                }
                for lesson in standing.lessons
                if lesson.touched_at
            },
        }
    )


@script("POST")
def progress_record(request: HttpRequest) -> HttpResponse:
    """Take what a device saw; what it says of lessons that are no more is taken and forgotten."""
    reports = reports_from_json(request.body)
    states = services.progress_record(
        reader=check_signed_in(request.user), reports=reports, now=timezone.now()
    )
    return JsonResponse(
        {"lessons": {f"{at.course}/{at.unit}/{at.lesson}": state for at, state in states.items()}}
    )
