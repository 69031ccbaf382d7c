"""Practice tells at once, but nothing that a class is being asked."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.quizzes import services
from apps.quizzes.models import Attempt
from tests.content.factories import lesson_publish
from tests.quizzes.factories import (
    assignment_create,
    hints,
    question_create,
    quiz_create,
    right_saves,
)
from tests.quizzes.views.pages import ClientOf, form_of, page_of

pytestmark = pytest.mark.django_db


def test_practice_of_what_a_class_is_being_asked_waits(
    classroom: Classroom, instructor: User, student: User, classmate: User, client_of: ClientOf
) -> None:
    lesson_publish(classroom.course)
    quiz = quiz_create(classroom.course, slug="both", is_practice=True)
    address = reverse("quizzes:practice-start", args=[classroom.course.slug, "both"])
    client = client_of(student)
    client.post(address)
    begun = Attempt.objects.get(student=student)
    assignment_create(
        classroom,
        instructor,
        quiz,
        key_when="closed",
        closes_at=timezone.now() + timedelta(days=1),
    )
    services.answers_save(
        attempt_id=begun.public_id, student=student, saves=right_saves(begun), now=timezone.now()
    )
    refused = client.post(page_of(begun), {"go": "check.1"}, follow=True)
    assertContains(refused, "its answers are not out yet")
    assertNotContains(refused, "The authors say so.")
    client_of(classmate).post(address)
    assert not Attempt.objects.filter(student=classmate).exists()


def test_points_of_practice_keep_silent_with_what_a_class_withholds(
    classroom: Classroom, instructor: User, student: User, client_of: ClientOf
) -> None:
    """A practice that was begun before the class was asked the same, and ends after."""
    lesson_publish(classroom.course)
    shared = question_create(classroom.course, hints=hints("0.25"))
    quizzes = [
        quiz_create(classroom.course, question, slug=slug, title=slug, is_practice=True)
        for slug, question in (("both", shared), ("other", question_create(classroom.course)))
    ]
    now = timezone.now()
    begun = [services.practice_start(quiz=quiz, student=student, now=now) for quiz in quizzes]
    assignment = assignment_create(
        classroom, instructor, quiz_create(classroom.course, shared), key_when="never"
    )
    client = client_of(student)
    # The class pays for a hint, or gets none: practice gives it away no more.
    refused = client.post(page_of(begun[0]), {"go": "hint.1.1"}, follow=True)
    assertContains(refused, "its answers are not out yet")
    assertNotContains(refused, "Think again")
    for attempt in begun:
        services.attempt_submit(
            attempt_id=attempt.public_id, student=student, saves=right_saves(attempt), now=now
        )
    course = classroom.course.slug
    listed = reverse("quizzes:practices", args=[course])
    pages = [reverse("quizzes:practice", args=[course, quiz.slug]) for quiz in quizzes]
    assertContains(client.get(listed), "best 100%", count=1)
    assertNotContains(client.get(pages[0]), "1 of 1")
    assertContains(client.get(pages[1]), "1 of 1")
    assignment.delete()
    assertContains(client.get(listed), "best 100%", count=2)
    assertContains(client.get(pages[0]), "1 of 1")


def test_practice_tells_at_once(classroom: Classroom, outsider: User, client_of: ClientOf) -> None:
    lesson_publish(classroom.course)
    question = question_create(classroom.course, hints=hints("0.25"))
    quiz_create(classroom.course, question, slug="try", is_practice=True)
    client = client_of(outsider)
    client.post(reverse("quizzes:practice-start", args=[classroom.course.slug, "try"]))
    attempt = Attempt.objects.get()
    page = client.get(page_of(attempt))
    assertContains(page, "it costs 0.25")
    assertNotContains(page, "The authors say so.")
    hinted = client.post(page_of(attempt), {"go": "hint.1.1"}, follow=True)
    assertContains(hinted, "Think again")
    answers = form_of(attempt, page.content.decode())
    checked = client.post(page_of(attempt), {**answers, "go": "check.1"}, follow=True)
    assertContains(checked, "The authors say so.")
    client.post(page_of(attempt, "attempt-submit"))
    attempt.refresh_from_db()
    assert float(attempt.points or 0) == 0.75
