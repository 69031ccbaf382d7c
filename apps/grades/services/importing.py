"""Marks that come as a list: all of it or none."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.grades import selectors
from apps.grades.errors import GradesChanged, SheetRefused
from apps.grades.models import GradeItem
from apps.grades.services.marking import Mark, marks_save


@transaction.atomic
def marks_import(*, classroom: Classroom, text: str, token: str, actor: User, now: datetime) -> int:
    """Record the marks of a list exactly as its preview showed them.

    token: of the plan that the person saw.
    Returns: how many grades changed.  Raises: SheetRefused for a list with faults; GradesChanged
    when a grade has changed since the preview; as marks_save.  Locks: Enrolment.
    """
    plan = selectors.marks_plan(classroom, text)
    if plan.problems:
        raise SheetRefused(_("The list has faults; nothing was recorded."))
    if plan.token != token:
        message = _("Somebody changed grades meanwhile. Look at the list again.")
        raise GradesChanged(message, students=[])
    by_item: dict[GradeItem, dict[int, Mark]] = {}
    for change in plan.changes:
        mark = Mark(change.after, _("From a list of marks."), change.version)
        by_item.setdefault(change.item, {})[change.enrolment.user_id] = mark
    origin_id = uuid4()
    for item, marks in by_item.items():
        item.classroom = classroom
        marks_save(item=item, marks=marks, actor=actor, now=now, origin_id=origin_id)
    return len(plan.changes)
