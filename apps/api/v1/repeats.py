"""`Idempotency-Key`: a request that is sent again has no second effect."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.utils import timezone
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api import services
from apps.api.v1.access import name_of
from apps.api.v1.rendering import Renderer

HEADER = "Idempotency-Key"
KEPT_HEADERS = ("ETag", "Location")
Handler = Callable[..., Response]


def idempotent(handler: Handler) -> Handler:
    """Let a caller who names a request send it again: they get the first answer, and no more.

    The handler runs in one transaction with the storing of its answer, so it must raise what
    goes wrong rather than answer it, and call nothing outside the database.
    """

    @wraps(handler)
    def answer(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            return handler(view, request, *args, **kwargs)
        if not (1 <= len(key) <= 255 and key.isascii() and key.isprintable()):
            raise ValidationError({HEADER: ["1 to 255 printable characters are needed."]})
        kept = services.request_once(
            caller=name_of(request),
            key=key,
            fingerprint=_fingerprint(request),
            act=lambda: _kept(handler(view, request, *args, **kwargs)),
            now=timezone.now(),
        )
        response = Response(json.loads(kept.body) if kept.body else None, kept.status)
        for name, value in kept.headers.items():
            response[name] = value
        if kept.is_repeated:
            response["Idempotency-Replayed"] = "true"
        return response

    answer.is_idempotent = True  # type: ignore[attr-defined]  # the schema tells of the header
    return answer


def _fingerprint(request: Request) -> str:
    place = f"{request.method} {request.get_full_path()}\n"
    return hashlib.sha256(place.encode() + request.body).hexdigest()


def _kept(response: Response) -> services.Answer:
    body = "" if response.data is None else Renderer().render(response.data).decode()
    headers = {name: str(response[name]) for name in KEPT_HEADERS if name in response}
    return services.Answer(response.status_code, body, headers)
