from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.core.models import Event
from apps.grades import services
from apps.grades.errors import InvalidPoints, NotEnrolled
from apps.grades.models import CurrentGrade, GradeEvent, GradeItem
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
