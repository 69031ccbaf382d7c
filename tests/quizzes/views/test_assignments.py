"""What a class is given, as its staff sets it and looks at it."""

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains
from pytest_django.fixtures import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.quizzes import services
from apps.quizzes.models import Assignment
from tests.classrooms.factories import students_add
from tests.quizzes.factories import assignment_create, question_create, quiz_create, right_saves
from tests.quizzes.views.pages import ClientOf

pytestmark = pytest.mark.django_db


def test_quiz_is_set_published_and_changed(
    classroom: Classroom, instructor: User, student: User, client_of: ClientOf
) -> None:
    quiz = quiz_create(classroom.course, title="Unit one")
    client, learner = client_of(instructor), client_of(student)
    listing = reverse("quizzes:assignments", args=[classroom.public_id])
    create = reverse("quizzes:assignment-create", args=[classroom.public_id])
    said = {
        name: field.initial if field.initial is not None else ""
        for name, field in client.get(create).context["form"].fields.items()
    }
    said = {name: value for name, value in said.items() if value is not False}
    said |= {"quiz": quiz.public_id, "layout": "one_page", "time_limit_minutes": "1.5"}
    assertContains(client.post(create, said), "The quiz never closes")
    said |= {"closes_at": "2027-01-01T12:00", "late_penalty_percent": "12.5"}
    assert client.post(create, said).status_code == 302
    row = Assignment.objects.get()
    assert (row.time_limit_seconds, str(row.late_penalty_ratio)) == (90, "0.125")
    assertNotContains(learner.get(listing), "Unit one")
    place = [classroom.public_id, row.public_id]
    client.post(reverse("quizzes:assignment-publish", args=place))
    assertContains(learner.get(listing), "Unit one")
    change = reverse("quizzes:assignment-settings", args=place)
    form = client.get(change).context["form"]
    again = {name: form[name].value() for name in form.fields}
    again = {name: value for name, value in again.items() if value not in {None, False}}
    stale = {**again, "revision": 0}
    again["closes_at"] = stale["closes_at"] = "2027-01-02T12:00"
    assertContains(client.post(change, stale), "Someone saved this quiz")
    assert client.post(change, {**again, "title": "Changed"}).status_code == 302
    assertContains(learner.get(listing), "Changed")


@pytest.mark.parametrize("count", [1, 30])
def test_staff_pages_cost_the_same_whatever_the_class(
    count: int,
    classroom: Classroom,
    instructor: User,
    client_of: ClientOf,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    essay = question_create(classroom.course, "essay")
    assignment = assignment_create(classroom, instructor, quiz_create(classroom.course, essay))
    now = timezone.now()
    for person in students_add(classroom, count, actor=instructor):
        attempt = services.assignment_start(assignment=assignment, student=person, now=now)
        services.attempt_submit(
            attempt_id=attempt.public_id, student=person, saves=right_saves(attempt), now=now
        )
    client = client_of(instructor)
    place = [classroom.public_id, assignment.public_id]
    # session, person, class; the quiz with its counts (4), students (3), questions (2)
    with django_assert_max_num_queries(12):
        client.get(reverse("quizzes:assignment", args=place))
    with django_assert_max_num_queries(7):
        client.get(reverse("quizzes:assignments", args=place[:1]))
    with django_assert_max_num_queries(6):  # and the answers, the questions
        client.get(reverse("quizzes:marking", args=place))
    with django_assert_max_num_queries(9):  # and the attempt, its responses, whether one is staff
        client.get(reverse("quizzes:mark", args=[*place, attempt.public_id, 1]))
