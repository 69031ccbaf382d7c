"""Every write of the API's own; what it changes for a school goes through that app's service."""

from apps.api.services.clients import client_create, client_revoke
from apps.api.services.grants import (
    TOKEN_SECONDS,
    authorization_check,
    authorization_grant,
    client_named,
    token_create,
    token_request,
    token_revoke,
)
from apps.api.services.jobs import job_create, jobs_run_due
from apps.api.services.leftovers import leftovers_delete
from apps.api.services.limits import address_hash, request_count, requests_seen
from apps.api.services.persons import (
    MOST_DAYS,
    consent_revoke,
    keys_end,
    personal_token_create,
    personal_token_revoke,
    token_note_use,
)
from apps.api.services.repeats import Answer, request_once
from apps.api.services.rosters import OUTCOMES, roster_put

__all__ = [
    "MOST_DAYS",
    "OUTCOMES",
    "TOKEN_SECONDS",
    "Answer",
    "address_hash",
    "authorization_check",
    "authorization_grant",
    "client_create",
    "client_named",
    "client_revoke",
    "consent_revoke",
    "job_create",
    "jobs_run_due",
    "keys_end",
    "leftovers_delete",
    "personal_token_create",
    "personal_token_revoke",
    "request_count",
    "request_once",
    "requests_seen",
    "roster_put",
    "token_create",
    "token_note_use",
    "token_request",
    "token_revoke",
]
