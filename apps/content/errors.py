from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from apps.core.errors import Conflict, DomainError

if TYPE_CHECKING:
    from apps.content.drafts import LessonDraft
    from apps.content.problems import Problem


class InvalidContent(DomainError):
    """What was sent cannot be stored; `field` names where."""

    code = "invalid_content"
    http_status = 422

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


class PublishingBlocked(DomainError):
    """A check failed; nothing was published. `problems` says where and what to do."""

    code = "publishing_blocked"
    http_status = 409

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = list(problems)


class EditConflict(Conflict):
    """Someone saved the lesson since `yours` was opened; nothing was written."""

    code = "edit_conflict"

    def __init__(
        self,
        *,
        theirs: LessonDraft,
        yours: LessonDraft,
        revision: int,
        changed_by: str,
        changed_at: datetime,
    ) -> None:
        person = changed_by or _("Someone")
        message = _("%(person)s saved this lesson while you were editing it.")
        super().__init__(message % {"person": person})
        self.theirs = theirs
        self.yours = yours
        self.revision = revision
        self.changed_by = changed_by
        self.changed_at = changed_at
