from http import HTTPStatus

from apps.core.errors import DomainError


class MalformedReport(DomainError):
    """What a page sent about reading cannot be understood."""

    code = "malformed"
    http_status = HTTPStatus.BAD_REQUEST
