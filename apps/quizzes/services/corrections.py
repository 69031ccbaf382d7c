"""Correcting a question after it was asked: everybody's grade follows, with the reason on record.

A correction is stored first and applied second, in batches. From the first moment every attempt
that is submitted is graded by it; the second step regrades those that were submitted before. A
process killed between the two leaves `applied_at` empty, and the worker goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from apps.core import services as core
from apps.grades.enums import GradeEventKind
from apps.quizzes import selectors
from apps.quizzes.drafts import Fault
from apps.quizzes.enums import AttemptState, CorrectionKind
from apps.quizzes.errors import InvalidDraft
from apps.quizzes.models import (
    Assignment,
    Attempt,
    Correction,
    Question,
    QuestionVersion,
    Response,
)
from apps.quizzes.services.closing import (
    RESULT_FIELDS,
    attempt_total,
    grades_write,
    response_grade,
)
from apps.quizzes.services.storing import rows_update

if TYPE_CHECKING:
    from apps.accounts.models import User

# Attempts regraded in one transaction.
BATCH = 200


@dataclass(frozen=True, slots=True)
class Change:
    """What a correction would do to one attempt. Points are the attempt's; None: unmarked."""

    attempt: Attempt
    before: Decimal | None
    after: Decimal | None
    max_before: Decimal
    max_after: Decimal


def correction_preview(
    *,
    question: Question,
    kind: CorrectionKind,
    version: QuestionVersion | None,
    assignments: Sequence[Assignment | None],
) -> list[Change]:
    """Whose attempts would come to something else, by class and name. Writes nothing.

    assignments: as `corrections_make` takes them.
    Raises: InvalidDraft.  Queries: 3, and one for the attempts' other items.
    """
    _check(question, kind, version)
    draft = Correction(question=question, kind=kind, version=version)
    changes = []
    for attempt in selectors.attempts_asked(question, assignments):
        responses = list(attempt.responses.all())
        before, most = attempt.points, attempt.max_points
        for response in responses:
            if response.question_id == question.pk:
                response_grade(response, draft)
        attempt_total(attempt, responses)
        if (before, most) != (attempt.points, attempt.max_points):
            changes.append(Change(attempt, before, attempt.points, most, attempt.max_points))
    return changes


def correction_make(
    *,
    question: Question,
    kind: CorrectionKind,
    version: QuestionVersion | None,
    assignment: Assignment | None,
    reason: str,
    actor: User,
    now: datetime,
) -> Correction:
    """Change how a question counts, and regrade everybody who was asked it.

    kind: rekey (grade by `version`), full (full points for everybody) or void (leave it out).
    assignment: None for every class.  reason: stands in the ledger beside each changed grade.
    Raises: InvalidDraft.  Locks: Attempt, Enrolment; never inside another transaction.
    """
    correction = correction_store(
        question=question,
        kind=kind,
        version=version,
        assignment=assignment,
        reason=reason,
        actor=actor,
        now=now,
    )
    return correction_apply(correction=correction, now=now)


def corrections_make(
    *,
    question: Question,
    kind: CorrectionKind,
    version: QuestionVersion | None,
    assignments: Sequence[Assignment | None],
    reason: str,
    actor: User,
    now: datetime,
) -> list[Correction]:
    """The same correction in several classes: all of them on record at once, then applied.

    assignments: as `selectors.corrected_in` gives them; None among them stands for every class.
    Raises: InvalidDraft, and nothing is stored.  Locks: as correction_make.
    """
    with transaction.atomic():
        stored = [
            correction_store(
                question=question,
                kind=kind,
                version=version,
                assignment=assignment,
                reason=reason,
                actor=actor,
                now=now,
            )
            for assignment in assignments
        ]
    return [correction_apply(correction=correction, now=now) for correction in stored]


