from apps.core.errors import DomainError


class EndpointDisabled(DomainError):
    """Nothing is sent to an endpoint that is switched off."""

    code = "webhook_disabled"
    http_status = 409
