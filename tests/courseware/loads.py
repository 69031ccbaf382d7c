"""Loading as tests speak of it."""

from pathlib import Path
from typing import Any

from apps.accounts.models import User
from apps.content import models
from apps.content import services as editing
from apps.courseware import selectors, services
from apps.courseware.format import write_folder
from apps.courseware.services import LoadReport
from tests.factories import NOW

FIRST = "lessons/springs/01-where-rivers-begin.md"
SECOND = "lessons/springs/02-small-springs.md"
LAST = "lessons/mouths/01-where-rivers-end.md"


def load(folder: Path, **options: Any) -> LoadReport:
    return services.course_load(folder, now=NOW, **options)


def actions(report: LoadReport) -> dict[str, str]:
    """{object: action} of all that is not simply kept."""
    return {
        f"{change.kind} {change.name}": str(change.action)
        for change in report.changes
        if change.action != "kept"
    }


def site(course: models.Course) -> dict[str, bytes]:
    return write_folder(selectors.course_files(course))


def term_edit(course: models.Course, editor: User, **fields: Any) -> None:
    """An editor changes the definition of “spring” in the admin."""
    editing.term_save(
        term=course.glossaryterms.get(slug="spring"),
        fields={"definition": "Edited here.", **fields},
        editor=editor,
        now=NOW,
    )