@transaction.atomic
def correction_store(
    *,
    question: Question,
    kind: CorrectionKind,
    version: QuestionVersion | None,
    assignment: Assignment | None,
    reason: str,
    actor: User,
    now: datetime,
) -> Correction:
    """Put a correction on record: what is submitted from now on is graded by it.

    `correction_apply` must follow once this is committed.  Raises: InvalidDraft.
    """
    _check(question, kind, version)
    if not reason.strip():
        raise InvalidDraft([Fault("reason", _("Say why; students see it beside their grade."))])
    correction = Correction.objects.create(
        question=question,
        assignment=assignment,
        kind=kind,
        version=version,
        reason=reason.strip(),
        made_by=actor,
        made_at=now,
    )
    school = question.course.school
    core.event_append(
        kind="question.corrected",
        subject_id=question.public_id,
        school_id=school.public_id if school else None,
        actor_id=actor.public_id,
        now=now,
    )
    return correction


def correction_apply(*, correction: Correction, now: datetime) -> Correction:
    """Regrade, in batches, every attempt that was asked the question. Doing it again is harmless.

    Attempts that are open are locked as well: whoever is submitting one now is waited for.
    """
    last = 0
    while True:
        with transaction.atomic():
            batch = list(
                selectors.attempts_asking(correction.question, correction.assignment)
                .select_for_update(of=("self",))
                .filter(pk__gt=last)
                .order_by("pk")[:BATCH]
            )
            _regrade(correction, batch, now)
        if len(batch) < BATCH:
            break
        last = batch[-1].pk
    Correction.objects.filter(pk=correction.pk, applied_at__isnull=True).update(applied_at=now)
    correction.refresh_from_db()
    return correction


def corrections_finish(*, now: datetime) -> int:
    """Apply what a killed process left; the worker calls it.  Returns: how many."""
    rows = list(Correction.objects.filter(applied_at__isnull=True).select_related("question"))
    for correction in rows:
        correction_apply(correction=correction, now=now)
    return len(rows)


def _regrade(correction: Correction, batch: list[Attempt], now: datetime) -> None:
    """Regrade locked attempts by all corrections that hold for them, and tell the ledger."""
    closed = [attempt for attempt in batch if attempt.state != AttemptState.OPEN]
    by_attempt: dict[int, list[Response]] = {attempt.pk: [] for attempt in closed}
    rows = Response.objects.filter(attempt__in=by_attempt).select_related("version")
    for response in rows.order_by("attempt", "position"):
        by_attempt[response.attempt_id].append(response)
    students: dict[Assignment, list[int]] = {}
    regraded: list[Response] = []
    newest = _newest_by_class(correction.question)
    for attempt in closed:
        responses = by_attempt[attempt.pk]
        mine = [row for row in responses if row.question_id == correction.question_id]
        holding = newest.get(attempt.assignment_id) or newest.get(None)
        before = (attempt.points, attempt.max_points)
        for response in mine:
            response_grade(response, holding)
        regraded += mine
        attempt_total(attempt, responses)
        if before != (attempt.points, attempt.max_points) and attempt.assignment is not None:
            students.setdefault(attempt.assignment, []).append(attempt.student_id)
    rows_update(regraded, RESULT_FIELDS)
    rows_update(closed, ["points", "max_points", "state"])
    for assignment, ids in students.items():
        grades_write(
            assignment,
            sorted(set(ids)),
            actor=correction.made_by,
            now=now,
            kind=GradeEventKind.REGRADE,
            reason=correction.reason,
        )
    count = sum(len(set(ids)) for ids in students.values())
    Correction.objects.filter(pk=correction.pk).update(changed_count=F("changed_count") + count)


def _newest_by_class(question: Question) -> dict[int | None, Correction]:
    """{assignment's pk: how the question counts there}; under None, how it counts elsewhere.

    The newest wins, whether it was made for one class or for all.  Queries: 1.
    """
    newest: dict[int | None, Correction] = {}
    for row in question.corrections.select_related("version").order_by("pk"):
        if row.assignment_id is None:
            newest = {None: row}
        else:
            newest[row.assignment_id] = row
    return newest


def _check(question: Question, kind: CorrectionKind, version: QuestionVersion | None) -> None:
    if (kind == CorrectionKind.REKEY) != (version is not None):
        raise InvalidDraft([Fault("version", _("Name the corrected version to grade by."))])
    if version is not None and version.question_id != question.pk:
        raise InvalidDraft([Fault("version", _("This version is of another question."))])
