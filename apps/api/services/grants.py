"""The OAuth 2.0 server: oauthlib keeps the protocol, our tables keep codes and tokens.

Client credentials for a school's program by itself; the authorization code with PKCE (S256, always)
for one that acts for a person, with refresh tokens that are used once. A code or refresh token that
comes a second time was stolen from somebody: every token under its consent ends.
Source: RFC 6749, 7009, 7636, 9700; docs/decisions/0018-oauth-server.md
"""

from __future__ import annotations

import secrets
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any
from urllib.parse import unquote_plus

from django.db import transaction
from oauthlib.oauth2 import (
    AuthorizationCodeGrant,
    AuthorizationEndpoint,
    BearerToken,
    ClientCredentialsGrant,
    RefreshTokenGrant,
    RequestValidator,
    RevocationEndpoint,
    TokenEndpoint,
)

from apps.accounts.models import User
from apps.accounts.services import person_lock
from apps.api import selectors
from apps.api.models import AccessToken, ApiClient, AuthorizationCode, Consent, RefreshToken
from apps.core.services.events import event_append

TOKEN_SECONDS = 3600
CODE_SECONDS = 60
REFRESH_DAYS = 60


@dataclass(frozen=True, slots=True)
class OAuthAnswer:
    """What the protocol answers: JSON, or a Location to send a browser to."""

    status: int
    body: str
    headers: dict[str, str]


@transaction.atomic
def token_request(*, body: str, headers: dict[str, str], now: datetime) -> OAuthAnswer:
    """Answer the token endpoint; whatever is exchanged is used up with it, or nothing is.

    body: the form, urlencoded.  Locks: AuthorizationCode or RefreshToken.  Queries: 2 to 8.
    """
    return OAuthAnswer(*_answer(_server(now).create_token_response("", "POST", body, headers)))


@transaction.atomic
def token_revoke(*, body: str, headers: dict[str, str], now: datetime) -> OAuthAnswer:
    """End a token of the client that asks (RFC 7009); one that is none is ended already.

    A refresh token takes every other token of its consent with it.
    """
    return OAuthAnswer(*_answer(_server(now).create_revocation_response("", "POST", body, headers)))


def authorization_check(*, uri: str, now: datetime) -> tuple[ApiClient, list[str]]:
    """Who asks a person for what, by the address to which it sent their browser.

    Returns: the client and the scopes that it wants.
    Raises: oauthlib's FatalClientError, which only the person may be told of; OAuth2Error, of
    which the client is told by its redirect address.  Queries: 1.
    """
    scopes, facts = _server(now).validate_authorization_request(uri)
    return facts["request"].client, scopes


@transaction.atomic
def authorization_grant(*, uri: str, user: User, scopes: list[str], now: datetime) -> str:
    """Let the client act for `user` within `scopes`, as they consented.

    Returns: the address with the code, to which the browser goes.
    Raises: as authorization_check; PasswordChanged.  Locks: User.  Queries: 6.
    """
    person_lock(user=user)
    headers, _body, _status = _server(now).create_authorization_response(
        uri, scopes=scopes, credentials={"user": user}
    )
    return str(headers["Location"])


def _answer(parts: tuple[dict[str, str], str | None, int]) -> tuple[int, str, dict[str, str]]:
    headers, body, status = parts
    return status, body or "", headers


class _Server(AuthorizationEndpoint, TokenEndpoint, RevocationEndpoint):
    """These three grants, and no other."""

    def __init__(self, validator: RequestValidator) -> None:
        code = AuthorizationCodeGrant(validator)
        code._code_challenge_methods = {"S256": code._code_challenge_methods["S256"]}  # noqa: SLF001
        bearer = BearerToken(
            validator,
            token_generator=_text,
            expires_in=TOKEN_SECONDS,
            refresh_token_generator=_text,
        )
        AuthorizationEndpoint.__init__(
            self,
            default_response_type="code",
            response_types={"code": code},
            default_token_type=bearer,
        )
        TokenEndpoint.__init__(
            self,
            default_grant_type="unknown",
            grant_types={
                "authorization_code": code,
                "refresh_token": RefreshTokenGrant(validator),
                "client_credentials": ClientCredentialsGrant(validator),
                "unknown": _NoGrant(validator),
            },
            default_token_type=bearer,
        )
        RevocationEndpoint.__init__(self, validator)


class _NoGrant(ClientCredentialsGrant):
    """What oauthlib falls back to: it refuses every grant type but its own."""


