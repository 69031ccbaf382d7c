"""Every error as application/problem+json with a stable code (RFC 9457)."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError as InvalidModel
from django.http import Http404
from rest_framework import exceptions, serializers
from rest_framework.response import Response

from apps.core.errors import DomainError, TooOften

MEDIA_TYPE = "application/problem+json"


def answer(error: Exception, _context: dict[str, Any]) -> Response | None:
    """The problem that `error` is; None for a fault of ours, which Django logs and answers."""
    if isinstance(error, DomainError):
        response = problem(error.http_status, error.code, error.message, **_where(error))
        if isinstance(error, TooOften):
            response["Retry-After"] = str(error.seconds)
        return response
    if isinstance(error, InvalidModel):
        error = exceptions.ValidationError(serializers.as_serializer_error(error))
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    if not isinstance(error, exceptions.APIException):
        return None
    if isinstance(error, exceptions.ValidationError):
        faults = list(faults_of(error.get_full_details()))
        return problem(400, "invalid", "Some values are not valid.", errors=faults)
    codes = error.get_codes()
    response = problem(error.status_code, str(codes), str(error.detail))
    if challenge := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = challenge
    if (wait := getattr(error, "wait", None)) is not None:
        response["Retry-After"] = str(int(wait))
    return response


def _where(error: DomainError) -> dict[str, Any]:
    """`errors`, where a rule of the domain names what is wrong by its path."""
    faults = getattr(error, "faults", None)
    if faults is None and (path := getattr(error, "path", "")):
        named = [(path, error.message)]
    else:
        named = [(fault.path, str(fault.message)) for fault in faults or ()]
    if not named:
        return {}
    return {"errors": [{"field": p, "code": error.code, "message": text} for p, text in named]}


def faults_of(found: Any, field: str = "") -> Iterator[dict[str, str]]:
    """Each fault, its field by its path (`rows.3.email`), out of what serializers nest."""
    if isinstance(found, dict) and "message" in found and isinstance(found["message"], str):
        yield {"field": field, "code": str(found["code"]), "message": str(found["message"])}
    elif isinstance(found, dict):
        for name, inner in found.items():
            part = "" if name in ("non_field_errors", "__all__") else str(name)
            yield from faults_of(inner, ".".join(filter(None, (field, part))))
    else:
        for inner in found:
            yield from faults_of(inner, field)


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
