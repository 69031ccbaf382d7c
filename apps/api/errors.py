from apps.core.errors import DomainError


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
