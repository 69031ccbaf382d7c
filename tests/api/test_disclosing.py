"""What students, staff and programs are told of a quiz over the API: nothing before its time."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import School, User
from apps.classrooms.models import Classroom
from apps.grades.services import item_hold
from apps.quizzes.models import Assignment, Attempt
from tests.api.conftest import client_create, personal_create, program_create
from tests.api.sitting import KINDS, V1, begin, given, given_at, save, send
from tests.content.factories import lesson_publish
from tests.quizzes.factories import (
    SECRET,
    assignment_create,
    hints,
    question_create,
    quiz_create,
    right_answer,
    secret_assignment,
)

pytestmark = pytest.mark.django_db


def test_hints_cost_and_come_in_their_order(
    classroom: Classroom, instructor: User, student: User
) -> None:
    client = personal_create(student)
    question = question_create(classroom.course, hints=hints("0.25", "0.5"))
    quiz = quiz_create(classroom.course, question)
    silent = begin(client, assignment_create(classroom, instructor, quiz))["id"]
    assert send(client, "post", f"attempts/{silent}/items/1/hints", {"number": 1}).json()[
        "code"
    ] == ("no_hints")
    attempt = begin(client, assignment_create(classroom, instructor, quiz, has_hints=True))
    (item,) = attempt["items"]
    assert (item["hints"], item["next_hint"]) == ([], {"number": 1, "cost": 0.25})
    address = f"attempts/{attempt['id']}/items/1/hints"
    assert send(client, "post", address, {"number": 2}).status_code == 404
    for _twice in range(2):
        first = send(client, "post", address, {"number": 1}).json()
        assert (first["number"], first["cost"]) == (1, 0.25)
    (item,) = client.get(f"{V1}/attempts/{attempt['id']}").json()["items"]
    assert [hint["number"] for hint in item["hints"]] == [1]
    assert item["next_hint"] == {"number": 2, "cost": 0.5}


def everything(
    client: Client, assignment: Assignment, attempt: str, course: str, practice: str
) -> list[Any]:
    """Every answer of the API that a member of the class can have of a quiz."""
    class_at, at = f"classrooms/{assignment.classroom.public_id}", given_at(assignment)
    course_at = f"courses/{course}"
    reads = [
        *(f"{class_at}", f"{class_at}/assignments", f"{class_at}/quizzes", f"{class_at}/contests"),
        *(at, f"{at}/attempts", f"{at}/statistics", f"{course_at}/practices", "attempts"),
        *(f"{course_at}/questions", f"{course_at}/quizzes", f"{course_at}/search?q={SECRET}"),
        *(f"{course_at}/question-files/gift", f"{course_at}/questions/secret-1/versions"),
        *(f"attempts/{attempt}", f"attempts/{attempt}/review"),
        *(f"attempts/{attempt}/items/1/contest", f"{class_at}/results", f"{class_at}/grade-items"),
        *(f"attempts/{attempt}?fields=items,points", f"{at}/attempts?fields=points"),
        *(
            f"attempts/{attempt}?fields=spec",
            f"{at}/attempts?points=1",
            f"{at}/attempts?ordering=x",
        ),
        f"{course_at}/questions?is_retired=false",
    ]
    found = [client.get(f"{V1}/{read}") for read in reads]
    practised = send(client, "post", f"{course_at}/practices/{practice}/attempts")
    found.append(practised)
    for number in range(1, len(KINDS) + 1):
        item = f"attempts/{attempt}/items/{number}"
        found += [
            save(client, attempt, number, answer={"nonsense": "1"}, sequence=900),
            save(client, attempt, number, answer={"choice": "a", "text": 1}, sequence=900),
            send(client, "post", f"{item}/check", {"answer": {}}),
            send(client, "post", f"{item}/hints", {"number": 2}),
        ]
    return found


def told(answers: list[Any]) -> list[str]:
    texts = [f"{answer.content.decode()}{dict(answer.headers)}" for answer in answers]
    return [text for text in texts if SECRET in text.replace(f"q={SECRET}", "")]


@pytest.mark.parametrize("when", ["closed", "never"])
def test_nothing_that_tells_the_answer_is_sent_before_its_time(
    when: str, classroom: Classroom, instructor: User, student: User, classmate: User
) -> None:
    now = timezone.now()
    lesson_publish(classroom.course)
    assignment = secret_assignment(classroom, instructor, when, now + timedelta(days=1))
    client, other = personal_create(student), personal_create(classmate)
    lms = client_create(classroom.school)
    attempt = begin(client, assignment)["id"]

    def all_of_it() -> list[str]:
        return told(
            [
                answer
                for each in (client, other, lms)
                for answer in everything(
                    each, assignment, attempt, classroom.course.slug, "open-too"
                )
            ]
        )

    assert all_of_it() == []
    row = Attempt.objects.get(public_id=attempt)
    for response in row.responses.select_related("version"):
        save(client, attempt, response.position, answer=right_answer(response), sequence=1000)
    submitted = send(client, "post", f"attempts/{attempt}/submit")
    assert told([submitted]) == []
    review = client.get(f"{V1}/attempts/{attempt}/review").json()
    assert [item["review"]["ratio"] for item in review["items"]] == [None] * 12
    assert all(not part["key"] for item in review["items"] for part in item["review"]["parts"])
    assert (submitted.json()["points"], review["points"]) == (None, None)
    assert all_of_it() == []
    # Nobody else's tag makes it "not modified", and the author's copy of the keys is the author's.
    author = personal_create(instructor)
    course_at = f"courses/{classroom.course.slug}"
    assert told([author.get(f"{V1}/{course_at}/questions")]) != []
    Assignment.objects.filter(pk=assignment.pk).update(closes_at=now - timedelta(minutes=1))
    after = client.get(f"{V1}/attempts/{attempt}/review")
    assert bool(told([after])) is (when == "closed")


def test_what_a_student_sees_of_options_tells_neither_ids_nor_order(
    classroom: Classroom, instructor: User, student: User, classmate: User
) -> None:
    kinds = [kind for kind in KINDS if kind != "essay"]
    assignment = given(classroom, instructor, *kinds)
    views = [
        [item["view"] for item in begin(personal_create(each), assignment)["items"]]
        for each in (student, classmate)
    ]
    told_of_both = [
        {row["label"] for row in view.get("options", view.get("items", view.get("marks", [])))}
        for both in views
        for view in both
    ]
    labelled = [labels for labels in told_of_both if labels]
    assert all(len(label) == 10 for labels in labelled for label in labels)
    half = len(told_of_both) // 2
    for mine, theirs in zip(told_of_both[:half], told_of_both[half:], strict=True):
        assert not mine & theirs
    text = json.dumps(views)
    for secret in ("is_key", "feedback", "source", "rubric", "model_answer", '"path"', "tolerance"):
        assert secret not in text, secret


def test_tag_is_of_what_this_viewer_sees(
    classroom: Classroom, instructor: User, student: User
) -> None:
    assignment = given(
        classroom,
        instructor,
        "single_choice",
        **dict.fromkeys(("score_when", "correctness_when", "feedback_when", "key_when"), "never"),
    )
    learner, staff = personal_create(student), personal_create(instructor)
    attempt = begin(learner, assignment)["id"]
    send(learner, "post", f"attempts/{attempt}/submit")
    address = f"{V1}/attempts/{attempt}/review"
    mine, theirs = learner.get(address), staff.get(address)
    assert mine["ETag"] != theirs["ETag"]
    assert theirs.json()["items"][0]["review"]["parts"][0]["key"]
    for answer in (mine, theirs, learner.get(f"{V1}/attempts/{attempt}")):
        assert answer["Cache-Control"] == "private, no-store"
    crossed = learner.get(address, headers={"If-None-Match": theirs["ETag"]})
    assert (crossed.status_code, crossed.json()) == (200, mine.json())
    assert staff.get(address, headers={"If-None-Match": mine["ETag"]}).json() == theirs.json()
    same = learner.get(address, headers={"If-None-Match": mine["ETag"]})
    assert same.status_code == 304
    # What is disclosed later has another tag.
    Assignment.objects.filter(pk=assignment.pk).update(key_when="submitted")
    assert learner.get(address, headers={"If-None-Match": mine["ETag"]}).status_code == 200
    saved = save(learner, attempt, 1, sequence=1)
    assert saved["Cache-Control"] == "private, no-store"


def test_held_mark_is_not_told(classroom: Classroom, instructor: User, student: User) -> None:
    assignment = given(classroom, instructor, "single_choice", attempt_limit=3)
    learner = personal_create(student)
    attempt = begin(learner, assignment)["id"]
    row = Attempt.objects.get().responses.select_related("version").get()
    save(learner, attempt, 1, answer=right_answer(row), sequence=1)
    assert send(learner, "post", f"attempts/{attempt}/submit").json()["points"] == 1
    assert assignment.grade_item is not None
    item_hold(item=assignment.grade_item, actor=instructor, now=timezone.now())
    reads = (f"attempts/{attempt}", f"attempts/{attempt}/review")
    assert [learner.get(f"{V1}/{read}").json()["points"] for read in reads] == [None, None]
    listed = f"{V1}/{given_at(assignment)}/attempts"
    told_to = {
        "learner": learner,
        "staff": personal_create(instructor),
        "lms": client_create(classroom.school),
    }
    points = {who: c.get(listed).json()["results"][0]["points"] for who, c in told_to.items()}
    assert points == {"learner": None, "staff": 1, "lms": None}
    assert learner.get(f"{V1}/{given_at(assignment)}").json()["mine"]["grade"] is None


def test_attempts_marked_without_names_have_no_id_for_staff(
    classroom: Classroom, instructor: User, student: User, assistant: User
) -> None:
    assignment = given(classroom, instructor, "essay", is_marked_anonymously=True)
    learner = personal_create(student)
    attempt = begin(learner, assignment)["id"]
    save(learner, attempt, 1, answer={"text": "One two three four five."}, sequence=1)
    send(learner, "post", f"attempts/{attempt}/submit")
    contest = send(
        learner, "post", f"attempts/{attempt}/items/1/contest", {"text": "Why?", "paragraph": "P01"}
    )
    assert contest.status_code == 201
    listed = f"{V1}/{given_at(assignment)}/attempts"
    for client in (personal_create(assistant), client_create(classroom.school)):
        answer = client.get(f"{listed}?page_size=1")
        (row,) = answer.json()["results"]
        assert (row["id"], row["user_id"], row["state"]) == (
            None,
            str(student.public_id),
            "submitted",
        )
        assert attempt not in answer.content.decode()
    staff = personal_create(assistant)
    (objection,) = staff.get(f"{V1}/classrooms/{classroom.public_id}/contests").json()["results"]
    assert objection["user_id"] is None
    nameless = staff.get(f"{V1}/attempts/{attempt}/review")
    assert (nameless.status_code, nameless.json()["code"]) == (409, "nameless")
    assert learner.get(listed).json()["results"][0]["id"] == attempt


def test_practice_tells_at_once_what_no_class_withholds(
    classroom: Classroom, instructor: User, student: User, outsider: User
) -> None:
    lesson_publish(classroom.course)
    quiz = quiz_create(classroom.course, slug="try", is_practice=True)
    start = f"courses/{classroom.course.slug}/practices/try/attempts"
    client = personal_create(outsider)
    attempt = send(client, "post", start).json()
    address = f"attempts/{attempt['id']}/items/1/check"
    assert send(client, "post", address).json()["code"] == "no_answer"
    row = Attempt.objects.get().responses.select_related("version").get()
    checked = send(client, "post", address, {"answer": right_answer(row)}).json()
    assert (checked["review"]["ratio"], checked["is_checked"]) == (1, True)
    assert "The authors say so." in checked["review"]["explanation"]
    late = save(client, attempt["id"], 1, answer={}, sequence=99).json()
    assert late["is_stored"] is False
    mine = client.get(f"{V1}/attempts?is_practice=true&state=open").json()["results"]
    assert [each["id"] for each in mine] == [attempt["id"]]
    assignment_create(classroom, instructor, quiz, key_when="never")
    refused = send(personal_create(student), "post", start)
    assert (refused.status_code, refused.json()["code"]) == (409, "withheld")


def test_program_of_another_school_reaches_no_attempt(
    classroom: Classroom, instructor: User, student: User, other_school: School
) -> None:
    assignment = given(classroom, instructor)
    attempt = begin(personal_create(student), assignment)["id"]
    foreign = program_create(other_school, student)
    missing = "11111111-1111-4111-8111-111111111111"
    for address, method in (
        ("attempts/{}", "get"),
        ("attempts/{}/review", "get"),
        ("attempts/{}/submit", "post"),
        ("attempts/{}/items/1/contest", "get"),
        ("attempts/{}/items/1/check", "post"),
    ):
        answers = [
            getattr(foreign, method)(f"{V1}/{address.format(key)}").content
            for key in (attempt, missing)
        ]
        assert answers[0] == answers[1], address
    assert foreign.get(f"{V1}/attempts").json()["results"] == []
    assert save(foreign, attempt, 1, sequence=1).status_code == 404
    assert Attempt.objects.get().state == "open"
