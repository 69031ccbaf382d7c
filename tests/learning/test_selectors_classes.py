"""What a class has read, and who has stopped."""

from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.classrooms import services as classes
from apps.classrooms.models import Classroom, Enrolment
from apps.learning import selectors
from tests.classrooms.factories import students_add
from tests.content.factories import course_create
from tests.debates.factories import during, join, post, run_create
from tests.factories import NOW
from tests.learning.factories import check_up_create, lesson_create, practise, see

pytestmark = pytest.mark.django_db


def last_activity(classroom: Classroom) -> dict[int, datetime | None]:
    return {row.user_id: moment for row, moment in selectors.activity_of([classroom])}


def test_sections_are_counted_by_the_classes_own_students(
    classroom: Classroom,
    student: User,
    classmate: User,
    assistant: User,
    outsider: User,
    instructor: User,
) -> None:
    lesson = lesson_create(classroom.course)
    elsewhere = lesson_create(course_create(slug="elsewhere"))
    see(student, lesson, "one", "two")
    see(student, elsewhere, "one")
    for person in (classmate, assistant, outsider):
        see(person, lesson, "one")
    expected = {(lesson.pk, "one"): 2, (lesson.pk, "two"): 1}
    assert selectors.sections_seen(classroom) == expected
    classes.enrolment_remove(
        enrolment=Enrolment.objects.get(user=classmate), actor=instructor, now=NOW
    )
    assert selectors.sections_seen(classroom) == {**expected, (lesson.pk, "one"): 1}


@pytest.mark.parametrize("count", [1, 30])
def test_class_selectors_cost_one_query_each(
    count: int,
    classroom: Classroom,
    instructor: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    lesson = lesson_create(classroom.course)
    for person in students_add(classroom, count, actor=instructor):
        see(person, lesson, "one")
    with django_assert_num_queries(1):  # the rows of the class's students, their keys counted
        assert selectors.sections_seen(classroom) == {(lesson.pk, "one"): count}
    with django_assert_num_queries(1):  # enrolments, each with its latest moments
        assert len(selectors.activity_of([classroom])) == count + 2


def test_last_activity_is_the_latest_of_reading_answering_and_arguing(
    classroom: Classroom, student: User, classmate: User, instructor: User
) -> None:
    lesson = lesson_create(classroom.course)
    assert last_activity(classroom) == {student.pk: None, classmate.pk: None}
    see(student, lesson, "one")
    assert last_activity(classroom)[student.pk] == NOW
    practise(student, check_up_create(lesson), now=NOW + timedelta(hours=1))
    assert last_activity(classroom)[student.pk] == NOW + timedelta(hours=1)
    post(join(run_create(classroom, instructor), student))
    assert last_activity(classroom) == {
        student.pk: during("arguing"),
        classmate.pk: None,
    }
