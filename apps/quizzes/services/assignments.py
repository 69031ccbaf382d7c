"""Giving a quiz to a class, and changing what was given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.classrooms import policies as class_policies
from apps.classrooms.models import Classroom
from apps.content.services.courses import row_assign
from apps.core import services as core
from apps.grades import services as grades
from apps.grades.enums import GradeEventKind
from apps.quizzes import selectors
from apps.quizzes.drafts import Fault
from apps.quizzes.enums import AttemptState, Disclosure
from apps.quizzes.errors import EditConflict, InUse, InvalidDraft
from apps.quizzes.models import Assignment, Attempt, Quiz
from apps.quizzes.services.closing import grades_write
from apps.quizzes.services.following import attempts_follow, attempts_lock

if TYPE_CHECKING:
    from apps.accounts.models import User

FIELDS = (
    *("title", "instructions", "opens_at", "due_at", "closes_at", "time_limit_seconds"),
    *("attempt_limit", "grading", "max_points", "late_penalty_ratio", "layout", "shuffle_items"),
    *("has_hints", "has_confidence", "is_marked_anonymously", "may_contest"),
    *("score_when", "correctness_when", "feedback_when", "key_when"),
    *("score_at", "correctness_at", "feedback_at", "key_at"),
)
# What changes the grades that were given.
_GRADING = ("grading", "max_points", "late_penalty_ratio")
# What moves the end of an attempt, or says whether it was late.
_DATES = ("due_at", "closes_at", "time_limit_seconds")


@transaction.atomic
def assignment_create(
    *,
    classroom: Classroom,
    quiz: Quiz,
    fields: Mapping[str, Any],
    actor: User,
    now: datetime,
) -> Assignment:
    """Give a quiz of the class's course to the class; students see it once it is published.

    fields: of FIELDS; what is missing keeps its default, the layout and order the quiz's.
    Raises: InvalidDraft.
    """
    class_policies.check_is_running(classroom)
    if quiz.course_id != classroom.course_id:
        raise InvalidDraft([Fault("quiz", _("This quiz belongs to another course."))])
    assignment = Assignment(classroom=classroom, quiz=quiz, revision=0)
    defaults = {
        "title": quiz.title,
        "layout": quiz.layout,
        "shuffle_items": quiz.shuffle_items,
    }
    _write(assignment, {**defaults, **fields}, actor, now)
    return assignment


@transaction.atomic
def assignment_save(
    *,
    assignment: Assignment,
    fields: Mapping[str, Any],
    expected_revision: int,
    actor: User,
    now: datetime,
) -> Assignment:
    """Change what was given. Grades follow new points and a new due date, and who has begun may
    get a later end, never a sooner one.

    Raises: EditConflict, InvalidDraft.  Locks: Assignment, Attempt, Enrolment.
    """
    locked = _lock(assignment, no_key=True)
    class_policies.check_is_running(locked.classroom)
    if locked.revision != expected_revision:
        raise EditConflict(_("Someone saved this quiz while you were editing it."))
    before, dates = _values(locked, _GRADING), _values(locked, _DATES)
    ruling = (*_GRADING, *_DATES)
    if any(name in fields and fields[name] != getattr(locked, name) for name in ruling):
        # Whoever is handing in is waited for, or sees the new rules; before enrolments are taken.
        attempts_lock({locked: None})
    _write(locked, fields, actor, now)
    if dates != _values(locked, _DATES):
        reason = _("The dates of the quiz were changed.")
        attempts_follow({locked: None}, actor=actor, now=now, reason=reason)
    if before != _values(locked, _GRADING):
        students = Attempt.objects.filter(assignment=locked).exclude(state=AttemptState.OPEN)
        grades_write(
            locked,
            sorted(set(students.values_list("student_id", flat=True))),
            actor=actor,
            now=now,
            kind=GradeEventKind.REGRADE,
            reason=_("The rules of the quiz were changed."),
        )
    return locked


@transaction.atomic
def assignment_publish(*, assignment: Assignment, actor: User, now: datetime) -> None:
    """Let the students of the class see it.  Locks: Assignment."""
    locked = _lock(assignment)
    class_policies.check_is_running(locked.classroom)
    if locked.published_at is None:
        locked.published_at = now
        locked.revision += 1
        locked.save()
        _event(locked, "assignment.published", actor, now)


@transaction.atomic
def assignment_withdraw(*, assignment: Assignment, actor: User, now: datetime) -> None:
    """Hide it from students again.  Raises: InUse when somebody has begun.  Locks: Assignment."""
    locked = _lock(assignment)
    if locked.attempts.exists():
        raise InUse(_("Students have begun this quiz; close it by its dates instead."))
    locked.published_at = None
    locked.revision += 1
    locked.save()
    _event(locked, "assignment.withdrawn", actor, now, is_gone=True)


@transaction.atomic
def assignment_delete(*, assignment: Assignment, actor: User, now: datetime) -> None:
    """Take back a quiz that nobody has begun.  Raises: InUse.  Locks: Assignment."""
    locked = _lock(assignment)
    if locked.attempts.exists():
        raise InUse(_("Students have begun this quiz, so it stays."))
    _event(locked, "assignment.deleted", actor, now, is_tombstone=True, is_gone=True)
    item = locked.grade_item
    locked.delete()
    if item is not None:
        grades.item_delete(item=item, actor=actor, now=now)


def scores_release_due(*, now: datetime) -> int:
    """Release each grade item whose scores were set to be shown by now, once; the worker calls it.

    An instructor who holds the item afterwards is not overruled.  Returns: how many.
    """
    waiting = Assignment.objects.filter(is_score_released=False, published_at__isnull=False).filter(
        Q(score_when=Disclosure.CLOSED, closes_at__lt=now)
        | Q(score_when=Disclosure.MOMENT, score_at__lte=now)
    )
    released = 0
    for pk in list(waiting.values_list("pk", flat=True)):
        with transaction.atomic():
            locked = _lock_by(pk, no_key=True)
            closing = selectors.closing_of(locked)
            if locked.is_score_released or locked.grade_item is None:
                continue
            if locked.score_when == Disclosure.CLOSED and (closing is None or closing >= now):
                continue
            grades.item_release(item=locked.grade_item, actor=None, now=now)
            Assignment.objects.filter(pk=pk).update(is_score_released=True)
        released += 1
    return released


def _values(assignment: Assignment, names: Iterable[str]) -> list[Any]:
    return [getattr(assignment, name) for name in names]


def _write(assignment: Assignment, fields: Mapping[str, Any], actor: User, now: datetime) -> None:
    row_assign(assignment, fields, FIELDS)
    faults = _faults(assignment)
    if faults:
        raise InvalidDraft(faults)
    assignment.revision += 1
    is_new = assignment.pk is None
    assignment.save()
    item = grades.item_ensure(
        classroom=assignment.classroom,
        source_kind="quiz",
        source_id=assignment.public_id,
        source_path=selectors.assignment_path(assignment),
        title=assignment.title,
        max_points=assignment.max_points,
        actor=actor,
        now=now,
    )
    if is_new:
        assignment.grade_item = item
        assignment.is_score_released = assignment.score_when == Disclosure.SUBMITTED
        assignment.save(update_fields=["grade_item", "is_score_released"])
        if assignment.is_score_released:
            grades.item_release(item=item, actor=actor, now=now)
    _event(assignment, "assignment.saved", actor, now)


def _faults(assignment: Assignment) -> list[Fault]:
    try:
        assignment.full_clean(exclude=["grade_item"], validate_constraints=False)
    except ValidationError as error:
        return [Fault(name, " ".join(messages)) for name, messages in error.message_dict.items()]
    faults = []
    opens, due, closes = assignment.opens_at, assignment.due_at, assignment.closes_at
    if opens and closes and closes <= opens:
        faults.append(Fault("closes_at", _("It closes before it opens.")))
    if opens and due and due <= opens:
        faults.append(Fault("due_at", _("It is due before it opens.")))
    if due and closes and closes < due:
        faults.append(Fault("closes_at", _("It closes before it is due.")))
    for name in ("score", "correctness", "feedback", "key"):
        when, at = getattr(assignment, f"{name}_when"), getattr(assignment, f"{name}_at")
        if when == Disclosure.MOMENT and at is None:
            faults.append(Fault(f"{name}_at", _("Say when.")))
        if when == Disclosure.CLOSED and closes is None:
            faults.append(
                Fault(f"{name}_when", _("The quiz never closes; set a closing date, or a time."))
            )
    return faults


def _lock(assignment: Assignment, *, no_key: bool = False) -> Assignment:
    """no_key: for who takes enrolments next. A student who begins holds theirs, and writes a row
    that refers to this one: it must not wait for it. Who looks whether anybody has begun waits.
    """
    return _lock_by(assignment.pk, no_key=no_key)


def _lock_by(pk: int, *, no_key: bool = False) -> Assignment:
    rows = Assignment.objects.select_for_update(of=("self",), no_key=no_key).select_related(
        "classroom__school", "classroom__course", "quiz", "grade_item"
    )
    return rows.get(pk=pk)


def _event(
    assignment: Assignment,
    kind: str,
    actor: User,
    now: datetime,
    *,
    is_tombstone: bool = False,
    is_gone: bool = False,
) -> None:
    """is_gone: from a list that somebody keeps a copy of; one withdrawn, from its students'."""
    core.event_append(
        kind=kind,
        subject_id=assignment.public_id,
        school_id=assignment.classroom.school.public_id,
        actor_id=actor.public_id,
        now=now,
        is_tombstone=is_tombstone,
        within_id=assignment.classroom.public_id if is_gone else None,
    )
