"""Every write of the API's own; what it changes for a school goes through that app's service."""

from apps.api.services.clients import TOKEN_SECONDS, client_create, client_revoke, token_issue
from apps.api.services.leftovers import leftovers_delete
from apps.api.services.limits import address_hash, request_count
from apps.api.services.repeats import Answer, request_once

__all__ = [
    "TOKEN_SECONDS",
    "Answer",
    "address_hash",
    "client_create",
    "client_revoke",
    "leftovers_delete",
    "request_count",
    "request_once",
    "token_issue",
]
