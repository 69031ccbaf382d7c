"""Errors of the domain: what went wrong, in words for a person and a code for a program."""


class DomainError(Exception):
    """A rule said no. `code` is stable and documented; `http_status` is what a view answers."""

    code = "domain_error"
    http_status = 400

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class NotFound(DomainError):
    """What a person may not see does not exist for them."""

    code = "not_found"
    http_status = 404


class Conflict(DomainError):
    """Someone else changed it first; nothing was written."""

    code = "conflict"
    http_status = 409


class TooOften(DomainError):
    """More than a person does by hand; nothing was written.  seconds: until it is taken again."""

    code = "too_often"
    http_status = 429

    def __init__(self, message: str, *, seconds: int = 60) -> None:
        super().__init__(message)
        self.seconds = seconds


class BackupRefused(Conflict):
    """A backup could not be made or used; nothing was changed."""

    code = "backup_refused"
