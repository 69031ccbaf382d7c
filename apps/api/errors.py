from apps.core.errors import Conflict, DomainError


class InvalidScope(DomainError):
    """There is no such scope, or none was asked for."""

    code = "invalid_scope"


class InvalidRedirect(DomainError):
    """A redirect address that could carry a code to somebody else."""

    code = "invalid_redirect_uri"


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
