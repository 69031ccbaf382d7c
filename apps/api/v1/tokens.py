"""The token endpoint of OAuth 2.0: client credentials (RFC 6749, section 4.4)."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.parsers import FormParser
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api import services
from apps.api.errors import InvalidClient, InvalidScope, UnsupportedGrant
from apps.api.v1.access import ApiView
from apps.api.v1.shapes import STRING, Json
from apps.core.errors import DomainError

_TOKEN: Json = {
    "type": "object",
    "required": ["access_token", "token_type", "expires_in", "scope"],
    "properties": {
        "access_token": STRING,
        "token_type": {"const": "Bearer"},
        "expires_in": {"type": "integer", "description": "Seconds."},
        "scope": {"type": "string", "description": "Scopes, separated by spaces."},
    },
}
_REFUSAL: Json = {
    "type": "object",
    "required": ["error", "error_description"],
    "properties": {"error": STRING, "error_description": STRING},
}


class TokenIn(serializers.Serializer[Any]):
    """What the document says of the form; the view reads it by itself."""

    grant_type = serializers.ChoiceField(["client_credentials"])
    client_id = serializers.CharField(required=False, help_text="Or by Basic authentication.")
    client_secret = serializers.CharField(required=False)
    scope = serializers.CharField(required=False, help_text="Separated by spaces; all without it.")


class Token(ApiView):
    """A token for an hour, in exchange for a client's id and secret (OAuth 2.0).

    Errors are in the form of RFC 6749, section 5.2, which clients of OAuth understand.
    """

    body = _TOKEN
    bodies = {"post": TokenIn}
    own_problems = {400: _REFUSAL, 401: _REFUSAL}
    authentication_classes = ()
    write_scope = None
    parser_classes = (FormParser,)

    def post(self, request: Request) -> Response:
        try:
            body = self._issue(request)
        except (InvalidClient, InvalidScope, UnsupportedGrant) as error:
            return self._refusal(error)
        return Response(body, headers={"Cache-Control": "no-store"})

    def _issue(self, request: Request) -> dict[str, str | int]:
        form: Any = request.data
        if form.get("grant_type") != "client_credentials":
            raise UnsupportedGrant("Ask with grant_type=client_credentials.")
        client_id, secret = _credentials(request, form)
        token, text = services.token_issue(
            client_id=client_id,
            secret=secret,
            scopes=form.get("scope", "").split(),
            now=timezone.now(),
        )
        return {
            "access_token": text,
            "token_type": "Bearer",
            "expires_in": services.TOKEN_SECONDS,
            "scope": " ".join(token.scopes),
        }

    def _refusal(self, error: DomainError) -> Response:
        body = {"error": error.code, "error_description": error.message}
        headers = {"Cache-Control": "no-store"}
        if error.http_status == 401:
            headers["WWW-Authenticate"] = "Basic"
        return Response(body, status=error.http_status, headers=headers)


def _credentials(request: Request, form: Any) -> tuple[str, str]:
    """From the header (Basic), else from the form."""
    kind, _space, value = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return form.get("client_id", ""), form.get("client_secret", "")
    try:
        client_id, _colon, secret = b64decode(value, validate=True).decode().partition(":")
    except ValueError:
        return "", ""
    return client_id, secret
