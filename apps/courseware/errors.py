from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.errors import Conflict, DomainError

if TYPE_CHECKING:
    from apps.courseware.format import Fault
    from apps.courseware.plan import Change


class CourseFaulty(DomainError):
    """The files cannot be loaded; `faults` says where and what to do. Nothing was written."""

    code = "course_faulty"
    http_status = 422

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(faults)
        count = len(self.faults)
        super().__init__(
            ngettext(
                "%(count)s fault stops the course from being loaded.",
                "%(count)s faults stop the course from being loaded.",
                count,
            )
            % {"count": count}
        )


class LoadConflict(Conflict):
    """Both the files and an editor changed these objects; nothing was written."""

    code = "load_conflict"

    def __init__(self, changes: Sequence[Change]) -> None:
        self.changes = list(changes)
        count = len(self.changes)
        super().__init__(
            ngettext(
                "%(count)s object was changed in the files and on the site.",
                "%(count)s objects were changed in the files and on the site.",
                count,
            )
            % {"count": count}
        )


class FolderInUse(Conflict):
    """The folder holds something that is no exported course; nothing was written."""

    code = "folder_in_use"

    def __init__(self, path: object) -> None:
        super().__init__(
            _("%(path)s holds something else; name a new folder, or an exported course to replace.")
            % {"path": path}
        )


class NotExportable(DomainError):
    """A text of the course cannot be written in the course format; the message says which."""

    code = "not_exportable"
    http_status = 422