def _server(now: datetime) -> _Server:
    return _Server(_Validator(now))


def _text(_request: Any, **_more: Any) -> str:
    return secrets.token_urlsafe(32)


class _Validator(RequestValidator):
    """What oauthlib asks of us, in the order in which it asks."""

    def __init__(self, now: datetime) -> None:
        super().__init__()
        self._now = now

    # Who is the client?

    def client_authentication_required(self, request: Any, *_a: Any, **_k: Any) -> bool:
        """A public client has nothing to prove itself with; PKCE stands in for it."""
        client = selectors.client_by_id(_credentials(request)[0])
        return client is None or not client.is_public

    def authenticate_client(self, request: Any, *_a: Any, **_k: Any) -> bool:
        client_id, secret = _credentials(request)
        client = selectors.client_by_id(client_id)
        known = client.secret_hash if client else ""
        request.client = client
        return compare_digest(known, selectors.digest(secret))

    def authenticate_client_id(self, client_id: str, request: Any, *_a: Any, **_k: Any) -> bool:
        request.client = selectors.client_by_id(client_id)
        return request.client is not None and request.client.is_public

    def validate_grant_type(
        self, _client_id: str, grant_type: str, client: ApiClient, *_a: Any, **_k: Any
    ) -> bool:
        if grant_type == "client_credentials":
            return not client.is_public
        return bool(client.redirect_uris)

    # May it send a person here?

    def validate_client_id(self, client_id: str, request: Any, *_a: Any, **_k: Any) -> bool:
        request.client = selectors.client_by_id(client_id)
        return request.client is not None

    def validate_redirect_uri(
        self, _client_id: str, redirect_uri: str, request: Any, *_a: Any, **_k: Any
    ) -> bool:
        return redirect_uri in request.client.redirect_uris

    def get_default_redirect_uri(self, *_a: Any, **_k: Any) -> None:
        """None: a request names its address, so that nobody has to guess which was meant."""

    def validate_response_type(
        self, _client_id: str, response_type: str, client: ApiClient, *_a: Any, **_k: Any
    ) -> bool:
        return response_type == "code" and bool(client.redirect_uris)

    def is_pkce_required(self, _client_id: str, _request: Any) -> bool:
        return True

    def validate_scopes(
        self, _client_id: str, scopes: list[str], client: ApiClient, *_a: Any, **_k: Any
    ) -> bool:
        return bool(scopes) and set(scopes) <= set(client.scopes)

    def get_default_scopes(self, _client_id: str, request: Any, *_a: Any, **_k: Any) -> list[str]:
        scopes: list[str] = request.client.scopes
        return scopes

    # The code

    def save_authorization_code(
        self, _client_id: str, code: dict[str, str], request: Any, *_a: Any, **_k: Any
    ) -> None:
        consent, is_new = Consent.objects.update_or_create(
            client=request.client,
            user=request.user,
            defaults={"scopes": request.scopes, "given_at": self._now},
        )
        AuthorizationCode.objects.create(
            consent=consent,
            code_hash=selectors.digest(code["code"]),
            redirect_uri=request.redirect_uri,
            scopes=request.scopes,
            challenge=request.code_challenge,
            expires_at=self._now + timedelta(seconds=CODE_SECONDS),
        )
        event_append(
            kind="consent.given" if is_new else "consent.renewed",
            subject_id=consent.public_id,
            school_id=None,
            actor_id=request.user.public_id,
            now=self._now,
        )

    def validate_code(
        self, _client_id: str, code: str, client: ApiClient, request: Any, *_a: Any, **_k: Any
    ) -> bool:
        row = (
            AuthorizationCode.objects.select_for_update(of=("self",))
            .filter(
                code_hash=selectors.digest(code),
                consent__client=client,
                consent__user__is_active=True,
            )
            .select_related("consent__user")
            .first()
        )
        if row is not None and row.used_at is not None:
            _tokens_end(row.consent)
        if row is None or row.used_at is not None or row.expires_at <= self._now:
            return False
        request.our_code, request.consent = row, row.consent
        request.user, request.scopes = row.consent.user, row.scopes
        return True

    def get_code_challenge(self, _code: str, request: Any) -> str:
        challenge: str = request.our_code.challenge
        return challenge

    def get_code_challenge_method(self, _code: str, _request: Any) -> str:
        return "S256"

    def confirm_redirect_uri(
        self,
        _client_id: str,
        _code: str,
        redirect_uri: str,
        _client: ApiClient,
        request: Any,
        *_a: Any,
        **_k: Any,
    ) -> bool:
        return bool(redirect_uri == request.our_code.redirect_uri)

    def invalidate_authorization_code(
        self, _client_id: str, _code: str, request: Any, *_a: Any, **_k: Any
    ) -> None:
        request.our_code.used_at = self._now
        request.our_code.save(update_fields=["used_at"])

    # The tokens

    def validate_refresh_token(
        self, refresh_token: str, client: ApiClient, request: Any, *_a: Any, **_k: Any
    ) -> bool:
        row = (
            RefreshToken.objects.select_for_update(of=("self",))
            .filter(
                token_hash=selectors.digest(refresh_token),
                consent__client=client,
                consent__user__is_active=True,
            )
            .select_related("consent__user")
            .first()
        )
        if row is not None and row.used_at is not None:
            _tokens_end(row.consent)
        if row is None or row.used_at is not None or row.expires_at <= self._now:
            return False
        request.our_refresh, request.consent = row, row.consent
        request.user = row.consent.user
        return True

    def get_original_scopes(
        self, _refresh_token: str, request: Any, *_a: Any, **_k: Any
    ) -> list[str]:
        """What the person allowed, without what the client has lost since."""
        return [each for each in request.our_refresh.scopes if each in request.client.scopes]

    def rotate_refresh_token(self, _request: Any) -> bool:
        return True

    def save_bearer_token(self, token: dict[str, Any], request: Any, *_a: Any, **_k: Any) -> None:
        consent: Consent | None = getattr(request, "consent", None)
        token_create(
            client=request.client,
            consent=consent,
            text=token["access_token"],
            scopes=request.scopes,
            now=self._now,
        )
        if consent is None or "refresh_token" not in token:
            return
        scopes = request.scopes
        if before := getattr(request, "our_refresh", None):
            before.used_at = self._now
            before.save(update_fields=["used_at"])
            scopes = before.scopes  # a narrower access token narrows none after it
        RefreshToken.objects.create(
            consent=consent,
            token_hash=selectors.digest(token["refresh_token"]),
            scopes=scopes,
            expires_at=self._now + timedelta(days=REFRESH_DAYS),
        )

    def revoke_token(
        self, token: str, _token_type_hint: str, request: Any, *_a: Any, **_k: Any
    ) -> None:
        digest = selectors.digest(token)
        AccessToken.objects.filter(client=request.client, token_hash=digest).delete()
        row = (
            RefreshToken.objects.filter(consent__client=request.client, token_hash=digest)
            .select_related("consent")
            .first()
        )
        if row is not None:
            _tokens_end(row.consent)


