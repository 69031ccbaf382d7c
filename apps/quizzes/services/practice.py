"""What a student may ask for while an attempt is open: a hint, and in practice the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.errors import NotFound
from apps.quizzes import policies, selectors
from apps.quizzes.models import Attempt, Response
from apps.quizzes.services.attempts import attempt_lock, read_answer
from apps.quizzes.services.closing import corrections_for, response_grade

if TYPE_CHECKING:
    from apps.accounts.models import User


@transaction.atomic
def hint_take(
    *, attempt_id: UUID, student: User, position: int, number: int, now: datetime
) -> Response:
    """Show the item's hint `number`, at its cost; asking for it again costs nothing.

    number: from 1; a hint comes only after the one before it, and who asks for a later one is
    shown none and pays for none. Practice keeps to itself what a class asks, for there hints cost.
    Raises: NotFound, AttemptClosed, NotAllowed.  Locks: Attempt.
    """
    attempt = attempt_lock(attempt_id, student)
    policies.check_takes_answers(attempt, now=now)
    response = _response(attempt, position)
    if number <= response.hints_taken:
        return response
    policies.check_can_take_hint(attempt, response)
    if number != response.hints_taken + 1:
        raise NotFound(_("There is no such hint yet."))
    if attempt.assignment_id is None:
        withheld = selectors.questions_withheld(student, attempt.quiz.course, now)
        policies.check_is_not_withheld(is_withheld=response.question_id in withheld)
    response.hints_taken += 1
    response.save(update_fields=["hints_taken"])
    return response


@transaction.atomic
def response_check(
    *,
    attempt_id: UUID,
    student: User,
    position: int,
    raw: Mapping[str, Any] | None = None,
    now: datetime,
) -> Response:
    """Grade one item of a practice and open its feedback; from then on its answer stands.

    raw: the answer as the page holds it; None takes what was saved.  Checking again is harmless.
    Raises: NotFound, AttemptClosed, NotAllowed, BadAnswer.  Locks: Attempt.
    """
    attempt = attempt_lock(attempt_id, student)
    policies.check_takes_answers(attempt, now=now)
    policies.check_can_look(attempt)
    response = _response(attempt, position)
    withheld = selectors.questions_withheld(student, attempt.quiz.course, now)
    policies.check_is_not_withheld(is_withheld=response.question_id in withheld)
    if response.is_checked:
        return response
    if raw is not None:
        response.answer = read_answer(response, raw)
        response.saved_at = now
    policies.check_is_answered(response)
    response_grade(response, corrections_for([response], None).get(response.question_id))
    response.is_checked = True
    response.save()
    return response


def _response(attempt: Attempt, position: int) -> Response:
    response = attempt.responses.select_related("version").filter(position=position).first()
    if response is None:
        raise NotFound(_("The attempt has no such item."))
    return response
