"""Answers that a person marks, without names."""

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.grades.models import CurrentGrade
from apps.quizzes import services
from apps.quizzes.models import Contest
from tests.quizzes.factories import assignment_create, question_create, quiz_create, right_saves
from tests.quizzes.views.pages import ClientOf, page_of

pytestmark = pytest.mark.django_db


def test_marking_shows_no_name_and_gives_the_grade(
    classroom: Classroom,
    instructor: User,
    assistant: User,
    student: User,
    classmate: User,
    client_of: ClientOf,
) -> None:
    essay = question_create(classroom.course, "essay")
    assignment = assignment_create(
        classroom, instructor, quiz_create(classroom.course, essay), max_points=10
    )
    now = timezone.now()
    for person in (student, classmate):
        attempt = services.assignment_start(assignment=assignment, student=person, now=now)
        services.attempt_submit(
            attempt_id=attempt.public_id, student=person, saves=right_saves(attempt), now=now
        )
    client = client_of(assistant)
    place = {"public_id": classroom.public_id, "assignment_id": assignment.public_id}
    queue = client.get(reverse("quizzes:marking", kwargs=place))
    assertContains(queue, "2 of 2 to mark")
    address = reverse(
        "quizzes:mark", kwargs={**place, "attempt_id": attempt.public_id, "position": 1}
    )
    page = client.get(address)
    for person in (student, classmate):
        assertNotContains(page, person.display_name)
        assertNotContains(queue, person.display_name)
    nameless = client.get(page_of(attempt, "attempt-review"))
    assertRedirects(nameless, reverse("quizzes:marking", kwargs=place))
    assertContains(client.post(address, {"marks.claim": "1"}), "This field is required")
    mark = {"marks.claim": "1", "marks.evidence": "0.5", "comment": "**Good.**"}
    following = client.post(address, mark)
    assert following.status_code == 302
    assert following.headers["Location"] not in {address, reverse("quizzes:marking", kwargs=place)}
    grade = CurrentGrade.objects.get(item=assignment.grade_item, student=classmate)
    assert str(grade.points) == "7.50"
    # Who had the page open before that is told, and their mark changes nothing.
    assertContains(client.post(address, {**mark, "marks.evidence": "1"}), "Someone marked")
    grade.refresh_from_db()
    assert str(grade.points) == "7.50"
    assertContains(client_of(classmate).get(page_of(attempt, "attempt-review")), "Good.")


def test_markers_drafts_and_names_wait_until_all_is_marked(
    classroom: Classroom, instructor: User, student: User, client_of: ClientOf
) -> None:
    """Two essays, of which one is marked; the student objects to a question beside them."""
    questions = [
        question_create(classroom.course, kind) for kind in ("essay", "essay", "single_choice")
    ]
    assignment = assignment_create(
        classroom, instructor, quiz_create(classroom.course, *questions), max_points=10
    )
    attempt = services.assignment_start(assignment=assignment, student=student, now=timezone.now())
    services.attempt_submit(
        attempt_id=attempt.public_id,
        student=student,
        saves=right_saves(attempt),
        now=timezone.now(),
    )
    client, staff = client_of(student), client_of(instructor)
    place = {"public_id": classroom.public_id, "assignment_id": assignment.public_id}
    mark = {"marks.claim": "1", "marks.evidence": "0.5"}

    def give(position: int) -> None:
        address = reverse(
            "quizzes:mark",
            kwargs={**place, "attempt_id": attempt.public_id, "position": position},
        )
        assert staff.post(address, {**mark, "comment": "zanzibarcanary"}).status_code == 302

    contest = page_of(attempt, "contest", position=3)
    paragraph = client.get(contest).context["form"].fields["paragraph"].queryset.first()
    client.post(contest, {"text": "It is wrong.", "paragraph": paragraph.pk})
    listed = reverse("quizzes:objections", args=[classroom.public_id])
    give(1)
    assertNotContains(client.get(page_of(attempt, "attempt-review")), "zanzibarcanary")
    for address in (
        listed,
        reverse("quizzes:objection", args=[classroom.public_id, Contest.objects.get().public_id]),
    ):
        page = staff.get(address)
        assertContains(page, "name not shown")
        assertNotContains(page, student.display_name)
    give(2)
    assertContains(client.get(page_of(attempt, "attempt-review")), "zanzibarcanary")
    assertContains(staff.get(listed), student.display_name)