def token_create(
    *,
    client: ApiClient,
    consent: Consent | None,
    text: str,
    scopes: list[str],
    now: datetime,
) -> AccessToken:
    """Store the hash of an access token, good for TOKEN_SECONDS.  Queries: 1."""
    return AccessToken.objects.create(
        client=client,
        consent=consent,
        token_hash=selectors.digest(text),
        scopes=sorted(scopes),
        expires_at=now + timedelta(seconds=TOKEN_SECONDS),
    )


def _tokens_end(consent: Consent) -> None:
    """End all that was given under a consent; the consent itself stays for the next time."""
    AccessToken.objects.filter(consent=consent).delete()
    RefreshToken.objects.filter(consent=consent).delete()
    AuthorizationCode.objects.filter(consent=consent, used_at__isnull=True).delete()


def client_named(*, authorization: str, form: Mapping[str, Any]) -> str:
    """The client that a request says it comes from, whether or not it proves that; "": none."""
    named = _basic(authorization)
    return str(form.get("client_id", "")) if named is None else named[0]


def _credentials(request: Any) -> tuple[str, str]:
    """(client_id, secret) from the header (Basic), else from the form."""
    named = _basic(request.headers.get("Authorization") or "")
    if named is None:
        return request.client_id or "", getattr(request, "client_secret", None) or ""
    return named


def _basic(authorization: str) -> tuple[str, str] | None:
    """What a header of Basic authentication says; None for a header of another kind."""
    kind, _space, value = authorization.partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        client_id, _colon, secret = b64decode(value, validate=True).decode().partition(":")
    except ValueError:
        return "", ""
    return unquote_plus(client_id), unquote_plus(secret)
