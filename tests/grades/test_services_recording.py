from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.core.models import Event
from apps.grades import services
from apps.grades.errors import InvalidPoints, NotEnrolled
from apps.grades.models import CurrentGrade, GradeCategory, GradeEvent, GradeItem
from tests.classrooms.factories import students_add
from tests.factories import NOW
from tests.grades.factories import score, source_create

pytestmark = pytest.mark.django_db


def total_of(classroom: Classroom, student: User) -> Decimal | None:
    return CurrentGrade.objects.get(
        item__classroom=classroom, item__kind="total", student=student
    ).points


def test_a_score_becomes_grade_total_and_news(classroom: Classroom, student: User) -> None:
    item = source_create(classroom)
    event = score(item, student, "7.5", reason="Well argued.")
    grade = CurrentGrade.objects.get(item=item, student=student)
    assert (grade.points, grade.source_points, grade.version) == (Decimal("7.5"),) * 2 + (1,)
    assert grade.last_event == event
    assert total_of(classroom, student) == Decimal("75.00")
    total = GradeEvent.objects.get(kind="total")
    assert total.origin_id == event.public_id
    changed = set(Event.objects.filter(kind="grade.changed").values_list("subject_id", flat=True))
    assert changed == set(CurrentGrade.objects.values_list("public_id", flat=True))


def test_recording_again_keeps_the_grade_s_identity(classroom: Classroom, student: User) -> None:
    item = source_create(classroom)
    score(item, student, "7")
    first = CurrentGrade.objects.get(item=item, student=student)
    score(item, student, "9")
    second = CurrentGrade.objects.get(item=item, student=student)
    assert (first.pk, first.public_id) == (second.pk, second.public_id)
    assert (second.points, second.version) == (Decimal(9), 2)
    assert total_of(classroom, student) == Decimal("90.00")


COLUMN_CHANGES: dict[str, Callable[..., Any]] = {
    "held": lambda item, **by: services.item_hold(item=item, **by),
    "taken away": lambda item, **by: services.item_delete(item=item, **by),
    "saved": lambda item, **by: services.item_save(item=item, fields={"weight": 2}, **by),
    "set up": lambda item, **by: services.setup_save(
        classroom=item.classroom, categories={}, items={item.public_id: {"weight": 2}}, **by
    ),
    "without its category": lambda item, **by: services.category_delete(
        category=item.category, **by
    ),
    "as its source": lambda item, **by: services.item_ensure(
        **{name: getattr(item, name) for name in ("source_kind", "source_id", "source_path")},
        **{"classroom": item.classroom, "max_points": item.max_points, "title": "Renamed", **by},
    ),
}


@pytest.mark.parametrize("change", COLUMN_CHANGES)
def test_a_column_that_changes_touches_its_grades_alone(
    change: str, classroom: Classroom, student: User, instructor: User
) -> None:
    category = services.category_save(
        category=GradeCategory(classroom=classroom),
        fields={"title": "Quizzes"},
        actor=instructor,
        now=NOW,
    )
    item, other = source_create(classroom, category=category), source_create(classroom)
    score(item, student, "7")
    score(other, student, "7")
    later = NOW + timedelta(days=1)
    COLUMN_CHANGES[change](item, actor=instructor, now=later)
    mine, its = (CurrentGrade.objects.get(item=each, student=student) for each in (item, other))
    assert (mine.changed_at, mine.touched_at, its.touched_at) == (NOW, later, NOW)


@pytest.mark.parametrize("points", ["-0.01", "1000000", "NaN", "Infinity"])
def test_impossible_points_are_refused_for_all(
    points: str, classroom: Classroom, student: User, classmate: User
) -> None:
    item = source_create(classroom)
    scores = {
        student.pk: services.Score(Decimal(5)),
        classmate.pk: services.Score(Decimal(points)),
    }
    with pytest.raises(InvalidPoints):
        services.grades_record(item=item, scores=scores, actor=None, now=NOW)
    assert not CurrentGrade.objects.exists()


def test_nobody_outside_the_class_gets_grades(
    classroom: Classroom, student: User, outsider: User
) -> None:
    item = source_create(classroom)
    scores = {person.pk: services.Score(Decimal(5)) for person in (student, outsider)}
    with pytest.raises(NotEnrolled):
        services.grades_record(item=item, scores=scores, actor=None, now=NOW)
    assert not CurrentGrade.objects.exists()


@pytest.mark.parametrize("count", [1, 30])
def test_recording_costs_the_same_for_one_and_for_thirty(
    count: int,
    classroom: Classroom,
    instructor: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    item = GradeItem.objects.get(pk=source_create(classroom).pk)
    people = students_add(classroom, count, actor=instructor)
    scores = {person.pk: services.Score(Decimal(5)) for person in people}
    with django_assert_num_queries(9):
        # a savepoint and its release; the students' locks, the items, their grades, the school;
        # the events, the grades, the news
        services.grades_record(item=item, scores=scores, actor=None, now=NOW)
    assert CurrentGrade.objects.filter(item=item, points=5).count() == count
