"""What tells an answer is nowhere to be fetched before its time."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.grades.services import item_hold, item_release
from apps.quizzes import services
from apps.quizzes.models import Assignment
from tests.content.factories import lesson_publish
from tests.quizzes.factories import (
    SECRET,
    assignment_create,
    question_create,
    quiz_create,
    right_saves,
    secret_assignment,
)
from tests.quizzes.views.pages import ClientOf, page_of, save

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("when", ["closed", "never"])
def test_nothing_that_tells_the_answer_is_fetched_before_its_time(
    when: str, classroom: Classroom, instructor: User, student: User, client_of: ClientOf
) -> None:
    now = timezone.now()
    lesson_publish(classroom.course)
    assignment = secret_assignment(classroom, instructor, when, now + timedelta(days=1))
    attempt = services.assignment_start(assignment=assignment, student=student, now=now)
    client = client_of(student)
    place = {"public_id": classroom.public_id, "assignment_id": assignment.public_id}
    course = {"course": classroom.course.slug}

    def everything() -> list[Any]:
        return [
            client.get(reverse("classrooms:classroom", args=[classroom.public_id])),
            client.get(reverse("quizzes:assignments", args=[classroom.public_id])),
            client.get(reverse("quizzes:assignment", kwargs=place)),
            client.get(reverse("quizzes:practices", kwargs=course)),
            client.get(reverse("quizzes:practice", kwargs={**course, "quiz": "open-too"})),
            client.post(
                reverse("quizzes:practice-start", kwargs={**course, "quiz": "open-too"}),
                follow=True,
            ),
            client.get(page_of(attempt), follow=True),
            client.get(page_of(attempt, "attempt-confirm"), follow=True),
            client.get(page_of(attempt, "attempt-review"), follow=True),
            client.get(page_of(attempt, "contest", position=1)),
            client.post(page_of(attempt), {"go": "check.1"}, follow=True),
            save(client, attempt, {"1": {"raw": {"nonsense": "1"}, "sequence": 9}}),
            client.get(f"/courses/{classroom.course.slug}/search/", {"q": SECRET[:-1]}),
        ]

    def told(answer: Any) -> bool:
        return SECRET in f"{answer.content.decode()}{answer.headers}"

    assert not any(told(answer) for answer in everything())
    services.attempt_submit(
        attempt_id=attempt.public_id, student=student, saves=right_saves(attempt), now=now
    )
    assert not any(told(answer) for answer in everything())
    Assignment.objects.filter(pk=assignment.pk).update(closes_at=now - timedelta(minutes=1))
    after = client.get(page_of(attempt, "attempt-review"))
    assert told(after) == (when == "closed")


def test_what_a_person_marked_waits_for_the_grades_release(
    classroom: Classroom, instructor: User, student: User, client_of: ClientOf
) -> None:
    essay = question_create(classroom.course, "essay")
    assignment = assignment_create(
        classroom, instructor, quiz_create(classroom.course, essay), max_points=10
    )
    attempt = services.assignment_start(assignment=assignment, student=student, now=timezone.now())
    services.attempt_submit(
        attempt_id=attempt.public_id,
        student=student,
        saves=right_saves(attempt),
        now=timezone.now(),
    )
    item = assignment.grade_item
    assert item is not None
    item_hold(item=item, actor=instructor, now=timezone.now())
    address = reverse(
        "quizzes:mark",
        kwargs={
            "public_id": classroom.public_id,
            "assignment_id": assignment.public_id,
            "attempt_id": attempt.public_id,
            "position": 1,
        },
    )
    mark = {"marks.claim": "1", "marks.evidence": "0.5", "comment": "zanzibarcanary"}
    client_of(instructor).post(address, mark)
    client = client_of(student)
    assertNotContains(client.get(page_of(attempt, "attempt-review")), "zanzibarcanary")
    item_release(item=item, actor=instructor, now=timezone.now())
    assertContains(client.get(page_of(attempt, "attempt-review")), "zanzibarcanary")
