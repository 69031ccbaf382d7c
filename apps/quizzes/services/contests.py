"""Objections: a student cites what speaks against an item; an instructor decides, once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.content.models import Reference, SourceParagraph
from apps.core import services as core
from apps.quizzes import policies
from apps.quizzes.drafts import Fault
from apps.quizzes.enums import ContestState, CorrectionKind
from apps.quizzes.errors import InvalidDraft, NotAllowed
from apps.quizzes.models import Assignment, Contest, Correction, QuestionVersion, Response
from apps.quizzes.services.corrections import correction_apply, correction_store

if TYPE_CHECKING:
    from apps.accounts.models import User

MAX_TEXT = 4000


def contest_open(
    *,
    response: Response,
    text: str,
    paragraph: SourceParagraph | None,
    reference: Reference | None,
    locator: str,
    student: User,
    now: datetime,
) -> Contest:
    """Object to an item of one's own submitted attempt, naming a paragraph or a work.

    The caller has fetched `response` for its student.  Raises: InvalidDraft, NotAllowed.
    """
    attempt = response.attempt
    policies.check_can_contest(attempt.assignment, attempt)
    faults = []
    if not text.strip():
        faults.append(Fault("text", _("Say what is wrong with the item.")))
    if len(text) > MAX_TEXT:
        faults.append(Fault("text", _("At most %(count)d characters.") % {"count": MAX_TEXT}))
    if paragraph is None and reference is None:
        faults.append(Fault("paragraph", _("Name the paragraph or the work that speaks for you.")))
    course_id = attempt.quiz.course_id
    if paragraph is not None and paragraph.article.course_id != course_id:
        faults.append(Fault("paragraph", _("This paragraph is of another course.")))
    if reference is not None and reference.course_id != course_id:
        faults.append(Fault("reference", _("This work is of another course.")))
    if len(locator) > 120:
        faults.append(Fault("locator", _("At most 120 characters.")))
    if faults:
        raise InvalidDraft(faults)
    try:
        with transaction.atomic():
            contest = Contest.objects.create(
                response=response,
                text=text.strip(),
                paragraph=paragraph,
                reference=reference,
                locator=locator.strip(),
            )
            _event(contest, "contest.opened", student, now)
    except IntegrityError:
        raise NotAllowed(_("You have contested this item already."), code="contested") from None
    return contest


@transaction.atomic
def contest_withdraw(*, contest: Contest, student: User, now: datetime) -> Contest:
    """Take one's objection back while it is undecided.  Raises: NotAllowed.  Locks: Contest."""
    locked = _lock(contest)
    policies.check_is_open_contest(locked)
    locked.state = ContestState.WITHDRAWN
    locked.decided_at = now
    locked.save()
    _event(locked, "contest.withdrawn", student, now)
    return locked


@transaction.atomic
def contest_decline(*, contest: Contest, decision: str, instructor: User, now: datetime) -> Contest:
    """Answer an objection with a reason; no grade changes.  Raises: InvalidDraft, NotAllowed."""
    return _decide(contest, ContestState.DECLINED, decision, instructor, now)


def contest_accept(
    *,
    contest: Contest,
    decision: str,
    kind: CorrectionKind,
    version: QuestionVersion | None,
    assignments: Sequence[Assignment | None],
    instructor: User,
    now: datetime,
) -> list[Correction]:
    """Agree, and correct the item for everybody who was asked it in `assignments`.

    assignments: as `selectors.correction_reach` gives them; the objection's own is among them.
    The objection is decided and the corrections stored together; regrading follows and survives a
    killed process.  Returns: the corrections.
    Raises: InvalidDraft, NotAllowed.  Locks: Contest, Attempt, Enrolment.
    """
    response = contest.response
    own = response.attempt.assignment_id
    with transaction.atomic():
        decided = _decide(contest, ContestState.ACCEPTED, decision, instructor, now)
        stored = [
            correction_store(
                question=response.question,
                kind=kind,
                version=version,
                assignment=assignment,
                reason=decision,
                actor=instructor,
                now=now,
            )
            for assignment in assignments
        ]
        decided.correction = next(row for row in stored if row.assignment_id in {own, None})
        decided.save(update_fields=["correction"])
    return [correction_apply(correction=correction, now=now) for correction in stored]


def _decide(
    contest: Contest, state: ContestState, decision: str, instructor: User, now: datetime
) -> Contest:
    locked = _lock(contest)
    policies.check_is_open_contest(locked)
    if not decision.strip():
        raise InvalidDraft([Fault("decision", _("Give the reason; the student reads it."))])
    if len(decision) > 500:
        raise InvalidDraft([Fault("decision", _("At most 500 characters."))])
    locked.state, locked.decision = state, decision.strip()
    locked.decided_by, locked.decided_at = instructor, now
    locked.save()
    _event(locked, f"contest.{state}", instructor, now)
    return locked


def _lock(contest: Contest) -> Contest:
    rows = Contest.objects.select_for_update(of=("self",)).select_related(
        "response__attempt__assignment__classroom__school"
    )
    return rows.get(pk=contest.pk)


def _event(contest: Contest, kind: str, actor: User, now: datetime) -> None:
    assignment = contest.response.attempt.assignment
    core.event_append(
        kind=kind,
        subject_id=contest.public_id,
        school_id=assignment.classroom.school.public_id if assignment else None,
        actor_id=actor.public_id,
        now=now,
    )
