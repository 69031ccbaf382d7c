from apps.core.errors import Conflict, DomainError


class InvalidCard(DomainError):
    """The card cannot be kept as it was written; nothing was stored."""

    code = "invalid_card"
    http_status = 422


class InvalidRating(DomainError):
    """Not one of the four."""

    code = "invalid_rating"
    http_status = 422


class TooMany(DomainError):
    """More cards than one person may keep."""

    code = "too_many_cards"
    http_status = 422


class CardChanged(Conflict):
    """The card was changed since it was shown; nothing was stored."""

    code = "card_changed"


class CannotUndo(Conflict):
    """Something happened to the card after that rating."""

    code = "cannot_undo"


class CannotImport(DomainError):
    """The file has rows that cannot be read; nothing was imported."""

    code = "cannot_import"
    http_status = 422
