"""Marks and decisions: all or none, each with its reason, and the grade is what the ledger says."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.core.errors import DomainError
from apps.grades import ledger, selectors, services
from apps.grades.enums import GradeEventKind
from apps.grades.errors import GradesChanged, NotApplicable, ReasonRequired, SheetRefused
from apps.grades.models import CurrentGrade, GradeEvent, GradeItem
from tests.factories import NOW
from tests.grades.factories import manual_create, score, source_create

pytestmark = pytest.mark.django_db


def test_marks_are_all_saved_or_none(
    classroom: Classroom, instructor: User, student: User, classmate: User
) -> None:
    item = manual_create(classroom, actor=instructor)
    first = {student.pk: services.Mark(Decimal(7)), classmate.pk: services.Mark(Decimal(8))}
    services.marks_save(item=item, marks=first, actor=instructor, now=NOW)
    stale = {
        student.pk: services.Mark(Decimal(1), version=1),
        classmate.pk: services.Mark(Decimal(1), version=0),
    }
    with pytest.raises(GradesChanged) as error:
        services.marks_save(item=item, marks=stale, actor=instructor, now=NOW)
    assert error.value.students == [classmate.pk]
    grades = CurrentGrade.objects.filter(item=item).order_by("points")
    assert [grade.points for grade in grades] == [7, 8]


def test_decision_needs_a_reason_and_something_to_decide(
    classroom: Classroom, instructor: User, student: User
) -> None:
    item = source_create(classroom)
    score(item, student, "5")
    mine: dict[str, Any] = {"item": item, "student": student, "actor": instructor, "now": NOW}
    with pytest.raises(ReasonRequired):
        services.grade_override(**mine, points=Decimal(9), reason=" ")
    services.grade_override(**mine, points=Decimal(9), reason="A late bus.")
    with pytest.raises(NotApplicable):
        services.grade_excuse_end(**mine, reason="Nothing to end.")
    grade = CurrentGrade.objects.get(item=item, student=student)
    assert (grade.points, grade.source_points) == (Decimal(9), Decimal(5))
    score(item, student, "6")
    grade.refresh_from_db()
    assert (grade.points, grade.source_points) == (Decimal(9), Decimal(6))
    services.grade_override_end(**mine, reason="The bus was on time.")
    grade.refresh_from_db()
    assert (grade.points, grade.is_overridden) == (Decimal(6), False)


def test_import_does_what_its_preview_showed_or_nothing(
    classroom: Classroom, instructor: User, student: User, classmate: User
) -> None:
    item = manual_create(classroom, actor=instructor, title="Essay")
    text = f"E-mail,Essay,Nonsense\n{student.email},7.5,x\n"
    with_fault = selectors.marks_plan(classroom, text)
    assert with_fault.problems  # a cell that is no number, wherever it stands
    text = f"E-mail,Essay,Nonsense\n{student.email},7.5,\n{classmate.email},,\n"
    plan = selectors.marks_plan(classroom, text)
    assert ([change.after for change in plan.changes], plan.ignored) == (
        [Decimal("7.5")],
        ["Nonsense"],
    )
    services.marks_save(
        item=item, marks={student.pk: services.Mark(Decimal(1))}, actor=instructor, now=NOW
    )
    with pytest.raises(GradesChanged):
        services.marks_import(
            classroom=classroom, text=text, token=plan.token, actor=instructor, now=NOW
        )
    token = selectors.marks_plan(classroom, text).token
    services.marks_import(classroom=classroom, text=text, token=token, actor=instructor, now=NOW)
    assert CurrentGrade.objects.get(item=item, student=student).points == Decimal("7.5")
    strangers = f"E-mail,Essay\n{instructor.email},7\n{student.email},11\n"
    assert [line for line, _words in selectors.marks_plan(classroom, strangers).problems] == [2, 3]
    with pytest.raises(SheetRefused):
        services.marks_import(
            classroom=classroom, text=strangers, token="", actor=instructor, now=NOW
        )


def test_list_that_could_mean_two_things_is_refused(
    classroom: Classroom, instructor: User, student: User, classmate: User
) -> None:
    manual_create(classroom, actor=instructor, title="Essay")
    rows = {row.user: row for row in classroom.enrolments.filter(user__in=[student, classmate])}
    for person, sis_id in ((student, "s-1"), (classmate, "c-1")):
        rows[person].sis_id = sis_id
        rows[person].save()
    for text in (
        f"E-mail,ID,Essay\n{student.email},,7\n,s-1,8\n",  # one student twice
        f"E-mail,ID,Essay\n{student.email},c-1,7\n",  # two students at once
    ):
        assert selectors.marks_plan(classroom, text).problems, text
    manual_create(classroom, actor=instructor, title="Essay")
    text = f"E-mail,Essay\n{student.email},7\n"
    assert [line for line, _words in selectors.marks_plan(classroom, text).problems] == [1]


class Ledger(RuleBasedStateMachine):
    """One grade under anything that staff and its source may do to it."""

    item: GradeItem
    student: User
    instructor: User

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.seen: list[tuple[Any, ...]] = self.rows()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def rows(self) -> list[tuple[Any, ...]]:
        return list(
            GradeEvent.objects.filter(item=self.item, student=self.student)
            .order_by("pk")
            .values_list("pk", "kind", "points", "reason")
        )

    def attempt(self, deed: Callable[..., Any], **more: Any) -> None:
        try:
            deed(
                item=self.item,
                student=self.student,
                reason="Because.",
                actor=self.instructor,
                now=NOW,
                **more,
            )
        except DomainError:
            assert self.rows() == self.seen  # a refusal writes nothing

    @rule(points=st.none() | st.decimals(0, 10, places=2), is_regrade=st.booleans())
    def source(self, points: Decimal | None, is_regrade: bool) -> None:
        kind = GradeEventKind.REGRADE if is_regrade else GradeEventKind.SCORE
        score(self.item, self.student, None if points is None else str(points), kind=kind)

    @rule(points=st.decimals(0, 12, places=2))
    def override(self, points: Decimal) -> None:
        self.attempt(services.grade_override, points=points)

    @rule(
        deed=st.sampled_from(
            [
                services.grade_override_end,
                services.grade_excuse,
                services.grade_excuse_end,
                services.grade_clear,
            ]
        )
    )
    def decide(self, deed: Callable[..., Any]) -> None:
        self.attempt(deed)

    @invariant()
    def grade_is_what_the_ledger_adds_up_to(self) -> None:
        rows = self.rows()
        assert rows[: len(self.seen)] == self.seen  # nothing is ever rewritten
        self.seen = rows
        grade = CurrentGrade.objects.filter(item=self.item, student=self.student).first()
        if grade is None:
            assert not rows
            return
        standing = ledger.fold([(kind, points) for _pk, kind, points, _reason in rows])
        assert standing == ledger.Standing(
            grade.points, grade.source_points, grade.is_overridden, grade.is_excused
        )
        assert grade.version == len(rows)


@pytest.mark.hypothesis
def test_grade_is_always_what_its_ledger_adds_up_to(
    classroom: Classroom, instructor: User, student: User
) -> None:
    class Bound(Ledger):
        pass

    Bound.item = source_create(classroom)
    Bound.student, Bound.instructor = student, instructor
    run_state_machine_as_test(
        Bound, settings=settings(max_examples=settings().max_examples // 5, stateful_step_count=12)
    )
