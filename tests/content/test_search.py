from collections.abc import Callable
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils.safestring import mark_safe
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from apps.content import search
from apps.content.models import (
    Actor,
    Course,
    GlossaryTerm,
    Lesson,
    LessonEdition,
    Place,
    Reference,
    SearchEntry,
    Section,
    TimelineEvent,
    Unit,
)
from apps.content.search.text import words

Sections = dict[str, tuple[str, str]]  # anchor: (heading, HTML)


@pytest.fixture
def course(db: None) -> Course:
    return Course.objects.create(slug="sco", title="The SCO")


@pytest.fixture
def unit(course: Course) -> Unit:
    return Unit.objects.create(course=course, slug="history", title="History")


def lesson_published(unit: Unit, slug: str, title: str, sections: Sections) -> Lesson:
    lesson = Lesson.objects.create(unit=unit, slug=slug, title=title)
    edition_add(lesson, title, sections)
    return lesson


def edition_add(
    lesson: Lesson, title: str, sections: Sections, notes: list[dict[str, object]] | None = None
) -> None:
    lesson.published_edition = LessonEdition.objects.create(
        lesson=lesson,
        number=lesson.editions.count() + 1,
        title=title,
        document={
            "objectives": ["Explain the visit."],
            "summary": [],
            "questions": [],
            "notes": notes or [],
            "sections": [
                {"id": anchor, "heading": heading, "html": html}
                for anchor, (heading, html) in sections.items()
            ],
        },
        html="",
        checksum="0" * 64,
        word_count=1,
        reading_minutes=1,
        published_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    lesson.save()


def found(course: Course, query: str, **options: object) -> list[tuple[str, str]]:
    page = search.search(course=course, query=query, page_size=100, **options)  # type: ignore[arg-type]
    return [(hit.kind, hit.key) for hit in page.hits]


@pytest.fixture
def library(course: Course, unit: Unit) -> Course:
    """One thing of each kind, all of which speak of steel."""
    lesson_published(
        unit,
        "steel",
        "Oil and money",
        {
            "mill": ("A mill in Karachi", "<p>The Soviet Union built a <em>steel</em> mill.</p>"),
            "steel-again": ("Steel", "<p>Much later.</p>"),
        },
    )
    GlossaryTerm.objects.create(
        course=course, slug="psm", term="Pakistan Steel", aliases=["PSM"], html="<p>A mill.</p>"
    )
    Actor.objects.create(
        course=course, slug="mill", name="The mill", kind="project", html="<p>Makes steel.</p>"
    )
    Place.objects.create(
        course=course, slug="karachi", name="Karachi", kind="port", latitude=24.86,
        longitude=67.01, html="<p>Has steel.</p>",
    )  # fmt: skip
    TimelineEvent.objects.create(
        course=course, slug="agreed", date="1971", starts_on=date(1971, 1, 1),
        ends_on=date(1971, 12, 31), title="The mill is agreed", html="<p>Steel for Karachi.</p>",
    )  # fmt: skip
    Reference.objects.create(
        course=course, key="khan1961", csl={}, kind="book", title="Steel and the USSR",
        year="1961", authors_short="Khan", apa_html="<p>Khan (1961). <em>Steel.</em></p>",
        note="The year is doubtful.",
    )  # fmt: skip
    search.rebuild(course)
    return course


def test_search_every_kind(library: Course) -> None:
    page = search.search(course=library, query="steel")
    assert page.counts == {
        "actor": 1, "event": 1, "lesson": 2, "place": 1, "reference": 1, "term": 1,
    }  # fmt: skip
    assert page.count == len(page.hits) == 7
    # Titles come before texts.
    assert {hit.key for hit in page.hits[:3]} == {"history/steel#steel-again", "psm", "khan1961"}


def test_search_kinds(library: Course) -> None:
    page = search.search(course=library, query="steel", kinds=["term", "place"])
    assert {hit.kind for hit in page.hits} == {"term", "place"}
    assert page.count == 2
    assert sum(page.counts.values()) == 7


def test_search_unknown_kind(library: Course) -> None:
    assert search.search(course=library, query="steel", kinds=["draft"]) == search.SearchPage()


def test_search_hit(library: Course) -> None:
    (hit,) = search.search(course=library, query="soviet mills").hits
    assert hit == search.SearchHit(
        kind="lesson",
        key="history/steel#mill",
        title="A mill in Karachi",
        title_html=mark_safe("A <mark>mill</mark> in Karachi"),
        context="Oil and money",
        snippet_html=mark_safe("The <mark>Soviet</mark> Union built a steel <mark>mill</mark>."),
    )


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("psm", ["psm"]),  # an alias
        ("doubtful", ["khan1961"]),  # a source note
        ("khan 1961", ["khan1961"]),
        ("1971", ["agreed"]),
        ('"steel mill"', ["history/steel#mill"]),  # not "steel … mill"
        ('"mill steel"', []),
        ('"steel mills"', []),  # as written
        ("explaining visits", ["history/steel"]),  # an objective of the lesson as a whole
        ("sov", ["history/steel#mill"]),
        ("SOVIÉT", ["history/steel#mill"]),
        ("sov mill", ["agreed", "history/steel#mill", "mill", "psm"]),  # none has both: any
    ],
)
def test_search_finds(library: Course, query: str, keys: list[str]) -> None:
    assert sorted(key for _kind, key in found(library, query)) == keys


