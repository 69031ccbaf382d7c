"""Taking a quiz on the site: nothing lost, nothing shown before its time, nobody else's."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects
from pytest_django.fixtures import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.grades.models import CurrentGrade, GradeEvent
from apps.grades.services import item_hold, item_release
from apps.quizzes import services
from apps.quizzes.enums import AttemptState, ContestState, Layout
from apps.quizzes.models import Assignment, Attempt, Contest
from tests.classrooms.factories import students_add
from tests.content.factories import lesson_publish
from tests.quizzes.factories import (
    SPECS,
    assignment_create,
    hints,
    question_create,
    quiz_create,
    right_answer,
    right_saves,
)

pytestmark = pytest.mark.django_db

ClientOf = Callable[[User | AnonymousUser], Client]
KINDS = tuple(SPECS)
SECRET = "canary"


@pytest.fixture
def assignment(classroom: Classroom, instructor: User) -> Assignment:
    """One question of every type."""
    questions = [question_create(classroom.course, kind) for kind in KINDS]
    return assignment_create(classroom, instructor, quiz_create(classroom.course, *questions))


@pytest.fixture
def attempt(assignment: Assignment, student: User) -> Attempt:
    return services.assignment_start(assignment=assignment, student=student, now=timezone.now())


def page_of(attempt: Attempt, name: str = "attempt", **more: Any) -> str:
    return reverse(f"quizzes:{name}", kwargs={"attempt_id": attempt.public_id, **more})


def form_of(attempt: Attempt, page: str) -> dict[str, Any]:
    """What a browser without scripts sends when every question has been answered rightly."""
    data: dict[str, Any] = dict(re.findall(r'name="(i\d+\.was)" value="(\w+)"', page))
    for response in attempt.responses.select_related("version"):
        for name, value in right_answer(response).items():
            field = f"i{response.position}.{name}"
            if isinstance(value, dict):
                data |= {f"{field}.{label}": each for label, each in value.items()}
            elif name == "positions":
                data |= {f"{field}.{label}": place for place, label in enumerate(value, 1)}
            else:
                data[field] = value
    return data


def save(client: Client, attempt: Attempt, saves: Any) -> Any:
    return client.post(
        page_of(attempt, "attempt-save"), json.dumps({"saves": saves}), "application/json"
    )


# Without scripts


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


# Saving


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


# What is shown


def secret_question(classroom: Classroom, kind: str) -> Any:
    """Every text that tells the answer holds the canary; what is asked does not."""

    def hide(name: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: hide(key, each) for key, each in value.items()}
        if isinstance(value, list):
            return [hide(name, each) for each in value]
        tells = name.startswith("feedback") or name == "model_answer"
        return f"{SECRET} {value}" if tells else value

    return question_create(
        classroom.course,
        kind,
        spec=hide("", SPECS[kind]),
        explanation=f"The {SECRET} explains.",
        hints=hints("0.1"),
    )


@pytest.mark.parametrize("when", ["closed", "never"])
def test_nothing_that_tells_the_answer_is_fetched_before_its_time(
    when: str, classroom: Classroom, instructor: User, student: User, client_of: ClientOf
) -> None:
    now = timezone.now()
    lesson_publish(classroom.course)
    quiz = quiz_create(
        classroom.course,
        *[secret_question(classroom, kind) for kind in KINDS],
        slug="open-too",
        is_practice=True,
    )
    fields = dict.fromkeys(("score_when", "correctness_when", "feedback_when", "key_when"), when)
    assignment = assignment_create(
        classroom, instructor, quiz, **fields, closes_at=now + timedelta(days=1)
    )
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


# Staff


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
    assertContains(client.get(page_of(attempt, "attempt-review")), "The wording misled.")


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
