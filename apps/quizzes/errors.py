from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from apps.core.errors import Conflict, DomainError

if TYPE_CHECKING:
    from apps.quizzes.drafts import Fault


class InvalidDraft(DomainError):
    """A question, quiz or assignment cannot be stored; nothing was. `faults` says where."""

    code = "invalid_draft"
    http_status = 422

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{fault.path}: {fault.message}" for fault in faults))
        self.faults = list(faults)


class InUse(Conflict):
    """Something rests on this row, so it stays; retire it instead."""

    code = "in_use"


class EditConflict(Conflict):
    """Someone saved it since this form was opened; nothing was written."""

    code = "edit_conflict"


class CannotStart(Conflict):
    """Not yet open, closed, or no attempts left; `code` says which."""

    code = "cannot_start"


class AttemptClosed(Conflict):
    """The attempt takes no more answers; those acknowledged before are kept."""

    code = "attempt_closed"


class BadAnswer(DomainError):
    """An answer that no page of ours can send. `path` names it: "3.choice"."""

    code = "bad_answer"
    http_status = 422

    def __init__(self, message: str, *, path: str) -> None:
        super().__init__(message)
        self.path = path


class NotAllowed(Conflict):
    """A rule of the quiz says no: hints are off, items cannot be contested."""

    code = "not_allowed"
