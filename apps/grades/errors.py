from __future__ import annotations

from collections.abc import Sequence

from apps.core.errors import Conflict, DomainError


class InvalidPoints(DomainError):
    """Points below zero, above what the item gives, or no number."""

    code = "invalid_points"


class NotEnrolled(DomainError):
    """Somebody who has never been in the class has no grades there."""

    code = "not_enrolled"


class ReasonRequired(DomainError):
    """What goes against the source of a grade says why."""

    code = "reason_required"


class NotApplicable(Conflict):
    """There is no such override or exemption to end, or the item is of the wrong kind."""

    code = "not_applicable"


class GradesChanged(Conflict):
    """Somebody else recorded grades of `students` (primary keys) first; nothing was written."""

    code = "grades_changed"

    def __init__(self, message: str, *, students: Sequence[int]) -> None:
        super().__init__(message)
        self.students = list(students)


class SheetRefused(DomainError):
    """A list of marks has faults; nothing of it was recorded."""

    code = "sheet_refused"
    http_status = 422
