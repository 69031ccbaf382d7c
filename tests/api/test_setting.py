"""Questions and quizzes over the API, as their authors write them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client

from apps.accounts.models import School, User
from apps.classrooms.models import Classroom
from apps.quizzes.models import Assignment, Question, QuestionVersion, Quiz
from tests.api.conftest import personal_create, program_create
from tests.api.sitting import HOSTILE, V1, begin, change, given, given_at, send
from tests.factories import NOW
from tests.learning.factories import lesson_create
from tests.quizzes.factories import SPECS, assignment_create, question_create, quiz_create

pytestmark = pytest.mark.django_db


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
