"""A student's debate by rubric, and from there into the grade ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.classrooms.policies import check_is_running
from apps.debates.enums import GRADE_SOURCE, Criterion
from apps.debates.errors import InvalidDebate
from apps.debates.models import Participant, RubricScore
from apps.grades.services import Score, grades_record, item_ensure

if TYPE_CHECKING:
    from apps.accounts.models import User

HIGHEST = 4
LEVELS = range(HIGHEST + 1)


@dataclass(frozen=True, slots=True)
class Mark:
    """level: 0 (not shown) to 4 (excellent)."""

    level: int
    comment: str = ""


@transaction.atomic
def scores_save(
    *, participant: Participant, marks: Mapping[str, Mark], marker: User, now: datetime
) -> Decimal:
    """Store a mark for each criterion and record their sum; held until the column is released.

    Returns: points, of 4 for each criterion.  Raises: InvalidDebate, ClassroomArchived.
    Locks: as grades_record.
    """
    run = participant.run
    check_is_running(run.classroom)
    if set(marks) != set(Criterion.values):
        raise InvalidDebate(_("Mark every criterion."))
    if any(mark.level not in LEVELS for mark in marks.values()):
        raise InvalidDebate(_("A level is from 0 to 4."))
    for criterion, mark in marks.items():
        RubricScore.objects.update_or_create(
            participant=participant,
            criterion=criterion,
            defaults={
                "level": mark.level,
                "comment": mark.comment.strip(),
                "marker": marker,
                "marked_at": now,
            },
        )
    place = {"public_id": run.classroom.public_id, "run_id": run.public_id}
    item = item_ensure(
        classroom=run.classroom,
        source_kind=GRADE_SOURCE,
        source_id=run.public_id,
        source_path=reverse("debates:run", kwargs=place),
        title=run.motion,
        max_points=Decimal(HIGHEST * len(Criterion)),
        actor=marker,
        now=now,
    )
    points = Decimal(sum(mark.level for mark in marks.values()))
    score = Score(
        points,
        reason=_("By rubric: claim, evidence, rebuttal, concession."),
        origin_id=participant.public_id,
    )
    grades_record(item=item, scores={participant.user_id: score}, actor=marker, now=now)
    return points
