"""An attempt's whole life in any order that people and clocks may choose."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.core.errors import DomainError
from apps.grades import ledger
from apps.grades.models import CurrentGrade, GradeEvent
from apps.quizzes import services
from apps.quizzes.enums import AttemptState, CorrectionKind
from apps.quizzes.models import Assignment, Attempt, Question, Response
from apps.quizzes.timing import GRACE
from tests.factories import NOW
from tests.quizzes.factories import (
    assignment_create,
    question_create,
    quiz_create,
    right_answer,
)

pytestmark = pytest.mark.django_db

LIMIT = timedelta(minutes=10)


class Life(RuleBasedStateMachine):
    """One student, one choice and one essay, two attempts of ten minutes each."""

    assignment: Assignment
    questions: list[Question]
    student: User
    instructor: User

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.now = NOW
        self.sequence = 0
        # {(attempt, position): answer} as acknowledged; the ledger as it was.
        self.acknowledged: dict[tuple[int, int], dict[str, Any]] = {}
        self.ledger: list[tuple[Any, ...]] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    # What there is

    def attempts(self) -> list[Attempt]:
        return list(Attempt.objects.filter(assignment=self.assignment).order_by("number"))

    def newest(self) -> Attempt | None:
        return next(reversed(self.attempts()), None)

    def is_running(self, attempt: Attempt) -> bool:
        assert attempt.closes_at is not None
        return attempt.state == AttemptState.OPEN and self.now <= attempt.closes_at + GRACE

    # What may happen

    @rule(seconds=st.sampled_from([1, 30, 300, 599, 611, 4000]))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def start(self) -> None:
        before = len(self.attempts())
        running = [attempt for attempt in self.attempts() if self.is_running(attempt)]
        try:
            attempt = services.assignment_start(
                assignment=self.assignment, student=self.student, now=self.now
            )
        except DomainError:
            assert before == 2
            assert not running
            return
        if running:
            assert attempt == running[0]
        else:
            assert attempt.number == before + 1

    @precondition(lambda self: self.newest())
    @rule(position=st.integers(1, 2), is_right=st.booleans(), is_late=st.booleans())
    def save(self, position: int, is_right: bool, is_late: bool) -> None:
        attempt = self.newest()
        assert attempt is not None
        response = Response.objects.select_related("version").get(
            attempt=attempt, position=position
        )
        raw = right_answer(response) if is_right else {}
        self.sequence += 1
        sequence = 0 if is_late else self.sequence
        was_running = self.is_running(attempt)
        before = response.answer
        try:
            services.answers_save(
                attempt_id=attempt.public_id,
                student=self.student,
                saves={position: services.Save(raw=raw, sequence=sequence)},
                now=self.now,
            )
        except DomainError:
            assert not was_running
            return
        assert was_running
        response.refresh_from_db()
        if is_late:
            assert response.answer == before  # an older save changes nothing
        self.acknowledged[attempt.pk, position] = response.answer

    @precondition(lambda self: self.newest())
    @rule()
    def submit(self) -> None:
        attempt = self.newest()
        assert attempt is not None
        first = services.attempt_submit(
            attempt_id=attempt.public_id, student=self.student, now=self.now
        )
        again = services.attempt_submit(
            attempt_id=attempt.public_id, student=self.student, now=self.now + LIMIT
        )
        assert (again.submitted_at, again.points) == (first.submitted_at, first.points)

    @rule()
    def worker(self) -> None:
        services.attempts_close_due(now=self.now)

    @precondition(lambda self: self.newest())
    @rule(credit=st.sampled_from(["0", "0.5", "1"]))
    def mark(self, credit: str) -> None:
        waiting = Response.objects.filter(
            attempt__assignment=self.assignment, needs_marking=True
        ).first()
        if waiting is None:
            return
        services.response_mark(
            response=waiting,
            marks={"claim": credit, "evidence": credit},
            ratio=None,
            comment="",
            expected_marked_at=waiting.marked_at,
            marker=self.instructor,
            now=self.now,
        )

    @rule(place=st.integers(0, 1), kind=st.sampled_from([CorrectionKind.FULL, CorrectionKind.VOID]))
    def correct(self, place: int, kind: CorrectionKind) -> None:
        services.correction_make(
            question=self.questions[place],
            kind=kind,
            version=None,
            assignment=self.assignment,
            reason="A correction.",
            actor=self.instructor,
            now=self.now,
        )

    # What must always hold

    @invariant()
    def no_acknowledged_answer_is_lost(self) -> None:
        for (attempt, position), answer in self.acknowledged.items():
            assert Response.objects.get(attempt=attempt, position=position).answer == answer

    @invariant()
    def one_is_open_at_most_and_two_are_all(self) -> None:
        attempts = self.attempts()
        assert len(attempts) <= 2
        assert sum(attempt.state == AttemptState.OPEN for attempt in attempts) <= 1
        for attempt in attempts:
            assert (attempt.submitted_at is None) == (attempt.state == AttemptState.OPEN)
            if attempt.submitted_at is not None:
                assert attempt.closes_at is not None
                assert attempt.submitted_at <= attempt.closes_at + GRACE

    @invariant()
    def points_are_the_sum_of_the_items(self) -> None:
        for attempt in self.attempts():
            rows = list(attempt.responses.all())
            if attempt.state == AttemptState.GRADED:
                assert not any(row.needs_marking for row in rows)
                counted = [row for row in rows if not row.is_void]
                assert attempt.points == sum((row.points or 0) for row in counted)
                assert attempt.max_points == sum(row.max_points for row in counted)
            elif attempt.state == AttemptState.SUBMITTED:
                assert any(row.needs_marking for row in rows)

    @invariant()
    def gradebook_is_what_the_ledger_says_and_nothing_is_rewritten(self) -> None:
        item = self.assignment.grade_item_id
        rows: list[tuple[Any, ...]] = list(
            GradeEvent.objects.filter(item=item, student=self.student)
            .order_by("pk")
            .values_list("pk", "kind", "points", "reason")
        )
        assert rows[: len(self.ledger)] == self.ledger
        self.ledger = rows
        grade = CurrentGrade.objects.filter(item=item, student=self.student).first()
        if grade is not None:
            standing = ledger.fold((kind, points) for _pk, kind, points, _reason in rows)
            assert standing.points == grade.points
        graded = [each for each in self.attempts() if each.state == AttemptState.GRADED]
        shares = [
            attempt.points / attempt.max_points
            for attempt in graded
            if attempt.points is not None and attempt.max_points
        ]
        waiting = [each for each in self.attempts() if each.state == AttemptState.SUBMITTED]
        if shares and not waiting:
            assert grade is not None
            best = max(shares) * self.assignment.max_points
            assert abs((grade.points or 0) - best) <= 0.01


@pytest.mark.hypothesis
def test_attempt_holds_its_promises_in_any_order(
    classroom: Classroom, instructor: User, student: User
) -> None:
    class Bound(Life):
        pass

    Bound.questions = [
        question_create(classroom.course, kind) for kind in ("single_choice", "essay")
    ]
    Bound.assignment = assignment_create(
        classroom,
        instructor,
        quiz_create(classroom.course, *Bound.questions),
        time_limit_seconds=int(LIMIT.total_seconds()),
        attempt_limit=2,
        max_points=100,
    )
    Bound.student, Bound.instructor = student, instructor
    run_state_machine_as_test(
        Bound, settings=settings(max_examples=settings().max_examples // 5, stateful_step_count=15)
    )
