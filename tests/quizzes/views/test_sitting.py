"""Taking a quiz on the site: nothing lost, whatever a page holds or a script sends."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects
from pytest_django.fixtures import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.quizzes import services
from apps.quizzes.enums import AttemptState, Layout
from apps.quizzes.models import Assignment, Attempt
from tests.quizzes.factories import (
    assignment_create,
    hints,
    question_create,
    quiz_create,
    right_answer,
    right_saves,
)
from tests.quizzes.views.pages import KINDS, ClientOf, form_of, page_of, save

pytestmark = pytest.mark.django_db


def test_whole_quiz_is_taken_without_scripts(
    assignment: Assignment, classroom: Classroom, student: User, client_of: ClientOf
) -> None:
    client = client_of(student)
    listed = client.get(reverse("quizzes:assignments", args=[classroom.public_id]))
    assertContains(listed, assignment.title)
    place = [classroom.public_id, assignment.public_id]
    begun = client.post(reverse("quizzes:assignment-start", args=place))
    attempt = Attempt.objects.get()
    assertRedirects(begun, page_of(attempt))
    page = client.get(page_of(attempt)).content.decode()
    answers = form_of(attempt, page)
    kept = client.post(page_of(attempt), {**answers, "go": "confirm"})
    assertRedirects(kept, page_of(attempt, "attempt-confirm"))
    assertContains(client.get(kept.headers["Location"]), "Every question has an answer.")
    assertRedirects(
        client.post(page_of(attempt, "attempt-submit")), page_of(attempt, "attempt-review")
    )
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.SUBMITTED  # an essay waits
    assert [row.ratio for row in attempt.responses.all() if not row.needs_marking] == [1] * 11
    assertRedirects(client.get(page_of(attempt)), page_of(attempt, "attempt-review"))
    # Nothing of it was missed, so there is nothing to make cards of.
    review = client.get(page_of(attempt, "attempt-review"))
    assertNotContains(review, "Make cards of what I missed")
    given = client.get(reverse("quizzes:assignment", args=place))
    together = "points, what was right, feedback and the right answers"
    assertContains(given, f"<dd>as soon as the attempt is submitted: {together}</dd>", html=True)


def test_old_window_does_not_undo_what_a_newer_one_saved(
    attempt: Attempt, student: User, client_of: ClientOf
) -> None:
    client = client_of(student)
    old = client.get(page_of(attempt)).content.decode()
    untouched = {**dict(re.findall(r'name="(i\d+\.was)" value="(\w+)"', old)), "go": "save"}
    services.answers_save(
        attempt_id=attempt.public_id,
        student=student,
        saves=right_saves(attempt),
        now=timezone.now(),
    )
    before = list(attempt.responses.values_list("answer", flat=True))
    client.post(page_of(attempt), untouched)
    assert list(attempt.responses.values_list("answer", flat=True)) == before


def test_items_come_one_by_one(
    classroom: Classroom, instructor: User, student: User, client_of: ClientOf
) -> None:
    questions = [question_create(classroom.course) for _ in range(3)]
    assignment = assignment_create(
        classroom,
        instructor,
        quiz_create(classroom.course, *questions),
        layout=Layout.ITEM_BY_ITEM,
    )
    attempt = services.assignment_start(assignment=assignment, student=student, now=timezone.now())
    client = client_of(student)
    first = client.get(page_of(attempt))
    assert [item.position for item in first.context["shown"]] == [1]
    answers = form_of(attempt, first.content.decode())
    following = client.post(page_of(attempt), {**answers, "go": "item.2"}, follow=True)
    assert [item.position for item in following.context["shown"]] == [2]
    # Only what stood on the page is saved.
    assert [bool(row.answer) for row in attempt.responses.all()] == [True, False, False]
    for nonsense in ("item.99", "item.x", "hint.1.x", "check.", "item.²", "nothing"):
        assert client.post(page_of(attempt), {"go": nonsense}).status_code == 302


def test_save_is_acknowledged_and_kept(
    attempt: Attempt,
    student: User,
    client_of: ClientOf,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = client_of(student)
    saves = {
        str(row.position): {"raw": right_answer(row), "sequence": 5, "seconds": 2}
        for row in attempt.responses.select_related("version")
    }
    # session, person, and the four of the service with its savepoint
    with django_assert_max_num_queries(8):
        answer = save(client, attempt, saves)
    assert answer.status_code == 200
    assert set(answer.json()["sequences"].values()) == {5}
    assert all(row.answer for row in attempt.responses.all())
    older = {"1": {"raw": {}, "sequence": 4}}
    assert save(client, attempt, older).json()["sequences"]["1"] == 5
    assert attempt.responses.get(position=1).answer


@pytest.mark.parametrize(
    ("saves", "path"),
    [
        ([], "saves"),
        ({"x": {}}, "x"),
        ({"99": {"raw": {}}}, "99"),
        ({"1": []}, "1"),
        ({"1": {"raw": []}}, "1.raw"),
        ({"1": {"ratio": 1}}, "1"),
        ({"1": {"sequence": -1}}, "1.sequence"),
        ({"1": {"sequence": True}}, "1.sequence"),
        ({"1": {"sequence": 2**60}}, "1.sequence"),
        ({"1": {"is_flagged": "yes"}}, "1.is_flagged"),
        ({"1": {"confidence": 9}}, "1.confidence"),
        ({"1": {"raw": {"nonsense": 1}, "sequence": 1}}, "1.nonsense"),
    ],
)
def test_bad_save_names_what_is_wrong_and_saves_nothing(
    saves: Any, path: str, attempt: Attempt, student: User, client_of: ClientOf
) -> None:
    answer = save(client_of(student), attempt, saves)
    assert answer.status_code == 422
    assert answer.json()["path"].startswith(path.partition(".")[0])
    assert not any(row.answer for row in attempt.responses.all())


def test_save_after_the_end_is_refused_for_good(
    attempt: Attempt, student: User, classmate: User, client_of: ClientOf
) -> None:
    assert save(client_of(classmate), attempt, {}).status_code == 404
    services.attempt_submit(attempt_id=attempt.public_id, student=student, now=timezone.now())
    late = save(client_of(student), attempt, {"1": {"raw": {}, "sequence": 1}})
    assert (late.status_code, late.json()["code"]) == (409, "attempt_closed")


def test_next_look_closes_what_is_over(
    attempt: Attempt, student: User, client_of: ClientOf
) -> None:
    end = timezone.now() - timedelta(minutes=1)
    Attempt.objects.filter(pk=attempt.pk).update(closes_at=end)
    answer = client_of(student).get(page_of(attempt))
    assertRedirects(answer, page_of(attempt, "attempt-review"))
    attempt.refresh_from_db()
    assert attempt.submitted_at == end


@pytest.mark.parametrize("count", [1, 12])
def test_pages_cost_the_same_with_one_item_and_with_twelve(
    count: int,
    classroom: Classroom,
    instructor: User,
    student: User,
    client_of: ClientOf,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    questions = [question_create(classroom.course, kind) for kind in KINDS[:count]]
    quiz = quiz_create(classroom.course, *questions)
    assignment = assignment_create(classroom, instructor, quiz)
    attempt = services.assignment_start(assignment=assignment, student=student, now=timezone.now())
    client = client_of(student)
    with django_assert_max_num_queries(4):  # session, person, attempt, responses
        client.get(page_of(attempt))
    services.attempt_submit(attempt_id=attempt.public_id, student=student, now=timezone.now())
    with django_assert_max_num_queries(5):  # and when the class is done
        review = client.get(page_of(attempt, "attempt-review"))
    assertContains(review, "Make cards of what I missed")


def test_a_hint_out_of_its_turn_is_not_shown_and_costs_nothing(
    classroom: Classroom, instructor: User, student: User, client_of: ClientOf
) -> None:
    quiz = quiz_create(
        classroom.course, question_create(classroom.course, hints=hints("0.25", "0.5"))
    )
    assignment = assignment_create(classroom, instructor, quiz, has_hints=True)
    attempt = services.assignment_start(assignment=assignment, student=student, now=timezone.now())
    client = client_of(student)
    for number in (2, 9, 0):
        client.post(page_of(attempt), {"go": f"hint.1.{number}"})
        assert attempt.responses.get().hints_taken == 0
    client.post(page_of(attempt), {"go": "hint.1.1"})
    assert attempt.responses.get().hints_taken == 1


def test_review_shows_each_question_as_it_was_asked(
    attempt: Attempt, student: User, client_of: ClientOf
) -> None:
    client = client_of(student)
    services.attempt_submit(
        attempt_id=attempt.public_id,
        student=student,
        saves=right_saves(attempt),
        now=timezone.now(),
    )
    review = client.get(page_of(attempt, "attempt-review"))
    assertContains(review, '<details class="item__asked"', count=12)
    # What a stem alone does not say is open: a text with gaps, a claim, a map.
    assertContains(review, '<details class="item__asked" open>', count=3)
    fields = html.fromstring(review.content).xpath('//*[starts-with(@name, "i")]')
    assert len(fields) > 20
    assert all(each.xpath("@disabled | ancestor::fieldset/@disabled") for each in fields)
    objecting = client.get(page_of(attempt, "contest", position=1))
    assertContains(objecting, '<details class="item__asked"', count=1)
