"""Questions and quizzes over the API, what a class is given, objections, and figures."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client

from apps.accounts.models import School, User
from apps.classrooms.models import Classroom
from apps.grades.models import CurrentGrade
from apps.quizzes.models import Assignment, Attempt, Question, QuestionVersion, Quiz
from apps.quizzes.types.contract import Labels
from tests.api.conftest import client_create, personal_create, program_create
from tests.api.test_taking import V1, begin, given, given_at, save, send
from tests.factories import NOW
from tests.learning.factories import lesson_create
from tests.quizzes.factories import SPECS, assignment_create, question_create, quiz_create

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)> [a](javascript:alert(1))"


@pytest.fixture
def author(instructor: User) -> Client:
    return personal_create(instructor)


@pytest.fixture
def bank(classroom: Classroom) -> str:
    return f"courses/{classroom.course.slug}/questions"


def wish(kind: str = "single_choice", **more: Any) -> dict[str, Any]:
    return {
        "slug": f"made-{kind.replace('_', '-')}",
        "kind": kind,
        "stem": "Where did he go instead?",
        "spec": SPECS[kind],
        "sources": ["P01"],
        **more,
    }


def change(client: Client, address: str, body: Any, tag: str = "") -> Any:
    tag = tag or client.get(f"{V1}/{address}")["ETag"]
    return send(client, "patch", address, body, **{"If-Match": tag})


def test_question_of_every_type_is_written_and_read_whole(author: Client, bank: str) -> None:
    for kind, spec in SPECS.items():
        if kind == "locate":  # the class's course has no such places
            continue
        made = send(author, "post", bank, wish(kind, tags=["cold-war"], hints=[{"text": "Think."}]))
        assert made.status_code == 201, made.content
        body = made.json()
        assert (body["spec"], body["version"], body["tags"]) == (spec, 1, ["cold-war"])
        assert body["hints"] == [{"text": "Think.", "cost": "0"}]
        read = author.get(f"{V1}/{bank}/{body['id']}")
        assert (read.json(), read["ETag"]) == (body, made["ETag"])
        query = f"{bank}?kind={kind}&tag=cold-war&source=P01&difficulty=medium"
        assert author.get(f"{V1}/{query}").json()["results"] == [body]
    for file_format in ("gift", "moodle_xml", "table"):
        file = author.get(f"{V1}/{bank.removesuffix('s')}-files/{file_format}")
        assert (file.status_code, "Liaquat Ali Khan" in file.content.decode()) == (200, True)
        assert int(file["Majlis-Losses"]) >= 0


def test_version_is_new_only_where_what_is_asked_is(author: Client, bank: str) -> None:
    address = f"{bank}/{send(author, 'post', bank, wish()).json()['id']}"
    same = change(author, address, {"tags": ["other"], "difficulty": "hard"})
    assert (same.json()["version"], same.json()["tags"]) == (1, ["other"])
    renewed = change(author, address, {"stem": "Where?", "note": "Shorter."}, same["ETag"]).json()
    assert (renewed["version"], renewed["stem"]) == (2, "Where?")
    assert renewed["spec"] == SPECS["single_choice"]
    versions = author.get(f"{V1}/{address}/versions").json()["results"]
    assert [(row["number"], row["note"], row["asked"]) for row in versions] == [
        (1, "", 0),
        (2, "Shorter.", 0),
    ]


def test_objectives_are_those_of_its_lesson_and_make_no_version(
    author: Client, bank: str, classroom: Classroom
) -> None:
    lesson_create(classroom.course, objectives=("Explain it. {#explain}", "Date it."))
    place: dict[str, Any] = {"lesson": "history/invitation", "objectives": ["explain"]}
    address = f"{bank}/{send(author, 'post', bank, wish(**place)).json()['id']}"
    assert author.get(f"{V1}/{address}").json()["objectives"] == ["explain"]
    for keys in (["date"], ["explain", "explain"]):
        refused = change(author, address, {"objectives": keys})
        fields = {fault["field"] for fault in refused.json()["errors"]}
        assert (refused.status_code, fields) == (422, {"objectives"})
    gone = change(author, address, {"objectives": []}).json()
    assert (gone["objectives"], gone["version"]) == ([], 1)


def test_question_is_changed_only_as_it_was_seen(author: Client, bank: str) -> None:
    address = f"{bank}/{send(author, 'post', bank, wish()).json()['slug']}"
    tag = author.get(f"{V1}/{address}")["ETag"]
    assert send(author, "patch", address, {"stem": "Again?"}).status_code == 428
    assert change(author, address, {"stem": "First?"}, tag).status_code == 200
    stale = change(author, address, {"stem": "Second?"}, tag)
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition_failed")
    assert author.get(f"{V1}/{address}").json()["stem"] == "First?"
    retired = send(author, "post", f"{address}/retire").json()
    assert retired["retired_at"] is not None
    assert author.get(f"{V1}/{bank}?is_retired=false").json()["results"] == []
    assert send(author, "post", f"{address}/reinstate").json()["retired_at"] is None
    tag = author.get(f"{V1}/{address}")["ETag"]
    assert send(author, "delete", address, **{"If-Match": tag}).status_code == 204
    assert author.get(f"{V1}/{address}").status_code == 404


BAD_QUESTIONS: tuple[tuple[dict[str, Any], int, str], ...] = (
    ({"spec": {}}, 422, "spec.options"),
    ({"spec": {"options": 5}}, 422, "spec.options"),
    ({"spec": []}, 400, "spec"),
    ({"spec": {"rule": "\0"}}, 400, "spec"),
    ({"stem": "\0"}, 400, "stem"),
    ({"stem": " "}, 400, "stem"),
    ({"kind": "essay2"}, 400, "kind"),
    ({"slug": "Not A Slug"}, 422, "slug"),
    ({"sources": ["P99"]}, 422, "sources"),
    ({"sources": "P01"}, 400, "sources"),
    ({"lesson": "no/where"}, 422, "lesson"),
    ({"hints": [{"text": "x", "cost": 2}]}, 422, "hints.0.cost"),
    ({"hints": [{"text": "x", "cost": "NaN"}]}, 400, "hints.0.cost"),
    ({"hints": [{"cost": 1}]}, 400, "hints.0.text"),
    ({"tags": ["Bad Tag"]}, 422, "tags"),
    ({"tags": [{}]}, 400, "tags.0"),
    ({"difficulty": "none"}, 400, "difficulty"),
    ({"version": 9}, 400, "version"),
)


def test_question_that_is_none_is_refused_and_named(author: Client, bank: str) -> None:
    for body, status, field in BAD_QUESTIONS:
        answer = send(author, "post", bank, wish() | body)
        assert answer.status_code == status, (body, answer.content)
        assert field in [fault["field"] for fault in answer.json()["errors"]], body
    assert not Question.objects.exists()


def columns_of(model: type[Model]) -> set[str]:
    return {field.name for field in model._meta.get_fields()} | {
        field.attname for field in model._meta.concrete_fields
    }


def test_no_column_is_written_that_the_document_does_not_name(
    author: Client, bank: str, classroom: Classroom, instructor: User
) -> None:
    """Every column of each noun is tried; what is protected is refused and stays."""
    assignment = given(classroom, instructor)
    quizzes = f"courses/{classroom.course.slug}/quizzes"
    questions = question_create(classroom.course, slug="asked")
    nouns = (
        (Question, f"{bank}/{questions.slug}", {"slug", "lesson", "anchor", "tags", "difficulty"}),
        (QuestionVersion, f"{bank}/{questions.slug}", {"stem", "spec", "hints", "explanation"}),
        (Quiz, f"{quizzes}/{assignment.quiz.slug}", {"slug", "title", "kind", "intro", "layout"}),
        (Assignment, given_at(assignment), {"title", "instructions", "opens_at", "grading"}),
    )
    named = {
        Question: {"bloom", "objectives"},
        QuestionVersion: {"sources", "note"},
        Quiz: {"lesson", "unit", "shuffle_items", "is_practice", "items"},
        Assignment: {
            *("due_at", "closes_at", "time_limit_seconds", "attempt_limit", "max_points"),
            *("late_penalty_ratio", "layout", "shuffle_items", "has_hints", "has_confidence"),
            *("is_marked_anonymously", "may_contest"),
            *(
                f"{n}_{e}"
                for n in ("score", "correctness", "feedback", "key")
                for e in ("when", "at")
            ),
        },
    }
    for model, address, writable in nouns:
        before = author.get(f"{V1}/{address}").json()
        protected = columns_of(model) - writable - named[model]
        assert {"id", "public_id"} <= protected
        for name in sorted(protected):
            answer = change(author, address, {name: 1})
            assert answer.status_code == 400, (model, name)
            assert [fault["field"] for fault in answer.json()["errors"]] == [name]
        assert author.get(f"{V1}/{address}").json() == before


def test_hostile_text_of_an_author_is_sanitised_where_it_is_shown(
    author: Client, bank: str, classroom: Classroom, instructor: User, student: User
) -> None:
    spec = {
        **SPECS["single_choice"],
        "options": [
            {**option, "text": f"{HOSTILE} {option['id']}", "feedback": HOSTILE}
            for option in SPECS["single_choice"]["options"]
        ],
    }
    hostile: dict[str, Any] = {
        "stem": HOSTILE,
        "spec": spec,
        "explanation": HOSTILE,
        "hints": [{"text": HOSTILE}],
    }
    made = send(author, "post", bank, wish(**hostile))
    if made.status_code == 422:  # a link to a script is a fault of its own
        spec = json_without(spec, "javascript:alert(1)")
        hostile = json_without({**hostile, "spec": spec}, "javascript:alert(1)")
        made = send(author, "post", bank, wish(**hostile))
    assert made.status_code == 201, made.content
    question = Question.objects.get()
    quiz = quiz_create(classroom.course, question)
    assignment = assignment_create(classroom, instructor, quiz, has_hints=True)
    learner = personal_create(student)
    attempt = begin(learner, assignment)["id"]
    send(learner, "post", f"attempts/{attempt}/items/1/hints", {"number": 1})
    shown = learner.get(f"{V1}/attempts/{attempt}").content.decode()
    send(learner, "post", f"attempts/{attempt}/submit")
    shown += learner.get(f"{V1}/attempts/{attempt}/review").content.decode()
    assert not [sign for sign in ("<script", "<img", 'href=\\"javascript') if sign in shown]


def json_without(value: Any, text: str) -> Any:
    if isinstance(value, dict):
        return {name: json_without(each, text) for name, each in value.items()}
    if isinstance(value, list):
        return [json_without(each, text) for each in value]
    return value.replace(f"({text})", "") if isinstance(value, str) else value


def test_quiz_is_written_and_keeps_its_items(
    author: Client, classroom: Classroom, instructor: User
) -> None:
    quizzes = f"courses/{classroom.course.slug}/quizzes"
    question_create(classroom.course, slug="one")
    items = [{"question": "one", "points": 2}, {"draw": 1, "tags": ["cold-war"]}]
    made = send(author, "post", quizzes, {"slug": "made", "title": "Made", "items": items})
    assert made.status_code == 201, made.content
    assert [(each["question"], each["points"], each["draw"]) for each in made.json()["items"]] == [
        ("one", 2, 0),
        ("", 1, 1),
    ]
    address = f"{quizzes}/made"
    changed = change(author, address, {"title": "Changed", "unit": "history", "kind": "unit"})
    assert (changed.json()["title"], changed.json()["unit"]) == ("Changed", "history")
    assert changed.json()["items"] == made.json()["items"]
    assert author.get(f"{V1}/{quizzes}?question=one").json()["results"] == [changed.json()]
    wrong = change(author, address, {"items": [{"question": "none"}]})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "items.0.question")
    assignment_create(classroom, instructor, Quiz.objects.get(slug="made"))
    tag = author.get(f"{V1}/{address}")["ETag"]
    used = send(author, "delete", address, **{"If-Match": tag})
    assert (used.status_code, used.json()["code"]) == (409, "in_use")


def test_bank_is_for_those_who_may_edit_the_course(
    classroom: Classroom,
    bank: str,
    instructor: User,
    student: User,
    foreign_instructor: User,
    other_school: School,
) -> None:
    question_create(classroom.course, slug="asked")
    missing = f"{V1}/{bank}/none"
    for client in (
        personal_create(student),
        personal_create(foreign_instructor),
        program_create(other_school, instructor),
    ):
        answers = [
            client.get(f"{V1}/{bank}/asked"),
            client.get(missing),
            client.get(f"{V1}/{bank}"),
        ]
        assert [answer.status_code for answer in answers] == [404] * 3
        assert answers[0].content == answers[1].content
    instructor.is_staff = False
    instructor.save(update_fields=["is_staff"])
    assert personal_create(instructor).get(f"{V1}/{bank}").status_code == 404


@pytest.mark.parametrize("count", [1, 200])
def test_bank_costs_the_same_whatever_its_size(
    count: int,
    author: Client,
    bank: str,
    classroom: Classroom,
    django_assert_num_queries: Callable[..., Any],
) -> None:
    Question.objects.bulk_create(
        Question(course=classroom.course, slug=f"q{n}", kind="essay", position=n)
        for n in range(count)
    )
    questions = Question.objects.all()
    versions = QuestionVersion.objects.bulk_create(
        QuestionVersion(question=q, number=1, kind="essay", stem="?", spec={}, created_at=NOW)
        for q in questions
    )
    for version in versions:
        version.question.current_version = version
        version.question.save(update_fields=["current_version"])
    author.get(f"{V1}/{bank}")
    with django_assert_num_queries(5):  # access (2), course, rows, tags
        answer = author.get(f"{V1}/{bank}?page_size=200")
    assert len(answer.json()["results"]) == count


# What a class is given


def test_quiz_is_given_published_changed_and_taken_back(
    author: Client, classroom: Classroom, student: User
) -> None:
    learner = personal_create(student)
    class_at = f"classrooms/{classroom.public_id}"
    quiz = quiz_create(classroom.course, title="Unit one")
    (offered,) = author.get(f"{V1}/{class_at}/quizzes").json()["results"]
    assert (offered["id"], offered["title"]) == (str(quiz.public_id), "Unit one")
    body = {"quiz_id": offered["id"], "key_when": "closed"}
    never = send(author, "post", f"{class_at}/assignments", body)
    assert (never.status_code, never.json()["code"]) == (422, "invalid_draft")
    assert "key_when" in [fault["field"] for fault in never.json()["errors"]]
    body |= {"closes_at": "2199-01-01T12:00:00Z", "late_penalty_ratio": "0.125"}
    made = send(author, "post", f"{class_at}/assignments", body, **{"Idempotency-Key": "a"})
    again = send(author, "post", f"{class_at}/assignments", body, **{"Idempotency-Key": "a"})
    assert (made.status_code, again.json(), Assignment.objects.count()) == (201, made.json(), 1)
    assert (made.json()["published_at"], made.json()["mine"]) == (None, None)
    address = f"{class_at}/assignments/{made.json()['id']}"
    assert learner.get(f"{V1}/{address}").status_code == 404
    assert learner.get(f"{V1}/{class_at}/assignments").json()["results"] == []
    lms = client_create(classroom.school).get(f"{V1}/{class_at}/assignments").json()["results"]
    assert [row["id"] for row in lms] == [made.json()["id"]]
    assert send(author, "post", f"{address}/publish").json()["published_at"] is not None
    mine = learner.get(f"{V1}/{address}").json()["mine"]
    assert (mine["state"], mine["attempts_left"], mine["may_start"]) == ("open", 1, True)
    changed = change(author, address, {"title": "Changed", "attempt_limit": None})
    assert (changed.json()["title"], changed.json()["attempt_limit"]) == ("Changed", None)
    assert change(author, address, {"title": "x"}, made["ETag"]).status_code == 412
    assert send(author, "post", f"{address}/withdraw").json()["published_at"] is None
    tag = author.get(f"{V1}/{address}")["ETag"]
    assert send(author, "delete", address, **{"If-Match": tag}).status_code == 204
    assert not Assignment.objects.exists()


BAD_ASSIGNMENTS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"quiz_id": "nonsense"}, "quiz_id"),
    ({"closes_at": "soon"}, "closes_at"),
    ({"time_limit_seconds": 1}, "time_limit_seconds"),
    ({"time_limit_seconds": 10**12}, "time_limit_seconds"),
    ({"attempt_limit": 0}, "attempt_limit"),
    ({"max_points": -1}, "max_points"),
    ({"max_points": "1e999"}, "max_points"),
    ({"late_penalty_ratio": 2}, "late_penalty_ratio"),
    ({"grading": "worst"}, "grading"),
    ({"score_when": "now"}, "score_when"),
    ({"published_at": "2020-01-01T00:00:00Z"}, "published_at"),
    ({"title": ""}, "title"),
    ({"instructions": "\0"}, "instructions"),
)


def test_assignment_that_is_none_is_refused_and_named(author: Client, classroom: Classroom) -> None:
    quiz_id = str(quiz_create(classroom.course).public_id)
    address = f"classrooms/{classroom.public_id}/assignments"
    for body, field in BAD_ASSIGNMENTS:
        answer = send(author, "post", address, {"quiz_id": quiz_id, **body})
        assert answer.status_code == 400, (body, answer.content)
        assert [fault["field"] for fault in answer.json()["errors"]] == [field], body
    assert not Assignment.objects.exists()


def test_quiz_of_another_course_is_not_found(
    author: Client, classroom: Classroom, foreign_classroom: Classroom
) -> None:
    foreign = quiz_create(foreign_classroom.course)
    address = f"classrooms/{classroom.public_id}/assignments"
    for quiz_id in (foreign.public_id, "11111111-1111-4111-8111-111111111111"):
        answer = send(author, "post", address, {"quiz_id": str(quiz_id)})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


# Objections and figures


def test_accepted_objection_regrades_everybody(
    author: Client, classroom: Classroom, instructor: User, student: User, classmate: User
) -> None:
    assignment = given(classroom, instructor)
    learner = personal_create(student)
    attempts = {}
    for person, client in ((student, learner), (classmate, personal_create(classmate))):
        attempts[person] = begin(client, assignment)["id"]
        send(client, "post", f"attempts/{attempts[person]}/submit")
    address = f"attempts/{attempts[student]}/items/1/contest"
    assert send(learner, "post", address, {"text": "Why?"}).json()["code"] == "invalid_draft"
    unknown = send(learner, "post", address, {"text": "Why?", "paragraph": "P99"})
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (400, "paragraph")
    body = {"text": HOSTILE, "reference": "khan1961", "locator": "p. 33"}
    made = send(learner, "post", address, body)
    assert (made.status_code, made.json()["reference"]) == (201, "khan1961")
    assert send(learner, "post", address, body).json()["code"] == "contested"
    assert learner.get(f"{V1}/{address}").json() == made.json()
    class_at = f"classrooms/{classroom.public_id}/contests"
    assert author.get(f"{V1}/{class_at}?state=open").json()["results"] == [made.json()]
    decision = f"{class_at}/{made.json()['id']}/decision"
    for wrong, field in (
        ({"state": "accepted", "reason": "So."}, "kind"),
        ({"state": "accepted", "reason": "So.", "kind": "full", "scope": "course"}, "scope"),
        ({"state": "accepted", "reason": "So.", "kind": "rekey", "version": 7}, "version"),
        ({"state": "open", "reason": "So."}, "state"),
        ({"state": "declined", "reason": ""}, "reason"),
    ):
        answer = send(author, "post", decision, wrong)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)
    accepted = {"state": "accepted", "reason": "So it is.", "kind": "full"}
    decided = send(author, "post", decision, accepted)
    assert (decided.json()["state"], decided.json()["correction"]) == ("accepted", "full")
    assert send(author, "post", decision, accepted).json()["code"] == "decided"
    grades = CurrentGrade.objects.filter(item=assignment.grade_item)
    assert {row.student_id: row.points for row in grades} == {student.pk: 100, classmate.pk: 100}
    assert learner.get(f"{V1}/attempts/{attempts[student]}").json()["points"] == 1
    assert send(learner, "delete", address).json()["code"] == "decided"


def test_objection_is_taken_back_and_refused_where_the_quiz_says_so(
    classroom: Classroom, instructor: User, student: User
) -> None:
    learner = personal_create(student)
    for may, code in ((True, "still_open"), (False, "no_contests")):
        attempt = begin(learner, given(classroom, instructor, may_contest=may))["id"]
        address = f"attempts/{attempt}/items/1/contest"
        refused = send(learner, "post", address, {"text": "Why?", "paragraph": "P01"})
        assert (refused.status_code, refused.json()["code"]) == (409, code)
    attempt = begin(learner, given(classroom, instructor))["id"]
    send(learner, "post", f"attempts/{attempt}/submit")
    address = f"attempts/{attempt}/items/1/contest"
    send(learner, "post", address, {"text": "Why?", "paragraph": "P01"})
    assert send(learner, "delete", address).status_code == 204
    assert learner.get(f"{V1}/{address}").json()["state"] == "withdrawn"


def test_figures_are_those_of_the_analysis_page(
    author: Client, classroom: Classroom, instructor: User, student: User, classmate: User
) -> None:
    assignment = given(classroom, instructor, "single_choice", "short_text")
    for person, is_right in ((student, True), (classmate, False)):
        client = personal_create(person)
        attempt = begin(client, assignment)["id"]
        row = Attempt.objects.get(public_id=attempt).responses.select_related("version")[0]
        label = Labels(row.seed).of("a" if is_right else "b")
        save(client, attempt, 1, answer={"choice": label}, sequence=1, seconds=0)
        send(client, "post", f"attempts/{attempt}/submit")
    body = author.get(f"{V1}/{given_at(assignment)}/statistics").json()
    choice, text = body["results"]
    assert (body["quiz"]["count"], body["waiting"]) == (2, 0)
    assert (choice["facility"], choice["is_small"], text["facility"]) == (0.5, True, 0)
    assert [(line["is_key"], line["count"]) for line in choice["choices"]] == [
        (True, 1),
        (False, 1),
        (False, 0),
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_figures_cost_the_same_whatever_was_asked(
    count: int,
    author: Client,
    classroom: Classroom,
    instructor: User,
    student: User,
    django_assert_num_queries: Callable[..., Any],
) -> None:
    assignment = given(classroom, instructor, *["short_text"] * count)
    learner = personal_create(student)
    send(learner, "post", f"attempts/{begin(learner, assignment)['id']}/submit")
    author.get(f"{V1}/attempts")
    with django_assert_num_queries(6):  # access (2), class, assignment, attempts, responses
        body = author.get(f"{V1}/{given_at(assignment)}/statistics").json()
    assert len(body["results"]) == count
