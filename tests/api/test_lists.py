"""What every list does alike: the order asked for, page by page, and what is gone from it."""

from datetime import timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone
from rest_framework.request import Request

from apps.accounts.models import User
from apps.api.v1.lists import answer_list
from apps.classrooms import services as classrooms
from apps.classrooms.models import Classroom
from apps.content import services as content
from apps.content.models import Course
from apps.grades import services as grades
from apps.grades.enums import ItemKind
from apps.grades.models import GradeItem
from apps.quizzes import services as quizzes
from tests.api.conftest import client_create, personal_create
from tests.api.declared import READS
from tests.api.test_fields import first_let_in
from tests.api.test_urls import address_of, lists
from tests.content.factories import lesson_publish, term_create
from tests.factories import NOW
from tests.grades.factories import manual_create, score
from tests.quizzes.factories import assignment_create, question_create, quiz_create

pytestmark = pytest.mark.django_db
FIELDS = {"id": "public_id", "title": "title", "retired_at": "retired_at", "sis_id": "sis_id"}


def walk(address: str, side: str) -> list[dict[str, Any]]:
    """Every row, from this page on to where `side` ends."""
    found: list[dict[str, Any]] = []
    at: str | None = address
    while at:
        request = Request(RequestFactory().get(at))
        page: Any = answer_list(
            request,
            GradeItem.objects.filter(kind=ItemKind.MANUAL),
            keys=("position", "public_id"),
            fields=FIELDS,
            ordering=tuple(FIELDS),
        ).data
        found = found + page["results"] if side == "next" else page["results"] + found
        last, at = at, page[side]
    return found if side == "previous" else [*found, {"last": last}]


@pytest.mark.parametrize("sort", [s + f for s in ("", "-") for f in ("title", "retired_at")])
def test_pages_of_every_size_are_the_whole_list_both_ways(classroom: Classroom, sort: str) -> None:
    """Whatever is the same in many rows, or empty, none is lost at the border of two pages."""
    moments = [None, NOW, NOW + timedelta(microseconds=1)]
    GradeItem.objects.bulk_create(
        GradeItem(classroom=classroom, title=title, retired_at=moment, max_points=1, position=place)
        for title, moment, place in product(["A", "b", ""], moments, [1, 2])
    )
    name = sort.removeprefix("-")
    rows = GradeItem.objects.filter(kind=ItemKind.MANUAL)

    def key(row: GradeItem) -> tuple[Any, ...]:
        value = getattr(row, name)
        return value is None, value or NOW if name == "retired_at" else value

    def tie(row: GradeItem) -> tuple[Any, ...]:
        return row.position, str(row.public_id)

    is_down = sort.startswith("-")
    known = sorted(sorted(rows, key=tie, reverse=is_down), key=key, reverse=is_down)
    if name == "title":  # by the rule of the database for letters
        marks = [f"{'-' if is_down else ''}{each}" for each in ("title", "position", "public_id")]
        known = list(rows.order_by(*marks))
    wanted = [row.public_id for row in known]
    for size in (1, 4, len(wanted)):
        *there, last = walk(f"/x?ordering={sort}&page_size={size}", "next")
        assert [row["id"] for row in there] == wanted, size
        assert [row["id"] for row in walk(last["last"], "previous")] == wanted, size


def test_every_list_is_sorted_by_what_it_says(
    callers: dict[str, Client], places: dict[str, str]
) -> None:
    """By fields that it shows; and each of these is a question that the database understands."""
    sorted_lists = 0
    for name, view in lists().items():
        assert set(view.ordering) <= set(view.shape.fields), name
        client = callers[first_let_in(READS[name])]
        for sort in view.ordering:
            query = {"ordering": f"-{sort}", "page_size": "1"}
            answer = client.get(address_of(name, places).partition("?")[0], query)
            assert answer.status_code == 200, (name, sort)
            if answer.json()["next"]:
                assert client.get(answer.json()["next"]).status_code == 200, (name, sort)
        sorted_lists += bool(view.ordering)
    assert sorted_lists > 30


def test_every_list_is_filtered_by_what_it_says(
    callers: dict[str, Client], places: dict[str, str]
) -> None:
    """By each filter and by all together: the database understands the question."""
    for name, view in lists().items():
        assert view.filters is not None, name
        query = {key: _value_for(each) for key, each in view.filters.base_filters.items()}
        client = callers[first_let_in(READS[name])]
        answer = client.get(address_of(name, places).partition("?")[0], query)
        assert answer.status_code == 200, (name, query, answer.content)


def _value_for(each: Any) -> str:
    choices = [str(value) for value, _label in each.extra.get("choices", ()) if value != ""]
    if choices:
        return choices[0]
    kind = type(each).__name__
    known = {"UUIDFilter": str(uuid4()), "BooleanFilter": "true", "DateFilter": "2026-01-02"}
    return {**known, "IsoDateTimeFilter": NOW.isoformat()}.get(kind, "x")


