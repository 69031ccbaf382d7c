"""The debates of a load."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from apps.accounts.models import User
from apps.content import models
from apps.courseware.drafts import debate_draft
from apps.courseware.errors import CourseFaulty
from apps.courseware.format import CourseFiles
from apps.courseware.plan import Action
from apps.debates import services
from apps.debates.errors import InvalidDebate


def write_debates(
    course: models.Course,
    files: CourseFiles,
    plan: Mapping[str, Action],
    *,
    editor: User | None,
    now: datetime,
) -> None:
    """Write what `plan` says is created or changed; what classes hold keeps its motion and rules.

    Raises: CourseFaulty, with the file that the service refused.
    """
    for record in files.debates:
        if plan.get(f"debate:{record.slug}") not in {Action.CREATED, Action.CHANGED}:
            continue
        try:
            draft = debate_draft(record)
            services.debate_store(course=course, draft=draft, editor=editor, now=now)
        except InvalidDebate as error:
            raise CourseFaulty([record.where.fault(str(error.message), "Correct it.")]) from error
