"""When a student, an assistant or an instructor may do what; each check says why not."""

from __future__ import annotations

from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from apps.quizzes.enums import AttemptState, ContestState
from apps.quizzes.errors import AttemptClosed, CannotStart, NotAllowed
from apps.quizzes.models import Assignment, Attempt, Contest, Response
from apps.quizzes.timing import Window, is_over


def check_can_start(window: Window, *, attempts_used: int, now: datetime) -> None:
    """Raises: CannotStart, with the code not_open, closed or no_attempts_left."""
    if window.opens_at and now < window.opens_at:
        raise CannotStart(
            _("This quiz opens on %(moment)s.") % {"moment": moment(window.opens_at)},
            code="not_open",
        )
    if window.closes_at and now >= window.closes_at:
        raise CannotStart(
            _("This quiz closed on %(moment)s.") % {"moment": moment(window.closes_at)},
            code="closed",
        )
    if window.attempt_limit is not None and attempts_used >= window.attempt_limit:
        raise CannotStart(_("You have used all your attempts."), code="no_attempts_left")


def check_takes_answers(attempt: Attempt, *, now: datetime) -> None:
    """Raises: AttemptClosed when it is submitted, or its time and the grace are over."""
    if attempt.state != AttemptState.OPEN:
        raise AttemptClosed(_("This attempt has been submitted; it takes no more answers."))
    if is_over(attempt.closes_at, now):
        raise AttemptClosed(
            _("The time of this attempt is over. What was saved before is submitted."),
            code="time_over",
        )


def check_can_take_hint(attempt: Attempt, response: Response) -> None:
    """Practice gives hints always; an assignment where its instructor allows them.

    Raises: NotAllowed, with the code no_hints, no_more_hints or checked.
    """
    if attempt.assignment is not None and not attempt.assignment.has_hints:
        raise NotAllowed(_("This quiz gives no hints."), code="no_hints")
    if response.hints_taken >= len(response.version.hints):
        raise NotAllowed(_("There are no more hints for this item."), code="no_more_hints")
    if response.is_checked:
        raise NotAllowed(_("This answer has been checked; it stands."), code="checked")


def check_can_look(attempt: Attempt) -> None:
    """Feedback on one item while the others are open is for practice alone.

    Raises: NotAllowed.
    """
    if attempt.assignment_id is not None:
        raise NotAllowed(_("Feedback comes when the quiz says so."), code="not_practice")


def check_is_not_withheld(*, is_withheld: bool) -> None:
    """Practice gives nothing away that a quiz of the student's class still keeps.

    Raises: NotAllowed, with the code withheld.
    """
    if is_withheld:
        raise NotAllowed(
            _(
                "A quiz of your class asks this, and its answers are not out yet. "
                "Practise it once they are."
            ),
            code="withheld",
        )


def check_is_answered(response: Response) -> None:
    """Nothing is told to who has not tried.  Raises: NotAllowed."""
    if not response.answer:
        raise NotAllowed(_("Answer the item first, then check it."), code="no_answer")


def may_contest(assignment: Assignment | None) -> bool:
    """Whether items of it can be objected to at all; of practice, never."""
    return assignment is not None and assignment.may_contest


def is_nameless(attempt: Attempt) -> bool:
    """Whether nobody may see yet whose answers these are: they wait to be marked without names."""
    return (
        attempt.assignment is not None
        and attempt.assignment.is_marked_anonymously
        and attempt.state == AttemptState.SUBMITTED
    )


def check_can_contest(assignment: Assignment | None, attempt: Attempt) -> None:
    """Raises: NotAllowed."""
    if not may_contest(assignment):
        raise NotAllowed(_("Items of this quiz cannot be contested."), code="no_contests")
    if attempt.state == AttemptState.OPEN:
        raise NotAllowed(_("Submit the attempt first."), code="still_open")


def check_is_open_contest(contest: Contest) -> None:
    """Raises: NotAllowed when it has been decided or withdrawn."""
    if contest.state != ContestState.OPEN:
        raise NotAllowed(_("This objection has been decided."), code="decided")


def moment(value: datetime) -> str:
    """A moment in the reader's own time zone, as their language writes it, with the zone."""
    local = localtime(value)
    return f"{date_format(local, 'DATETIME_FORMAT')} ({local.tzname()})"
