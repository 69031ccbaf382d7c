"""Objections and corrections: everybody follows, with the reason."""

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.grades.models import CurrentGrade, GradeEvent
from apps.quizzes import services
from apps.quizzes.enums import ContestState
from apps.quizzes.models import Contest
from tests.quizzes.factories import assignment_create, question_create, quiz_create
from tests.quizzes.views.pages import ClientOf, page_of

pytestmark = pytest.mark.django_db


def test_accepted_objection_regrades_everybody_with_its_reason(
    classroom: Classroom,
    instructor: User,
    student: User,
    classmate: User,
    client_of: ClientOf,
) -> None:
    assignment = assignment_create(classroom, instructor, max_points=10)
    now = timezone.now()
    for person in (student, classmate):
        attempt = services.assignment_start(assignment=assignment, student=person, now=now)
        services.attempt_submit(attempt_id=attempt.public_id, student=person, now=now)
    client = client_of(classmate)
    address = page_of(attempt, "contest", position=1)
    assertContains(client.post(address, {"text": "It is wrong."}), "Name the paragraph")
    paragraph = client.get(address).context["form"].fields["paragraph"].queryset.first()
    objected = client.post(address, {"text": "It is wrong.", "paragraph": paragraph.pk})
    assertRedirects(objected, page_of(attempt, "attempt-review"))
    contest = Contest.objects.get()
    staff = client_of(instructor)
    decide = reverse("quizzes:objection", args=[classroom.public_id, contest.public_id])
    decision = {"kind": "full", "reason": "The wording misled."}
    assertContains(staff.post(decide, {**decision, "go": "look"}), "2 attempts would change")
    grades = CurrentGrade.objects.filter(item=assignment.grade_item)
    assert [grade.points for grade in grades] == [0, 0]
    assertContains(staff.post(decide, {"go": "decline"}), "This field is required")
    staff.post(decide, {**decision, "go": "accept"})
    contest.refresh_from_db()
    assert contest.state == ContestState.ACCEPTED
    assert [grade.points for grade in grades.all()] == [10, 10]
    told = GradeEvent.objects.filter(item=assignment.grade_item, kind="regrade")
    assert {event.reason for event in told} == {"The wording misled."}
    review = client.get(page_of(attempt, "attempt-review"))
    assertContains(review, "The wording misled.")
    assertContains(review, "The question was corrected: full points for everybody.")


def test_correction_is_looked_at_before_it_is_made(
    classroom: Classroom, instructor: User, student: User, client_of: ClientOf
) -> None:
    question = question_create(classroom.course)
    other = question_create(classroom.course)
    assignment = assignment_create(
        classroom, instructor, quiz_create(classroom.course, question), max_points=10
    )
    now = timezone.now()
    attempt = services.assignment_start(assignment=assignment, student=student, now=now)
    services.attempt_submit(attempt_id=attempt.public_id, student=student, now=now)
    client = client_of(instructor)
    place = [classroom.public_id, assignment.public_id]
    foreign = reverse("quizzes:correction", args=[*place, other.public_id])
    assert client.get(foreign).status_code == 404
    address = reverse("quizzes:correction", args=[*place, question.public_id])
    said = {"kind": "full", "reason": "Two answers are right."}
    before = GradeEvent.objects.count()
    assertContains(client.post(address, {**said, "go": "look"}), student.display_name)
    assert GradeEvent.objects.count() == before
    assert client.post(address, {**said, "go": "apply"}).status_code == 302
    assert CurrentGrade.objects.get(item=assignment.grade_item).points == 10
