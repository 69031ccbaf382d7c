"""The life of an attempt: started, saved many times, closed once.

Locks are always taken in this order: Enrolment (starting), or Attempt and then Enrolment
(closing, when the ledger is written). An answer is acknowledged only after its transaction.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from apps.classrooms import policies as class_policies
from apps.classrooms.models import Enrolment
from apps.classrooms.selectors import accommodation_for
from apps.core.errors import NotFound
from apps.quizzes import policies, selectors
from apps.quizzes.enums import AttemptState, ClosedBy
from apps.quizzes.errors import BadAnswer, CannotStart
from apps.quizzes.grading import cents
from apps.quizzes.models import Assignment, Attempt, Question, Quiz, QuizItem, Response
from apps.quizzes.services.bank import event_of
from apps.quizzes.services.closing import attempt_close
from apps.quizzes.timing import is_over
from apps.quizzes.types import TYPES
from apps.quizzes.types.contract import BadResponse, Labels

if TYPE_CHECKING:
    from apps.accounts.models import User

_shuffler = random.SystemRandom()


@dataclass(frozen=True, slots=True, kw_only=True)
class Save:
    """What a page sends for one item.

    raw: the answer in labels; None leaves it as it is.  sequence: counts this page's changes, so
    that a save which arrives late cannot undo a newer one.  seconds: spent since the last save.
    """

    raw: Mapping[str, Any] | None = None
    sequence: int = 0
    seconds: int = 0
    confidence: int | None = None
    is_flagged: bool | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """sequences: {position: the newest sequence stored}, the acknowledgement.

    closes_at: when the time is up, so that a page can set its clock by ours.
    """

    sequences: dict[int, int]
    closes_at: datetime | None
    saved_at: datetime


def assignment_start(*, assignment: Assignment, student: User, now: datetime) -> Attempt:
    """Begin the student's next attempt, or return the one that is open.

    However many starts come at once, one attempt opens and the limit holds.
    Raises: CannotStart, NotFound.  Locks: Enrolment.
    """
    with transaction.atomic():
        enrolment = (
            Enrolment.objects.students()
            .select_for_update(of=("self",))
            .filter(classroom_id=assignment.classroom_id, user=student)
            .first()
        )
        if enrolment is None or assignment.published_at is None:
            raise NotFound(_("There is no such quiz in your class."))
        class_policies.check_is_running(assignment.classroom)
        mine = Attempt.objects.filter(assignment=assignment, student=student)
        attempt = _open_attempt(mine, now)
        if attempt is not None:
            return attempt
        granted = accommodation_for(assignment.classroom, student, assignment.public_id)
        window = selectors.window_of(assignment, granted)
        last = mine.aggregate(last=Max("number"))["last"] or 0
        policies.check_can_start(window, attempts_used=last, now=now)
        attempt = Attempt(
            student=student,
            quiz_id=assignment.quiz_id,
            assignment=assignment,
            number=last + 1,
            started_at=now,
            closes_at=window.attempt_end(now),
        )
        _write(attempt, shuffle=assignment.shuffle_items)
    return attempt


def practice_start(*, quiz: Quiz, student: User, now: datetime) -> Attempt:
    """Begin a new practice of a quiz, or return the one that is open.  Raises: CannotStart."""
    if not quiz.is_practice:
        raise CannotStart(_("This quiz is not open for practice."), code="no_practice")
    mine = Attempt.objects.filter(quiz=quiz, student=student, assignment__isnull=True)
    try:
        with transaction.atomic():
            attempt = _open_attempt(mine, now)
            if attempt is None:
                last = mine.aggregate(last=Max("number"))["last"] or 0
                attempt = Attempt(student=student, quiz=quiz, number=last + 1, started_at=now)
                _write(attempt, shuffle=quiz.shuffle_items)
    except IntegrityError:
        # The other of two starts at once won: the constraint on open practice says so.
        return mine.get(state=AttemptState.OPEN)
    return attempt


@transaction.atomic
def answers_save(
    *, attempt_id: UUID, student: User, saves: Mapping[int, Save], now: datetime
) -> Saved:
    """Store what changed on a page, all of it or nothing; once this returns, it is kept.

    saves: {position: Save}.
    Raises: NotFound; AttemptClosed; BadAnswer with the path "3.choice".
    Locks: Attempt.  Queries: 3, however many items.
    """
    attempt = attempt_lock(attempt_id, student)
    policies.check_takes_answers(attempt, now=now)
    sequences = _store(attempt, saves, now)
    return Saved(sequences, attempt.closes_at, now)


@transaction.atomic
def attempt_submit(
    *,
    attempt_id: UUID,
    student: User,
    saves: Mapping[int, Save] | None = None,
    now: datetime,
) -> Attempt:
    """Close and grade an attempt exactly once; a repeated call returns the first result.

    saves: what the page still holds. After the end and its grace they count for nothing, and the
    attempt closes as of its end with what was saved.
    Raises: NotFound, BadAnswer.  Locks: Attempt, Enrolment.
    """
    attempt = attempt_lock(attempt_id, student)
    if attempt.state != AttemptState.OPEN:
        return attempt
    if is_over(attempt.closes_at, now):
        return attempt_close(attempt, closed_by=ClosedBy.DEADLINE, at=attempt.closes_at or now)
    if saves:
        _store(attempt, saves, now)
    return attempt_close(attempt, closed_by=ClosedBy.STUDENT, at=now)


def attempt_lock(attempt_id: UUID, student: User) -> Attempt:
    """The student's attempt as it is now, ours until the transaction ends.  Raises: NotFound."""
    rows = Attempt.objects.select_for_update(of=("self",)).select_related(
        "assignment__classroom__school", "quiz__course__school"
    )
    attempt = rows.filter(public_id=attempt_id, student=student).first()
    if attempt is None:
        raise NotFound(_("There is no such attempt."))
    attempt.student = student
    return attempt


