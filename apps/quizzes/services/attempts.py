"""The life of an attempt: started, saved many times, closed once.

Locks are always taken in this order: Attempt, then Enrolment (closing, when the ledger is
written); who holds an Enrolment (starting) asks for no Attempt. An answer is acknowledged only
after its transaction.
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
from apps.quizzes.enums import AttemptState, ClosedBy, Confidence
from apps.quizzes.errors import BadAnswer, CannotStart
from apps.quizzes.grading import cents
from apps.quizzes.models import Assignment, Attempt, Question, Quiz, QuizItem, Response
from apps.quizzes.services.closing import attempt_close, attempt_expire, attempt_tell
from apps.quizzes.services.storing import rows_update
from apps.quizzes.timing import is_over
from apps.quizzes.types import TYPES
from apps.quizzes.types.contract import BadResponse, Labels

if TYPE_CHECKING:
    from apps.accounts.models import User

_shuffler = random.SystemRandom()
_CONFIDENCES = frozenset({None, 0, *Confidence.values})
_SAVED = ("answer", "sequence", "seconds", "saved_at", "confidence", "is_flagged")


@dataclass(frozen=True, slots=True, kw_only=True)
class Save:
    """What a page sends for one item.

    raw: the answer in labels; None leaves it as it is.  sequence: counts the changes of an item,
    so that a save which arrives late cannot undo a newer one.  seconds: spent since the last save.
    confidence: of enums.Confidence, 0 takes it back.  None in any leaves it as it is.
    """

    raw: Mapping[str, Any] | None = None
    sequence: int = 0
    seconds: int = 0
    confidence: int | None = None
    is_flagged: bool | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """sequences: {position: the newest sequence stored}: the acknowledgement of those that are
    what was sent. A greater one means that another page's newer answer stands; a smaller one that
    the item takes no more answers.

    closes_at: when the time is up, so that a page can set its clock by ours.
    """

    sequences: dict[int, int]
    closes_at: datetime | None
    saved_at: datetime


def assignment_start(*, assignment: Assignment, student: User, now: datetime) -> Attempt:
    """Begin the student's next attempt, or return the one that is open.

    However many starts come at once, one attempt opens and the limit holds.
    Raises: CannotStart, ClassroomArchived, NotFound.  Locks: Enrolment.
    """
    mine = Attempt.objects.filter(assignment=assignment, student=student)
    # Before the enrolment is ours: closing takes its locks the other way round.
    for attempt_id in mine.open().values_list("public_id", flat=True):
        attempt_close_over(attempt_id=attempt_id, student=student, now=now)
    with transaction.atomic():
        enrolment = (
            Enrolment.objects.students()
            .select_for_update(of=("self",), no_key=True)
            .filter(classroom_id=assignment.classroom_id, user=student)
            .first()
        )
        if enrolment is None or assignment.published_at is None:
            raise NotFound(_("There is no such quiz in your class."))
        class_policies.check_is_running(assignment.classroom)
        opened: Attempt | None = mine.open().first()
        if opened is not None:
            return opened
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
    """Begin a new practice of a quiz, or return the one that is open.

    Raises: CannotStart; NotAllowed while a quiz of the student's class withholds what it asks.
    """
    if not quiz.is_practice:
        raise CannotStart(_("This quiz is not open for practice."), code="no_practice")
    policies.check_is_not_withheld(is_withheld=selectors.is_withheld(quiz, student, now))
    mine = Attempt.objects.filter(quiz=quiz, student=student, assignment__isnull=True)
    attempt: Attempt | None = mine.open().first()
    if attempt is not None:
        return attempt
    last = mine.aggregate(last=Max("number"))["last"] or 0
    attempt = Attempt(student=student, quiz=quiz, number=last + 1, started_at=now)
    try:
        with transaction.atomic():
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
    Locks: Attempt.  Queries: 3, however many items; 1 for none.
    """
    rows = Attempt.objects.select_for_update().filter(public_id=attempt_id, student=student)
    attempt: Attempt | None = rows.first()
    if attempt is None:
        raise NotFound(_("There is no such attempt."))
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
        return attempt_expire(attempt, now=now)
    if saves:
        _store(attempt, saves, now)
    return attempt_close(attempt, closed_by=ClosedBy.STUDENT, at=now, now=now)


@transaction.atomic
def attempt_close_over(*, attempt_id: UUID, student: User, now: datetime) -> Attempt:
    """The attempt as it stands `now`: closed as of its end when its time is over.

    Raises: NotFound.  Locks: Attempt, Enrolment.
    """
    attempt = attempt_lock(attempt_id, student)
    if attempt.state == AttemptState.OPEN and is_over(attempt.closes_at, now):
        attempt_expire(attempt, now=now)
    return attempt


def attempt_lock(attempt_id: UUID, student: User) -> Attempt:
    """The student's attempt as it is now, ours until the transaction ends.  Raises: NotFound."""
    attempt = (
        selectors.attempts_to_close()
        .select_for_update(of=("self",))
        .filter(public_id=attempt_id, student=student)
        .first()
    )
    if attempt is None:
        raise NotFound(_("There is no such attempt."))
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
            version_id=question.current_version_id or 0,  # never 0: every question has one
            seed=secrets.token_hex(16),
            max_points=points,
        )
        for position, (question, points) in enumerate(asked, start=1)
    )
    attempt_tell(attempt, "attempt.started", actor=attempt.student, now=attempt.started_at)


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
    if not saves:
        return {}
    rows = {
        row.position: row
        for row in attempt.responses.filter(position__in=saves)
        .select_related("version")
        .only(
            *_SAVED,
            *("attempt_id", "position", "seed", "is_checked"),
            *("version__kind", "version__spec"),
        )
    }
    elapsed = max(0, int((now - attempt.started_at).total_seconds()))
    changed = []
    for position, save in saves.items():
        response = rows.get(position)
        if response is None:
            raise BadAnswer(_("The attempt has no such item."), path=str(position))
        if save.sequence <= response.sequence or response.is_checked:
            continue
        _change(response, save, now, elapsed)
        changed.append(response)
    if len(changed) == 1:  # what a page sends most often: a plain UPDATE takes half the time
        changed[0].save(update_fields=_SAVED)
    elif changed:
        rows_update(changed, _SAVED)
    return {position: rows[position].sequence for position in saves}


def _change(response: Response, save: Save, now: datetime, elapsed: int) -> None:
    if save.confidence not in _CONFIDENCES:
        raise BadAnswer(_("There is no such answer."), path=f"{response.position}.confidence")
    if save.raw is not None:
        response.answer = read_answer(response, save.raw)
    response.sequence = save.sequence
    # Nobody spends longer on an item than the attempt has been open.
    response.seconds = min(response.seconds + max(0, save.seconds), elapsed)
    response.saved_at = now
    if save.confidence is not None:
        response.confidence = save.confidence or None
    if save.is_flagged is not None:
        response.is_flagged = save.is_flagged


def read_answer(response: Response, raw: Mapping[str, Any]) -> dict[str, Any]:
    """A raw answer in its stored form.  Raises: BadAnswer."""
    version = response.version
    try:
        return TYPES[version.kind].parse(version.spec, raw, Labels(response.seed))
    except BadResponse as error:
        raise BadAnswer(error.message, path=f"{response.position}.{error.path}") from error
