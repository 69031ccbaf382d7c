"""Every error as application/problem+json with a stable code (RFC 9457)."""

from http import HTTPStatus
from typing import Any

from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

from apps.core.errors import DomainError

MEDIA_TYPE = "application/problem+json"


def answer(error: Exception, _context: dict[str, Any]) -> Response | None:
    """The problem that `error` is; None for a fault of ours, which Django logs and answers."""
    if isinstance(error, DomainError):
        return problem(error.http_status, error.code, error.message)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    if not isinstance(error, exceptions.APIException):
        return None
    if isinstance(error, exceptions.ValidationError):
        details: Any = error.get_full_details()
        faults = [
            {"field": field, "code": fault["code"], "message": fault["message"]}
            for field, found in details.items()
            for fault in found
        ]
        return problem(400, "invalid", "Some values are not valid.", errors=faults)
    codes = error.get_codes()
    response = problem(error.status_code, str(codes), str(error.detail))
    if challenge := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = challenge
    if (wait := getattr(error, "wait", None)) is not None:
        response["Retry-After"] = str(int(wait))
    return response


def problem(status: int, code: str, detail: str, **more: Any) -> Response:
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        **more,
    }
    return Response(body, status=status, content_type=MEDIA_TYPE)
