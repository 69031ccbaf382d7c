"""The token endpoints of OAuth 2.0; errors are in its own form, which its clients understand."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils import timezone
from rest_framework import serializers
from rest_framework.exceptions import Throttled
from rest_framework.parsers import FormParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from apps.api import services
from apps.api.v1.access import ApiView
from apps.api.v1.shapes import STRING, Json

GUESSES_A_MINUTE = 20  # for each client and address
_TOKEN: Json = {
    "type": "object",
    "required": ["access_token", "token_type", "expires_in", "scope"],
    "properties": {
        "access_token": STRING,
        "token_type": {"const": "Bearer"},
        "expires_in": {"type": "integer", "description": "Seconds."},
        "scope": {"type": "string", "description": "Scopes, separated by spaces."},
        "refresh_token": {
            "type": "string",
            "description": "For a person: what gets the next token, once.",
        },
    },
}
_REFUSAL: Json = {
    "type": "object",
    "required": ["error"],
    "properties": {"error": STRING, "error_description": STRING},
}


class TokenIn(serializers.Serializer[Any]):
    """What the document says of the form; oauthlib reads it."""

    grant_type = serializers.ChoiceField(
        ["client_credentials", "authorization_code", "refresh_token"]
    )
    client_id = serializers.CharField(required=False, help_text="Or by Basic authentication.")
    client_secret = serializers.CharField(required=False, help_text="A public client has none.")
    scope = serializers.CharField(required=False, help_text="Separated by spaces; all without it.")
    code = serializers.CharField(required=False, help_text="Of authorization_code.")
    redirect_uri = serializers.CharField(required=False, help_text="As it was asked with.")
    code_verifier = serializers.CharField(required=False, help_text="PKCE (RFC 7636).")
    refresh_token = serializers.CharField(required=False, help_text="The newest one.")


class RevocationIn(serializers.Serializer[Any]):
    """What the document says of the form; oauthlib reads it."""

    token = serializers.CharField(required=False, help_text="An access or a refresh token.")
    token_type_hint = serializers.CharField(required=False)
    client_id = serializers.CharField(required=False, help_text="Or by Basic authentication.")
    client_secret = serializers.CharField(required=False)


class OAuthView(ApiView):
    """Open to all, since the client proves itself in the form; guessing is slowed down."""

    own_problems = {400: _REFUSAL, 401: _REFUSAL}
    authentication_classes = ()
    write_scope = None
    parser_classes = (FormParser,)

    def exchange(self, request: Request, act: Any) -> Response:
        """What `act` answers to the form.  Raises: Throttled."""
        now = timezone.now()
        # Doubles and all: the protocol refuses them. An empty body is parsed to no form at all.
        form = request.data if isinstance(request.data, QueryDict) else QueryDict()
        authorization = request.headers.get("Authorization", "")
        client = services.client_named(authorization=authorization, form=form.dict())
        address = BaseThrottle().get_ident(request) or ""
        name = services.address_hash(f"{client} {address}", settings.SECRET_KEY)
        if services.requests_seen(caller=f"guess:{name}", now=now) >= GUESSES_A_MINUTE:
            raise Throttled(60 - int(now.timestamp()) % 60)
        headers = {
            "Authorization": authorization,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        answer = act(body=form.urlencode(), headers=headers, now=now)
        if answer.status >= 400 and client:  # who names none guesses at nothing
            services.request_count(caller=f"guess:{name}", now=now)
        response = Response(json.loads(answer.body) if answer.body else {}, answer.status)
        response["Cache-Control"] = "no-store"
        if answer.status == 401:
            response["WWW-Authenticate"] = "Basic"
        return response


class Token(OAuthView):
    """A token for an hour (OAuth 2.0): for a client by itself, or for one that acts for a person.

    Errors are in the form of RFC 6749, section 5.2, which clients of OAuth understand.
    """

    body = _TOKEN
    bodies = {"post": TokenIn}

    def post(self, request: Request) -> Response:
        return self.exchange(request, services.token_request)


class Revocation(OAuthView):
    """End a token before its time (RFC 7009); ending one that is none is no error."""

    body = {"type": "object"}
    bodies = {"post": RevocationIn}

    def post(self, request: Request) -> Response:
        return self.exchange(request, services.token_revoke)
