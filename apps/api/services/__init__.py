"""Every write of the API's own; what it changes for a school goes through that app's service."""

from apps.api.services.clients import TOKEN_SECONDS, client_create, client_revoke, token_issue
from apps.api.services.leftovers import leftovers_delete
from apps.api.services.limits import address_hash, request_count
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
    "client_create",
    "client_revoke",
    "consent_revoke",
    "leftovers_delete",
    "personal_token_create",
    "personal_token_revoke",
    "request_count",
    "request_once",
    "token_issue",
    "token_note_use",
]
