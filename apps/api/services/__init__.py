"""Every write of the API's own; what it changes for a school goes through that app's service."""

from apps.api.services.clients import client_create, client_revoke
from apps.api.services.grants import (
    TOKEN_SECONDS,
    authorization_check,
    authorization_grant,
    token_create,
    token_request,
    token_revoke,
)
from apps.api.services.leftovers import leftovers_delete
from apps.api.services.limits import address_hash, request_count, requests_seen
from apps.api.services.persons import (
    MOST_DAYS,
    consent_revoke,
    personal_token_create,
    personal_token_revoke,
    token_note_use,
)
from apps.api.services.repeats import Answer, request_once

__all__ = [
    "MOST_DAYS",
    "TOKEN_SECONDS",
    "Answer",
    "address_hash",
    "authorization_check",
    "authorization_grant",
    "client_create",
    "client_revoke",
    "consent_revoke",
    "leftovers_delete",
    "personal_token_create",
    "personal_token_revoke",
    "request_count",
    "request_once",
    "requests_seen",
    "token_create",
    "token_note_use",
    "token_request",
    "token_revoke",
]
