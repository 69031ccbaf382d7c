"""Who calls, what they may ask for, and how often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from rest_framework import exceptions
from rest_framework.authentication import (
    BaseAuthentication,
    SessionAuthentication,
    get_authorization_header,
)
from rest_framework.parsers import BaseParser
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from apps.accounts.models import User
from apps.api import selectors, services
from apps.api.models import AccessToken
from apps.api.v1.inputs import Parser
from apps.api.v1.shapes import OBJECT, Json, Shape

REQUESTS_A_MINUTE = 600
NOBODY = ""  # a scope that no token has: a view that forgets to name one lets nobody write


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>` (RFC 6750). The person stays anonymous: a client calls."""

    def authenticate(self, request: Request) -> tuple[Any, AccessToken] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"bearer":
            return None
        text = words[1].decode("latin-1") if len(words) == 2 else ""
        token = selectors.token_by_text(text, timezone.now())
        if token is None:
            raise exceptions.AuthenticationFailed("The token is unknown or has expired.")
        return AnonymousUser(), token

    def authenticate_header(self, _request: Request) -> str:
        return "Bearer"


def caller_of(request: Request) -> Any:
    """The client, or the person (who may be anonymous)."""
    return request.auth.client if isinstance(request.auth, AccessToken) else request.user


def actor_of(request: Request) -> User | None:
    """Who a service says did it: the person, or nobody where a client asks."""
    return request.user if isinstance(request.user, User) else None


def name_of(request: Request) -> str:
    """The caller's name in our own tables; an address only as its keyed hash."""
    if isinstance(request.auth, AccessToken):
        return f"client:{request.auth.client.public_id}"
    if isinstance(request.user, User):
        return f"user:{request.user.public_id}"
    address = BaseThrottle().get_ident(request) or ""
    return f"address:{services.address_hash(address, settings.SECRET_KEY)}"


class HasScope(BasePermission):
    """A client needs the view's scope in its token; a person needs to be signed in."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        is_known = hasattr(view, (request.method or "").lower())
        name = "scope" if request.method in SAFE_METHODS else "write_scope"
        scope = getattr(view, name)
        if scope is None or not is_known:  # what does not exist answers 405
            return True
        if isinstance(request.auth, AccessToken):
            return scope in request.auth.scopes
        return scope != NOBODY and bool(request.user.is_authenticated)


class MinuteThrottle(BaseThrottle):
    """REQUESTS_A_MINUTE for each client, person or, of the anonymous, address."""

    def __init__(self) -> None:
        self.now = timezone.now()

    def allow_request(self, request: Request, _view: APIView) -> bool:
        used = services.request_count(caller=name_of(request), now=self.now)
        limits = {
            "RateLimit-Limit": REQUESTS_A_MINUTE,
            "RateLimit-Remaining": max(REQUESTS_A_MINUTE - used, 0),
            "RateLimit-Reset": self.wait(),
        }
        request.rate_limits = limits  # type: ignore[attr-defined]
        return used <= REQUESTS_A_MINUTE

    def wait(self) -> int:
        return 60 - int(self.now.timestamp()) % 60


class ApiView(APIView):
    """A view of the API: what a token needs to read it, and to write. None: nothing."""

    scope: str | None = None
    write_scope: str | None = NOBODY
    # What the OpenAPI document says: the row that is answered, or else the schema of the answer;
    # what each method takes; errors in another form than ours.
    shape: Shape | None = None
    body: Json = OBJECT
    bodies: Mapping[str, Any] = {}
    own_problems: Mapping[int, Json] = {}
    # What the view itself reads from the query, as (JSON Schema, meaning); other media than JSON.
    parameters: Mapping[str, tuple[Json, str]] = {}
    media_types: Sequence[str] = ()
    authentication_classes: Sequence[type[BaseAuthentication]] = (
        BearerAuthentication,
        SessionAuthentication,
    )
    permission_classes = (HasScope,)
    throttle_classes = (MinuteThrottle,)
    renderer_classes = (JSONRenderer,)
    parser_classes: Sequence[type[BaseParser]] = (Parser,)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        for name, value in getattr(self.request, "rate_limits", {}).items():
            response[name] = value
        if self.scope is not None:
            response["Cache-Control"] = "private, no-store"
        return response
