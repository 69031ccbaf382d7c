"""Courses as anybody may read them: editions, tombstones, files, search, what it costs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from apps.classrooms.models import Classroom
from apps.content import services
from apps.content.models import Course, GlossaryTerm, Lesson, Reference
from tests.content import factories
from tests.content.factories import lesson_of
from tests.factories import NOW

pytestmark = pytest.mark.django_db

HOSTILE = '<script>alert(1)</script> & "quoted"'


@pytest.fixture
def course(classroom: Classroom, places: dict[str, str]) -> Course:
    return classroom.course


def ask(address: str, status: int = 200, **headers: str) -> Any:
    answer = Client().get(f"/api/v1/{address}", headers=headers)
    assert answer.status_code == status, answer.content
    return answer


def test_editions_stay_as_they_were_published(course: Course, places: dict[str, str]) -> None:
    address = f"courses/{course.slug}/lessons/{places['unit']}/{places['lesson']}"
    first = ask(address)
    assert (first.json()["edition"], first.json()["is_current"]) == (1, True)
    lesson = lesson_of(Lesson.objects.get(public_id=places["lesson_id"]))
    factories.save(lesson, factories.draft(factories.section(body="It came late.")))
    services.lesson_publish(lesson=lesson_of(lesson), editor=None, now=NOW + timedelta(days=1))
    assert "It came late." in ask(address).json()["html"]
    old = ask(f"{address}?edition=1")
    assert old.json() == {**first.json(), "is_current": False}
    # What is told of it has changed, so its tag has.
    assert old["ETag"] != first["ETag"]
    assert ask(f"{address}?edition=1", 304, **{"If-None-Match": old["ETag"]}).content == b""
    listed = ask(f"{address}/editions").json()["results"]
    assert [row["number"] for row in listed] == [1, 2]
    assert ask(f"lessons/{places['lesson_id']}").json() == ask(address).json()
    by_id = address.replace(course.slug, str(course.public_id))
    assert ask(by_id).json() == ask(address).json()
    for wish in ("3", "0", "-1", "x", "%C2%B2", "9" * 30):
        assert ask(f"{address}?edition={wish}", 404).json()["code"] == "not_found"
    ask(f"{address}?editon=1", 400)


def test_lesson_that_was_withdrawn_leaves_a_tombstone(
    course: Course, places: dict[str, str]
) -> None:
    factories.lesson_create(course, slug="draft-only", title="Draft only")
    factories.lesson_publish(course, slug="other", title="Other")
    lesson = lesson_of(Lesson.objects.get(public_id=places["lesson_id"]))
    services.lesson_withdraw(lesson=lesson, editor=None, now=NOW)
    rows = ask(f"courses/{course.slug}/lessons").json()["results"]
    states = {row["slug"]: row["status"] for row in rows}
    assert states == {"noted": "published", "other": "published"}
    rows = ask(f"courses/{course.slug}/lessons?updated_since=2020-01-01T00:00Z").json()["results"]
    found = {row["slug"]: (row["status"], row["title"], row["edition"]) for row in rows}
    assert found == {
        "noted": ("published", found["noted"][1], 1),
        "other": ("published", "Other", 1),
        places["lesson"]: ("withdrawn", None, None),
    }
    ask(f"courses/{course.slug}/lessons/{places['unit']}/{places['lesson']}", 404)
    ask(f"courses/{course.slug}/lessons/{places['unit']}/{places['lesson']}?edition=1", 404)
    ask(f"lessons/{places['lesson_id']}", 404)
    later = f"courses/{course.slug}/lessons?updated_since=2199-01-01T00:00Z"
    assert ask(later).json()["results"] == []


def test_works_come_as_files_of_reference_managers(course: Course) -> None:
    work = f"courses/{course.slug}/references/khan1961"
    assert ask(work).json()["cited_by_paragraphs"] == ["P01"]
    beginnings = {"csl": "[", "bibtex": "@article{khan1961", "ris": "TY  - JOUR"}
    for form, beginning in beginnings.items():
        one, all_of_them = ask(f"{work}/{form}"), ask(f"courses/{course.slug}/bibliography/{form}")
        assert one.content.decode().lstrip().startswith(beginning)
        assert "charset=utf-8" in one["Content-Type"]
        assert "Pak-Russian Relations" in all_of_them.content.decode()
        assert "Pak-Russian Relations" not in one.content.decode()
        ask(f"{work}/{form}", 304, **{"If-None-Match": one["ETag"]})
    assert ask(f"{work}/word", 404)["Content-Type"] == "application/problem+json"
    ask(f"courses/{course.slug}/references/none/ris", 404)


def test_nouns_tell_what_they_rest_on(course: Course) -> None:
    for noun, name in (("glossary", "term"), ("actors", "name"), ("timeline", "title")):
        row = ask(f"courses/{course.slug}/{noun}/pakistan").json()
        assert row["sources"] == ["P01"]
        assert row[name]
    assert ask(f"courses/{course.slug}/timeline/pakistan").json()["references"] == ["khan1961"]
    assert ask(f"courses/{course.slug}/paragraphs/P01").json()["cites"] == ["khan1961"]
    filtered = {
        "actors?kind=state": 1,
        "actors?kind=person": 0,
        "timeline?actor=pakistan": 1,
        "timeline?starts_after=1950-01-01": 0,
        "places?kind=city": 1,
        "glossary?source=P02": 0,
        "paragraphs?cites=khan1961": 1,
        "references?kind=treaty": 0,
        "references?updated_since=2199-01-01T00:00Z": 0,
    }
    found = {
        query: len(ask(f"courses/{course.slug}/{query}").json()["results"]) for query in filtered
    }
    assert found == filtered


def test_search_escapes_what_it_marks(course: Course) -> None:
    factories.term_create(
        course, slug="hostile", term=f"Zanzibar {HOSTILE}", aliases=[], definition="A zanzibar."
    )
    body = ask(f"courses/{course.slug}/search?q=zanzibar").json()
    (hit,) = body["results"]
    assert (hit["kind"], hit["key"], body["count"]) == ("term", "hostile", 1)
    assert hit["title_html"].startswith("<mark>Zanzibar</mark> &lt;script&gt;")
    assert "<script" not in hit["title_html"] + hit["snippet_html"]
    assert ask(f"courses/{course.slug}/search").json()["results"] == []
    for query in ("kind=nonsense", "cursor=x", "cursor=WzFd", "page=2"):
        assert ask(f"courses/{course.slug}/search?q=a&{query}", 400).json()["code"] == "invalid"


def test_search_is_paged_by_its_links(course: Course) -> None:
    for number in range(25):
        factories.term_create(course, slug=f"t{number}", term=f"Zanzibar {number}", aliases=[])
    first = ask(f"courses/{course.slug}/search?q=zanzibar").json()
    second = Client().get(first["next"]).json()
    assert [len(first["results"]), len(second["results"])] == [20, 5]
    assert (second["next"], Client().get(second["previous"]).json()) == (None, first)


@pytest.mark.parametrize("count", [1, 200])
def test_nouns_cost_the_same_whatever_their_number(
    count: int, course: Course, django_assert_num_queries: Callable[..., Any]
) -> None:
    term = GlossaryTerm.objects.get(course=course, slug="pakistan")
    terms = GlossaryTerm.objects.bulk_create(
        GlossaryTerm(course=course, slug=f"t{n}", term=f"T{n}", definition="x")
        for n in range(count)
    )
    for each in terms:
        each.sources.add(*term.sources.all())
    Reference.objects.bulk_create(
        Reference(course=course, key=f"w{n}", csl={}, kind="book") for n in range(count)
    )
    Client().get("/api/v1/courses")
    # count, course, rows, and what the rows lead to
    for noun in ("glossary", "references", "paragraphs"):
        with django_assert_num_queries(4):
            ask(f"courses/{course.slug}/{noun}?page_size=200")
