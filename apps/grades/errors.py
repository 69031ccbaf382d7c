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
