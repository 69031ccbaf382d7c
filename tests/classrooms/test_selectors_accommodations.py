"""What a student is granted is one answer, whichever rows say it."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.classrooms import selectors
from apps.classrooms.models import Accommodation, Classroom, Enrolment
from apps.classrooms.selectors import Accommodated
from tests.factories import NOW

pytestmark = pytest.mark.django_db
QUIZ = uuid4()


@pytest.fixture
def grant(classroom: Classroom, student: User) -> Callable[..., Accommodation]:
    enrolment = Enrolment.objects.get(classroom=classroom, user=student)

    def grant(**fields: Any) -> Accommodation:
        return Accommodation.objects.create(enrolment=enrolment, **fields)

    return grant


def test_accommodation_without_rows_is_as_everybody(classroom: Classroom, student: User) -> None:
    assert selectors.accommodation_for(classroom, student, QUIZ) == Accommodated(
        time_ratio=Decimal(1), extra_attempts=0, opens_at=None, due_at=None, closes_at=None
    )


def test_accommodation_of_the_activity_overrides_where_it_speaks(
    grant: Callable[..., Accommodation], classroom: Classroom, student: User
) -> None:
    due = NOW + timedelta(days=3)
    grant(activity_id=QUIZ, time_ratio=Decimal("2.00"), closes_at=due)
    grant(time_ratio=Decimal("1.50"), extra_attempts=1, due_at=due)
    grant(activity_id=uuid4(), extra_attempts=9)
    assert selectors.accommodation_for(classroom, student, QUIZ) == Accommodated(
        time_ratio=Decimal("2.00"), extra_attempts=1, due_at=due, closes_at=due
    )
    assert selectors.accommodation_for(classroom, student) == Accommodated(
        time_ratio=Decimal("1.50"), extra_attempts=1, due_at=due
    )


def test_accommodation_of_zero_attempts_overrides_the_class(
    grant: Callable[..., Accommodation], classroom: Classroom, student: User
) -> None:
    grant(extra_attempts=2)
    grant(activity_id=QUIZ, extra_attempts=0)
    assert selectors.accommodation_for(classroom, student, QUIZ).extra_attempts == 0


def test_accommodation_of_another_class_grants_nothing_here(
    grant: Callable[..., Accommodation], foreign_classroom: Classroom, student: User
) -> None:
    grant(extra_attempts=2)
    assert selectors.accommodation_for(foreign_classroom, student) == Accommodated()


def test_accommodations_answer_everybody_in_one_query(
    grant: Callable[..., Accommodation],
    classroom: Classroom,
    student: User,
    classmate: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    grant(extra_attempts=2)
    with django_assert_num_queries(1):
        granted = selectors.accommodations_for(classroom, [student.pk, classmate.pk], QUIZ)
    assert granted == {student.pk: Accommodated(extra_attempts=2), classmate.pk: Accommodated()}
