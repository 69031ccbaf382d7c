"""Marks that a person gives: essays by rubric, and whatever else no rule can grade."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from apps.classrooms import policies as class_policies
from apps.core.errors import NotFound
from apps.grades.enums import GradeEventKind
from apps.quizzes.drafts import Fault
from apps.quizzes.enums import AttemptState
from apps.quizzes.errors import EditConflict, InvalidDraft, NotAllowed
from apps.quizzes.grading import RATIO, hints_cost, item_points, rubric_ratio
from apps.quizzes.models import Attempt, Response
from apps.quizzes.services.closing import attempt_total, grades_write

if TYPE_CHECKING:
    from apps.accounts.models import User

MAX_COMMENT = 5000


@transaction.atomic
def response_mark(
    *,
    response: Response,
    marks: Mapping[str, str],
    ratio: Decimal | None,
    comment: str,
    expected_marked_at: datetime | None,
    marker: User,
    now: datetime,
) -> Response:
    """Give a submitted response its mark, and the gradebook what the attempt comes to.

    marks: {criterion's id: credit} where there is a rubric; otherwise `ratio` in [0, 1].
    expected_marked_at: as the page showed it, so that two markers do not overwrite each other.
    Raises: InvalidDraft, EditConflict, NotAllowed.  Locks: Attempt, Enrolment.
    """
    attempt = (
        Attempt.objects.select_for_update(of=("self",))
        .select_related("assignment__classroom__school", "assignment__grade_item")
        .get(pk=response.attempt_id)
    )
    if attempt.assignment is None:
        raise NotFound(_("Practice is not marked."))
    class_policies.check_is_running(attempt.assignment.classroom)
    if attempt.state == AttemptState.OPEN:
        raise NotAllowed(_("The student is still writing."), code="still_open")
    responses = list(attempt.responses.select_related("version").order_by("position"))
    row = next(row for row in responses if row.pk == response.pk)
    if row.marked_at != expected_marked_at:
        raise EditConflict(_("Someone marked this answer while you were reading it."))
    if row.is_void:
        raise NotAllowed(_("This item has been left out; it earns nothing."), code="left_out")
    is_first = row.marked_at is None
    row.ratio = _ratio(row, marks, ratio, comment)
    row.rubric_marks = dict(marks)
    row.comment = comment.strip()
    cost = hints_cost(row.version.hints, row.hints_taken)
    row.points = item_points(row.ratio, max_points=row.max_points, cost=cost)
    row.needs_marking = False
    row.marked_by, row.marked_at = marker, now
    row.save()
    attempt_total(attempt, responses)
    attempt.save(update_fields=["points", "max_points", "state"])
    grades_write(
        attempt.assignment,
        [attempt.student_id],
        actor=marker,
        now=now,
        kind=GradeEventKind.SCORE if is_first else GradeEventKind.REGRADE,
        reason="" if is_first else _("Marked again: item %(number)d.") % {"number": row.position},
    )
    return row


def _ratio(row: Response, marks: Mapping[str, str], ratio: Decimal | None, comment: str) -> Decimal:
    """The share of the points that a mark gives.  Raises: InvalidDraft, every fault at once."""
    faults = []
    if len(comment) > MAX_COMMENT:
        message = _("At most %(count)d characters.") % {"count": MAX_COMMENT}
        faults.append(Fault("comment", message))
    criteria = (row.graded_by or row.version).spec.get("rubric", [])
    for criterion in criteria:
        mark = marks.get(criterion["id"])
        path = f"marks.{criterion['id']}"
        if mark is None or mark == "":
            faults.append(Fault(path, _("Choose a level.")))
        elif not _is_share(mark):
            faults.append(Fault(path, _("A mark is between 0 and 1.")))
    if unknown := set(marks) - {criterion["id"] for criterion in criteria}:
        faults.append(Fault("marks", _("No such criterion: %(ids)s") % {"ids": ", ".join(unknown)}))
    if not criteria and (ratio is None or not _is_share(str(ratio))):
        faults.append(Fault("ratio", _("Give a share between 0 and 1.")))
    if faults:
        raise InvalidDraft(faults)
    if criteria:
        ratio = rubric_ratio({"rubric": criteria}, marks)
    return Decimal(ratio or 0).quantize(RATIO, rounding=ROUND_HALF_UP)


def _is_share(text: str) -> bool:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return False
    return value.is_finite() and 0 <= value <= 1