def test_search_title_then_context_then_body(course: Course) -> None:
    for slug, term, aliases, html in [
        ("body", "One", [], "<p>treaty of friendship and other words</p>"),
        ("context", "Two", ["treaty"], "<p>of friendship and other words</p>"),
        ("title", "Treaty", [], "<p>of friendship and other words</p>"),
        ("none", "Other", [], "<p>of friendship and other words</p>"),
    ]:
        GlossaryTerm.objects.create(course=course, slug=slug, term=term, aliases=aliases, html=html)
    search.rebuild(course)
    assert [key for _kind, key in found(course, "treaty")] == ["title", "context", "body"]


def test_search_some_words(library: Course) -> None:
    page = search.search(course=library, query="psm zebra")
    assert [hit.key for hit in page.hits] == ["psm"]
    assert page.has_all_words is False
    assert search.search(course=library, query="psm mill").has_all_words is True


def test_search_pages(course: Course) -> None:
    for number in range(45):
        GlossaryTerm.objects.create(course=course, slug=f"t{number:02}", term="Gas", html="")
    search.rebuild(course)
    keys: list[str] = []
    for number in (1, 2, 3):
        page = search.search(course=course, query="gas", page=number)
        assert (page.count, page.page, page.page_count) == (45, number, 3)
        keys += [hit.key for hit in page.hits]
    assert keys == [f"t{number:02}" for number in range(45)]
    assert search.search(course=course, query="gas", page=99).page == 3
    assert search.search(course=course, query="gas", page=-1).page == 1


