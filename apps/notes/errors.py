from apps.core.errors import Conflict, DomainError


class InvalidNote(DomainError):
    """The note cannot be stored as it was asked for; nothing was. `field` names what is wrong."""

    code = "invalid_note"
    http_status = 422

    def __init__(self, message: str, *, field: str = "", code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.field = field


class PassageNotFound(InvalidNote):
    """The edition has no such words in its sections."""

    code = "passage_not_found"


class NoteHidden(Conflict):
    """A moderator has hidden the note: its author may change or delete it, not share it anew."""

    code = "note_hidden"


class NoteChanged(Conflict):
    """Its words were changed since they were shown; nothing was stored. `body` is what it says."""

    code = "note_changed"

    def __init__(self, message: str, *, body: str) -> None:
        super().__init__(message)
        self.body = body
