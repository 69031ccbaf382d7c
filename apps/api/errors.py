from apps.core.errors import Conflict, DomainError


class InvalidClient(DomainError):
    """Client or secret is wrong, or the client is revoked; which, nobody is told."""

    code = "invalid_client"
    http_status = 401


class InvalidScope(DomainError):
    """The client may not have a scope that it asks for."""

    code = "invalid_scope"


class UnsupportedGrant(DomainError):
    """Tokens are given for client credentials only."""

    code = "unsupported_grant_type"


class RequestRunning(Conflict):
    """The first request with this key has not been answered yet: ask again."""

    code = "request_running"


class KeyReused(DomainError):
    """A key names one request; this is another."""

    code = "idempotency_key_reused"
    http_status = 422


class PreconditionRequired(DomainError):
    """Who changes a thing says which state of it they saw."""

    code = "precondition_required"
    http_status = 428


class PreconditionFailed(DomainError):
    """The thing has changed since it was seen; nothing was written."""

    code = "precondition_failed"
    http_status = 412


class TooManyTokens(Conflict):
    """Who has so many keys knows no longer which of them are in use."""

    code = "too_many_tokens"
