from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from apps.core.errors import Conflict, DomainError

if TYPE_CHECKING:
    from apps.classrooms.roster import Problem


class ClassroomArchived(Conflict):
    """The class has ended: it can be read and no longer changed."""

    code = "classroom_archived"


class LastInstructor(Conflict):
    """A class is never left without an instructor."""

    code = "last_instructor"


class CodeRefused(DomainError):
    """The code opens no class. Whether it is unknown, expired or closed, nobody is told."""

    code = "join_code_refused"


class Removed(Conflict):
    """A removed person does not come back by the code; an instructor takes them back."""

    code = "removed_from_class"


class IdTaken(Conflict):
    """Somebody else of the class, or another class of the school, has this id."""

    code = "sis_id_taken"


class InvalidDates(DomainError):
    """What begins must not end before it; `field` names where."""

    code = "invalid_dates"
    http_status = 422

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


class MarksPromised(Conflict):
    """Students were told that their marks go with them when they have themselves erased."""

    code = "marks_promised"

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


class AlreadyThere(Conflict):
    """The address is that of somebody in the class, so that there is nobody to invite."""

    code = "already_in_class"


class NothingGranted(DomainError):
    """An accommodation that changes nothing for the student is none."""

    code = "nothing_granted"
    http_status = 422


class RosterRefused(DomainError):
    """Something in the list is wrong, so that none of it was taken. `problems` says what."""

    code = "roster_refused"
    http_status = 422

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(_("The list has faults, so nobody was added."))
        self.problems = list(problems)
