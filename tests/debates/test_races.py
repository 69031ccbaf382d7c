"""Many at once, with real threads: row locks and constraints decide on PostgreSQL."""

from collections import Counter
from functools import partial
from uuid import uuid4

import pytest

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.debates import services
from apps.debates.models import Argument, Participant, Rating, Stance
from tests.classrooms.factories import students_add
from tests.debates.factories import during, join, post, run_create
from tests.quizzes.test_races import together

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_a_hundred_joins_leave_the_sides_balanced(classroom: Classroom, instructor: User) -> None:
    run = run_create(classroom, instructor, side_rule="balanced")
    students = students_add(classroom, 100, actor=instructor)
    for start in range(0, 100, 20):
        together(*(partial(join, run, student) for student in students[start : start + 20]))
    sizes = Counter(Participant.objects.values_list("side__key", flat=True))
    assert sizes == {"for": 50, "against": 50}
    assert Participant.objects.values("number").distinct().count() == 100


def test_one_stance_and_one_rating_whatever_is_sent_at_once(
    classroom: Classroom, instructor: User, student: User, classmate: User
) -> None:
    run = run_create(classroom, instructor)
    given = together(*(partial(join, run, student) for _each in range(10)))
    assert given.count("stance_recorded") == 9
    assert Stance.objects.count() == 1
    argument = post(join(run, classmate))
    reader = Participant.objects.get(user=student)
    rate = partial(
        services.argument_rate, argument=argument, participant=reader, now=during("arguing")
    )
    together(*(partial(rate, strength=1 + number % 5) for number in range(10)))
    said = partial(
        post, reader, key=uuid4(), text="The same words from a button that is pressed ten times."
    )
    posted = together(*(said for _number in range(10)))
    assert {each.pk for each in posted} == {Argument.objects.get(author=reader).pk}
    argument.refresh_from_db()
    assert (argument.rating_count, argument.rating_sum) == (1, Rating.objects.get().strength)