@pytest.fixture
def course(classroom: Classroom) -> Course:
    """The class's course, which anybody may read; its reading names the term."""
    lesson_publish(classroom.course)
    return classroom.course


def gone(client: Client, address: str, **query: str) -> Any:
    """The ids that left a list since the class began, as it says on its first page."""
    asked = {"updated_since": (NOW - timedelta(days=1)).isoformat(), **query}
    body = client.get(f"/api/v1/{address}", asked).json()
    return None if body["deleted"] is None else [each["id"] for each in body["deleted"]]


def ids(*rows: Any) -> list[str]:
    return [str(row.public_id) for row in rows]


def test_what_is_deleted_is_told_to_who_holds_a_copy(
    course: Course, classroom: Classroom, instructor: User, student: User, client: Client
) -> None:
    editor, lms = personal_create(instructor), client_create(classroom.school)
    bank, given = f"courses/{course.slug}", f"classrooms/{classroom.public_id}"
    term = term_create(course, slug="unused", term="Unused", aliases=[])
    question, other = question_create(course), question_create(course, slug="other")
    quiz, kept = quiz_create(course, other), quiz_create(course, other, slug="kept")
    draft, shown = (assignment_create(classroom, instructor, kept) for _number in range(2))
    hidden = assignment_create(classroom, instructor, kept)
    shows = {"feedback_when": "submitted", "key_when": "submitted"}
    never = quizzes.assignment_create(
        classroom=classroom, quiz=kept, fields=shows, actor=instructor, now=NOW
    )
    column, marked = (manual_create(classroom, actor=instructor) for _number in range(2))
    score(marked, student, "4")
    by: dict[str, Any] = {"actor": instructor, "now": NOW}
    content.noun_delete(noun=term, editor=instructor, now=NOW)
    quizzes.question_delete(question=question, editor=instructor, now=NOW)
    quizzes.quiz_delete(quiz=quiz, editor=instructor, now=NOW)
    for row in (shown, never):
        quizzes.assignment_delete(assignment=row, **by)
    quizzes.assignment_withdraw(assignment=hidden, **by)
    quizzes.assignment_withdraw(assignment=draft, **by)
    quizzes.assignment_publish(assignment=draft, **by)
    for item in (column, marked):
        grades.item_delete(item=item, **by)
    assert gone(client, f"{bank}/glossary") == ids(term)
    assert gone(client, f"{bank}/actors") == []
    assert gone(editor, f"{bank}/questions") == ids(question)
    assert gone(editor, f"{bank}/questions", kind="essay") == ids(question)
    assert gone(editor, f"{bank}/quizzes") == ids(quiz)
    assert sorted(gone(lms, f"{given}/assignments")) == sorted(ids(shown, never))
    # Students miss what was taken from them, and learn nothing of what they were never shown.
    mine = gone(personal_create(student), f"{given}/assignments")
    assert sorted(mine) == sorted(ids(shown, hidden))
    assert gone(lms, f"{given}/grade-items") == ids(column)  # the other is there, with retired_at
    later = (NOW + timedelta(seconds=1)).isoformat()
    assert gone(client, f"{bank}/glossary", updated_since=later) == []


def test_place_that_is_taken_or_given_up_leaves_the_list_of_invitations(
    classroom: Classroom, instructor: User, outsider: User, lms: Client
) -> None:
    address = f"classrooms/{classroom.public_id}/invitations"
    by: dict[str, Any] = {"actor": instructor, "now": NOW}
    taken, given_up, kept = (
        classrooms.invitation_create(classroom=classroom, email=email, **by)
        for email in (outsider.email, "b@example.edu", "c@example.edu")
    )
    told = ids(taken, given_up)
    classrooms.invitation_accept(invitation=taken, user=outsider, now=NOW)
    classrooms.invitation_withdraw(invitation=given_up, **by)
    assert sorted(gone(lms, address)) == sorted(told)
    since = {"updated_since": (NOW - timedelta(days=1)).isoformat()}
    body = lms.get(f"/api/v1/{address}", since).json()
    assert [row["id"] for row in body["results"]] == ids(kept)
    assert body["watermark"] < timezone.now().isoformat()
    assert "deleted" not in lms.get(f"/api/v1/{address}").json()


def test_more_than_can_be_told_is_said_to_be_more(
    course: Course, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.api.v1.lists.MAX_GONE", 1)
    told = []
    for number in range(3):
        told.append(gone(client, f"courses/{course.slug}/glossary"))
        term = term_create(course, slug=f"t{number}", term=f"T{number}", aliases=[])
        content.noun_delete(noun=term, editor=None, now=NOW)
    assert [None if each is None else len(each) for each in told] == [0, 1, None]
