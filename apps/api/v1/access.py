"""Who calls, what they may ask for, and how often.

Four callers: a school's program for itself (a token of a client), a person by a token (their own,
or a program's that they let act for them), a person on our own pages (the session; whatever
changes something needs the CSRF token), and nobody. A token needs the scope that the view names
for the method; what a person may see and do, selectors and services decide, as on the site.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils import timezone
from rest_framework import exceptions
from rest_framework.authentication import (
    BaseAuthentication,
    SessionAuthentication,
    get_authorization_header,
)
from rest_framework.parsers import BaseParser
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from apps.accounts.models import School, User
from apps.accounts.views import pace
from apps.api import selectors, services
from apps.api.enums import Caller
from apps.api.models import AccessToken, ApiClient, PersonalToken
from apps.api.v1.deprecations import Deprecation
from apps.api.v1.inputs import Parser
from apps.api.v1.rendering import Renderer
from apps.api.v1.shapes import OBJECT, Json, Shape

REQUESTS_A_MINUTE = 600
NOBODY = ""  # a scope that no token has: a view that forgets to name one lets nobody write
EVERYBODY = (Caller.PERSON, Caller.CLIENT)
CLIENTS = (Caller.CLIENT,)  # of what belongs to a school and to no person: webhooks, changes
PERSON_NEEDED = "Only a person can do this: use a token that acts for one."
CLIENT_NEEDED = "Only a school's program can do this: use a token of its own."
PERSONS = (Caller.PERSON,)  # of what a school's program has nothing by itself: notes, attempts


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>` (RFC 6750); without a person where a client calls."""

    def authenticate(self, request: Request) -> tuple[Any, AccessToken | PersonalToken] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"bearer":
            return None
        text = words[1].decode("latin-1") if len(words) == 2 else ""
        token = selectors.token_by_text(text, timezone.now())
        if token is None:
            raise exceptions.AuthenticationFailed("The token is unknown or has expired.")
        services.token_note_use(token=token, now=timezone.now())
        return token.person or AnonymousUser(), token

    def authenticate_header(self, _request: Request) -> str:
        return "Bearer"


def client_of(request: Request) -> ApiClient | None:
    """The school's program that calls for itself; None for a person, by whatever means."""
    token = request.auth
    return token.client if isinstance(token, AccessToken) and token.person is None else None


def caller_of(request: Request) -> Any:
    """The client, or the person (who may be anonymous)."""
    return client_of(request) or request.user


def person_of(request: Request) -> User:
    """The person, for what persons alone can do.  Raises: PermissionDenied for a client."""
    if not isinstance(request.user, User):
        raise exceptions.PermissionDenied(PERSON_NEEDED, "person_needed")
    return request.user


def school_of(request: Request) -> School:
    """The client's school, for what schools alone do.  Raises: PermissionDenied for a person."""
    client = client_of(request)
    if client is None:
        raise exceptions.PermissionDenied(CLIENT_NEEDED, "client_needed")
    return client.school


def actor_of(request: Request) -> User | None:
    """Who a service says did it: the person, or nobody where a client asks."""
    return request.user if isinstance(request.user, User) else None


def check_pace(request: Request, action: str) -> None:
    """Count one more of what the site's own pages limit, together with those.  Raises: TooOften."""
    pace.check_pace(cast(HttpRequest, request), action, user=person_of(request))


def name_of(request: Request) -> str:
    """The caller's name in our own tables; an address only as its keyed hash."""
    person = f"user:{request.user.public_id}" if isinstance(request.user, User) else ""
    if isinstance(request.auth, AccessToken):
        return ",".join(filter(None, (f"client:{request.auth.client.public_id}", person)))
    if person:
        return person
    address = BaseThrottle().get_ident(request) or ""
    return f"address:{services.address_hash(address, settings.SECRET_KEY)}"


class MayCall(BasePermission):
    """A token needs the view's scope for the method; without one, a person is signed in.

    A view for persons alone refuses a client, whatever its scopes.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        assert isinstance(view, ApiView)  # noqa: S101  narrows; every view of the API is one
        method = (request.method or "").lower()
        scope = view.scope_of(method)
        if scope is None or not hasattr(view, method):  # what does not exist answers 405
            return True
        token: Any = request.auth
        if token is not None and scope not in token.scopes:
            raise exceptions.PermissionDenied(f"The token needs the scope {scope or 'of nobody'}.")
        if client_of(request) is not None:
            if Caller.CLIENT not in view.callers:
                raise exceptions.PermissionDenied(PERSON_NEEDED, "person_needed")
            return True
        if request.user.is_authenticated and Caller.PERSON not in view.callers:
            raise exceptions.PermissionDenied(CLIENT_NEEDED, "client_needed")
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
    """A view of the API: what a token needs to read it, and to write. None: nothing.

    scopes: where one method needs another scope than its kind, {method: scope}.
    callers: who may call it besides; PERSONS where a school's program has nothing by itself.
    """

    scope: str | None = None
    write_scope: str | None = NOBODY
    scopes: Mapping[str, str | None] = {}
    callers: Collection[Caller] = EVERYBODY
    # What the OpenAPI document says: the row that is answered, or else the schema of the answer
    # (a component, where it has a title), by method where one differs; with which statuses, where
    # they are not 201 for POST and 200; what each method takes; errors in another form than ours.
    shape: Shape | None = None
    body: Json = OBJECT
    answers: Mapping[str, Json] = {}
    statuses: Mapping[str, Sequence[int]] = {}
    bodies: Mapping[str, Any] = {}
    own_problems: Mapping[int, Json] = {}
    # What will go, by method: its answers say so, and the document.
    deprecations: Mapping[str, Deprecation] = {}
    # What the view itself reads from the query, as (JSON Schema, meaning); other media than JSON.
    parameters: Mapping[str, tuple[Json, str]] = {}
    media_types: Sequence[str] = ()
    authentication_classes: Sequence[type[BaseAuthentication]] = (
        BearerAuthentication,
        SessionAuthentication,
    )
    permission_classes = (MayCall,)
    metadata_class = None  # the document says it all
    throttle_classes = (MinuteThrottle,)
    renderer_classes = (Renderer,)
    parser_classes: Sequence[type[BaseParser]] = (Parser,)

    def initial(self, request: Request, *_args: Any, **_kwargs: Any) -> None:
        """Count every request before it is judged: guessing at tokens is counted too."""
        self.format_kwarg = None
        renderer, media_type = self.perform_content_negotiation(request)
        request.accepted_renderer, request.accepted_media_type = renderer, media_type
        refusal: exceptions.APIException | None = None
        try:
            self.perform_authentication(request)
        except exceptions.APIException as error:
            refusal = error  # and from here on nobody is known
        self.check_throttles(request)
        if refusal is not None:
            raise refusal
        self.check_permissions(request)

    @classmethod
    def scope_of(cls, method: str) -> str | None:
        """The scope that `method` needs: NOBODY lets nobody, None lets everybody."""
        kind = cls.scope if method.upper() in SAFE_METHODS else cls.write_scope
        return cls.scopes.get(method.lower(), kind)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        for name, value in getattr(self.request, "rate_limits", {}).items():
            response[name] = value
        if self.scope_of(request.method or "get") is not None:
            response["Cache-Control"] = "private, no-store"
        if leaving := self.deprecations.get((request.method or "").lower()):
            for name, value in leaving.headers.items():
                response[name] = value
            known = filter(None, [response.headers.get("Link", "")])
            response["Link"] = ", ".join([*known, *leaving.links])
        return response