def _open_attempt(mine: Any, now: datetime) -> Attempt | None:
    """The open attempt, unless its time is over: then it is closed, and there is none."""
    attempt: Attempt | None = (
        mine.select_for_update(of=("self",))
        .select_related("assignment__classroom__school", "quiz__course__school", "student")
        .filter(state=AttemptState.OPEN)
        .first()
    )
    if attempt is not None and is_over(attempt.closes_at, now):
        attempt_close(attempt, closed_by=ClosedBy.DEADLINE, at=attempt.closes_at or now)
        return None
    return attempt


def _write(attempt: Attempt, *, shuffle: bool) -> None:
    """Choose the items, and store the attempt with all of them."""
    quiz = Quiz.objects.select_related("course__school").get(pk=attempt.quiz_id)
    asked = _items(quiz)
    if not asked:
        raise CannotStart(_("This quiz has no questions."), code="empty")
    if shuffle:
        _shuffler.shuffle(asked)
    attempt.max_points = cents(sum((points for _question, points in asked), cents(0 * asked[0][1])))
    attempt.save()
    Response.objects.bulk_create(
        Response(
            attempt=attempt,
            position=position,
            question=question,
            version_id=question.current_version_id,
            seed=secrets.token_hex(16),
            max_points=points,
        )
        for position, (question, points) in enumerate(asked, start=1)
    )
    event_of(quiz.course, "attempt.started", attempt, attempt.student, attempt.started_at)


def _items(quiz: Quiz) -> list[tuple[Question, Any]]:
    """The questions of a new attempt with their points: the named ones, and what is drawn.

    A draw takes no question that the attempt has already; where the bank holds too few, it takes
    all there are.
    """
    items: Sequence[QuizItem] = list(quiz.items.select_related("question").order_by("position"))
    candidates = selectors.draw_candidates(items, quiz.course)
    taken = {item.question_id for item in items if item.question_id}
    drawn: dict[int, list[int]] = {}
    for item in items:
        if item.question_id is None:
            free = [pk for pk in candidates[item.pk] if pk not in taken]
            drawn[item.pk] = _shuffler.sample(free, min(item.draw_count or 0, len(free)))
            taken.update(drawn[item.pk])
    rows = Question.objects.in_bulk([pk for pks in drawn.values() for pk in pks])
    asked = []
    for item in items:
        if item.question is None:
            asked += [(rows[pk], item.points) for pk in drawn[item.pk]]
        elif item.question.retired_at is None:
            asked.append((item.question, item.points))
    return asked


def _store(attempt: Attempt, saves: Mapping[int, Save], now: datetime) -> dict[int, int]:
    rows = {
        row.position: row
        for row in attempt.responses.select_related("version").defer(
            "version__html", "version__stem", "version__explanation"
        )
    }
    changed = []
    for position, save in saves.items():
        response = rows.get(position)
        if response is None:
            raise BadAnswer(_("The attempt has no such item."), path=str(position))
        if save.sequence <= response.sequence or response.is_checked:
            continue
        if save.raw is not None:
            response.answer = read_answer(response, save.raw)
        response.sequence = save.sequence
        response.seconds += max(0, min(save.seconds, 24 * 3600))
        response.saved_at = now
        if save.confidence is not None:
            response.confidence = save.confidence or None
        if save.is_flagged is not None:
            response.is_flagged = save.is_flagged
        changed.append(response)
    if changed:
        Response.objects.bulk_update(
            changed, ["answer", "sequence", "seconds", "saved_at", "confidence", "is_flagged"]
        )
    return {position: rows[position].sequence for position in saves}


def read_answer(response: Response, raw: Mapping[str, Any]) -> dict[str, Any]:
    """A raw answer in its stored form.  Raises: BadAnswer."""
    version = response.version
    try:
        return TYPES[version.kind].parse(version.spec, raw, Labels(response.seed))
    except BadResponse as error:
        raise BadAnswer(error.message, path=f"{response.position}.{error.path}") from error
