from apps.core.errors import DomainError


class DemoRefused(DomainError):
    """Accounts that anybody may read about belong on one person's own machine."""

    code = "demo_refused"
    http_status = 403