@pytest.mark.parametrize("rows", [1, 30])
def test_search_queries(
    course: Course, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        GlossaryTerm.objects.create(course=course, slug=f"t{number}", term="Gas", html="")
    search.rebuild(course)
    with django_assert_num_queries(2):  # how many of each kind; the page
        search.search(course=course, query="gas")
    with django_assert_num_queries(3):  # nothing has both words; how many have one; the page
        search.search(course=course, query="gas zebra")
    with django_assert_num_queries(0):
        search.search(course=course, query="!?")


def test_search_another_course(library: Course) -> None:
    other = Course.objects.create(slug="other", title="Other")
    assert found(other, "steel") == []
    GlossaryTerm.objects.create(course=other, slug="steel", term="Steel", html="")
    search.rebuild(other)
    assert found(other, "steel") == [("term", "steel")]
    assert len(found(library, "steel")) == 7


def test_search_never_a_draft(course: Course, unit: Unit) -> None:
    lesson = lesson_published(unit, "one", "Published", {"a": ("Old", "<p>Open words.</p>")})
    Section.objects.create(lesson=lesson, anchor="b", heading="Secret", body="Secret draft.")
    Lesson.objects.create(unit=unit, slug="two", title="Secret too")
    search.rebuild(course)
    assert found(course, "secret") == []
    assert found(course, "open words") == [("lesson", "history/one#a")]


def test_refresh_lesson_new_edition(course: Course, unit: Unit) -> None:
    lesson = lesson_published(
        unit, "one", "One", {"a": ("Apple", "<p>x</p>"), "b": ("Pear", "<p>x</p>")}
    )
    neighbour = lesson_published(unit, "one-b", "Next", {"a": ("Apple", "<p>x</p>")})
    for each in (lesson, neighbour):
        search.refresh_lesson(each)
    edition_add(lesson, "One", {"b": ("Plum", "<p>x</p>")})
    search.refresh_lesson(lesson)
    assert found(course, "apple") == [("lesson", "history/one-b#a")]
    assert found(course, "pear") == []
    assert found(course, "plum") == [("lesson", "history/one#b")]


def test_refresh_lesson_withdrawn(course: Course, unit: Unit) -> None:
    lesson = lesson_published(unit, "one", "One", {"a": ("Apple", "<p>x</p>")})
    search.refresh_lesson(lesson)
    lesson.published_edition = None
    lesson.save()
    search.refresh_lesson(lesson)
    assert found(course, "apple") == []


def test_refresh_lesson_notes(course: Course, unit: Unit) -> None:
    lesson = Lesson.objects.create(unit=unit, slug="one", title="One")
    text = '<p>Cupping<sup><a class="footnote-ref" href="#fn-a-1">1</a></sup>.</p>'
    note = '<p>By suction.</p> <a class="footnote-back" href="#fnref-a-1">↩</a>'
    edition_add(
        lesson,
        "One",
        {"a": ("Hijama", text), "a-1": ("Other", "<p>x</p>")},
        [{"id": "fn-a-1", "number": 1, "html": note}],
    )
    search.refresh_lesson(lesson)
    (hit,) = search.search(course=course, query="suction").hits
    assert hit.key == "history/one#a"
    assert hit.snippet_html == "Cupping. By <mark>suction</mark>."


def test_refresh_noun_replaces(library: Course) -> None:
    term = GlossaryTerm.objects.get(slug="psm")
    term.term, term.aliases = "Iron works", []
    term.save()
    search.refresh_noun(term)
    assert found(library, "psm") == []
    assert found(library, "iron") == [("term", "psm")]


def test_forget(library: Course) -> None:
    search.forget(course=library, kind="term", key="psm")
    search.forget(course=library, kind="lesson", key="history/steel")
    search.forget(course=library, kind="actor", key="nobody")
    assert sorted(kind for kind, _key in found(library, "steel")) == [
        "actor", "event", "place", "reference",
    ]  # fmt: skip


def test_rebuild_twice(library: Course) -> None:
    before = found(library, "steel")
    entries = SearchEntry.objects.count()
    assert search.rebuild(library) == entries == SearchEntry.objects.count()
    assert found(library, "steel") == before


@pytest.mark.parametrize("rows", [1, 30])
def test_rebuild_queries(
    course: Course, unit: Unit, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        lesson_published(unit, f"l{number}", "Lesson", {"a": ("Gas", "<p>x</p>")})
        GlossaryTerm.objects.create(course=course, slug=f"t{number}", term="Gas", html="")
    search.rebuild(course)
    # Savepoint; old ids, their index on SQLite, entries; lessons; five kinds of noun; insert,
    # index; release.
    with django_assert_num_queries(13 if connection.vendor == "sqlite" else 12):
        search.rebuild(course)


def test_search_rebuild_command(library: Course) -> None:
    SearchEntry.objects.all().delete()
    told = StringIO()
    call_command("search_rebuild", "sco", stdout=told)
    assert told.getvalue() == "sco: 8 entries\n"
    assert len(found(library, "steel")) == 7
    with pytest.raises(CommandError, match="nowhere"):
        call_command("search_rebuild", "nowhere")


@pytest.fixture
def term_in(db: None) -> Callable[[str, str], Course]:
    """A function that makes a course in a language with one term in its glossary."""

    def create(language: str, term: str) -> Course:
        course = Course.objects.create(slug=language, title=language, language=language)
        GlossaryTerm.objects.create(course=course, slug="it", term=term, html="")
        search.rebuild(course)
        return course

    return create


@pytest.mark.parametrize(
    ("language", "term", "query"),
    [
        ("ur", "شنگھائی تعاون تنظیم", "تعاون"),
        ("ur", "شنگھائی تعاون تنظیم", "شنگ"),
        ("ur", "مَجْلِس", "مجلس"),
        ("ur", "مجلس", "مَجْلِس"),
        ("ur", "پاکستان کی معیشت", "پاكستان"),  # the Arabic keyboard's kaf
        ("ur", "درود ﷺ کا", "ﷺ"),
        ("ru", "Российские учения", "российских учений"),
        ("ru", "Ёлка и мир", "елки"),
        ("ru", "Новый Шёлковый путь", "«шелковый путь»"),
        ("en", "Druzhba (Дружба)", "дружба"),
        ("en", "Sadı & İspir’s study", "sadi ispir"),
    ],
)
def test_search_languages(
    term_in: Callable[[str, str], Course], language: str, term: str, query: str
) -> None:
    course = term_in(language, term)
    (hit,) = search.search(course=course, query=query).hits
    assert "<mark>" in hit.title_html


HOSTILE = [
    '"',
    '""',
    "steel AND",
    "NOT steel",
    "NEAR(steel mill)",
    "title:steel",
    "{title body} : steel",
    "^steel",
    "steel*",
    "*",
    "-steel",
    "steel OR",
    "steel';DROP TABLE content_searchentry;--",
    "steel\\",
    "'steel'",
    "steel & | ! <->",
    "steel:*",
    "%s %(x)s %",
    "\0steel\0",
    "(" * 10_000,
    "steel " * 2_000,
    "s" * 10_000,
    "\ud800steel",
    "🙂",
    "=steel",
    "<mark>steel",
]


@pytest.mark.parametrize("query", HOSTILE)
def test_search_hostile_query(library: Course, query: str) -> None:
    page = search.search(course=library, query=query)
    assert page.count == len(page.hits)


@given(query=st.text(max_size=60) | st.text(alphabet="steel mill\"'*()=:^-\0", max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_search_any_query(library: Course, query: str) -> None:
    page = search.search(course=library, query=query)
    assert page.count == len(page.hits)


@given(
    text=st.text(
        alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=80
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_search_finds_what_was_indexed(course: Course, text: str) -> None:
    """Any text can be indexed, and its own words, quoted or not, find it."""
    term, _created = GlossaryTerm.objects.get_or_create(course=course, slug="it")
    term.term = text
    search.refresh_noun(term)
    expected = [("term", "it")] if list(words(text)) else []
    assert found(course, text) == expected
    assert found(course, f'"{text}"') == expected


def test_search_escapes(course: Course) -> None:
    GlossaryTerm.objects.create(
        course=course, slug="x", term="<script>alert(1)</script>", html="<p>a &lt;img&gt; b</p>"
    )
    search.rebuild(course)
    (hit,) = search.search(course=course, query="alert").hits
    assert hit.title_html == "&lt;script&gt;<mark>alert</mark>(1)&lt;/script&gt;"
    assert hit.snippet_html == "a &lt;img&gt; b"
