"""The structured lesson and its HTML, as an edition keeps them."""

import json
from dataclasses import replace
from itertools import pairwise

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from apps.content import document, selectors, services
from apps.content.document import Frame, TermPart, WorkPart
from apps.content.drafts import LessonDraft, ReadingDraft, SectionDraft
from apps.content.markdown import RenderContext
from apps.content.models import Course
from tests.content.factories import (
    course_create,
    draft,
    lesson_create,
    lesson_publish,
    section,
)
from tests.content.test_markdown import CONTEXT
from tests.factories import NOW

FRAME = Frame("sco", "en", "history", "History")


def work(key: str) -> WorkPart:
    return {
        "key": key,
        "html": f"<i>{key}</i>",
        "kind": "book",
        "kind_label": "Book",
        "note": "",
        "status": "current",
    }


WORKS = {key: work(key) for key in ("hussain2015", "khan1961", "unused1999")}
TERMS: dict[str, TermPart] = {
    slug: {"slug": slug, "term": slug.upper(), "html": "<p>d</p>"} for slug in ("charter", "rats")
}


def build(
    *sections: SectionDraft, context: RenderContext = CONTEXT, **fields: object
) -> document.Document:
    return document.build(draft(*sections, **fields), context, FRAME, WORKS, TERMS)


def test_document_holds_what_a_reader_needs() -> None:
    content = build(
        section("one", "A [@khan1961] and [[RATS]][^1].\n\n[^1]: Note one."),
        section(
            "two", "B @hussain2015[^1] and[^2].\n\n[^1]: Note two.\n[^2]: Three.", paragraphs=()
        ),
        further_reading=(ReadingDraft("unused1999", "Why."), ReadingDraft("gone2000", "")),
    )
    assert content["unit"] == {"slug": "history", "title": "History"}
    assert [(part["id"], part["sources"]) for part in content["sections"]] == [
        ("one", ["P01"]),
        ("two", []),
    ]
    assert [part["key"] for part in content["works"]] == ["hussain2015", "khan1961"]
    assert [part["slug"] for part in content["terms"]] == ["rats"]
    assert [(note["id"], note["number"]) for note in content["notes"]] == [
        ("fn-one-1", 1),
        ("fn-two-1", 2),
        ("fn-two-2", 3),
    ]
    assert content["further_reading"] == [
        {"key": "unused1999", "note": "Why.", "html": "<i>unused1999</i>"}
    ]


@pytest.mark.parametrize(("words", "minutes"), [(0, 1), (200, 1), (201, 2), (800, 4)])
def test_reading_time_at_two_hundred_words_a_minute(words: int, minutes: int) -> None:
    content = build(section(body="word " * words or " "))
    assert (content["words"], content["reading_minutes"]) == (words, minutes)


@pytest.mark.parametrize(
    ("language", "direction"), [("en", "ltr"), ("ur", "rtl"), ("fa-AF", "rtl"), ("ru", "ltr")]
)
def test_direction_follows_the_language(language: str, direction: str) -> None:
    frame = Frame("sco", language, "history", "History")
    assert document.build(draft(), CONTEXT, frame, WORKS, TERMS)["direction"] == direction


lines = st.lists(st.text(max_size=20), max_size=3).map(tuple)
drafts = st.builds(
    LessonDraft,
    title=st.text(max_size=20),
    slug=st.just("invitation"),
    objectives=lines,
    summary=lines,
    questions=lines,
    sections=st.lists(
        st.builds(
            SectionDraft,
            anchor=st.sampled_from(["one", "two"]),
            heading=st.text(max_size=20),
            body=st.text(max_size=100),
            paragraphs=st.just(("P06",)),
        ),
        max_size=2,
        unique_by=lambda part: part.anchor,
    ).map(tuple),
    further_reading=st.just((ReadingDraft("khan1961", "Why."),)),
)


@given(drafts)
def test_draft_comes_back_from_its_document_whatever_it_says(written: LessonDraft) -> None:
    """Through JSON, as the database keeps it."""
    content = json.loads(json.dumps(document.build(written, CONTEXT, FRAME, WORKS, TERMS)))
    assert document.draft_of(content) == written


@given(drafts, drafts)
def test_checksum_tells_lessons_apart(one: LessonDraft, other: LessonDraft) -> None:
    first, second = (document.build(each, CONTEXT, FRAME, WORKS, TERMS) for each in (one, other))
    assert (document.checksum(first, "") == document.checksum(second, "")) == (first == second)
    assert document.checksum(first, "") != document.checksum(first, "x")


# The HTML


@pytest.fixture
def course(db: None) -> Course:
    return course_create()


@pytest.fixture
def article(course: Course) -> lxml_html.HtmlElement:
    """A lesson with everything in it."""
    lesson = lesson_publish(
        course,
        section(
            "one",
            "See [@khan1961] on [[RATS]][^n].\n\n### Part\n\n- a\n- b\n\n[^n]: A note.\n",
        ),
        section("two", "Again[^n] @khan1961 and[^n] [P01](source:P01).\n\n[^n]: Another."),
    )
    assert lesson.published_edition is not None
    return lxml_html.fragment_fromstring(lesson.published_edition.html)


def test_ids_are_unique_and_links_within_the_lesson_lead_somewhere(
    article: lxml_html.HtmlElement,
) -> None:
    ids = article.xpath("//@id")
    assert len(ids) == len(set(ids))
    targets = [href[1:] for href in article.xpath("//a/@href") if href.startswith("#")]
    assert set(targets) <= set(ids)
    assert {"ref-khan1961", "term-rats", "fn-one-1", "fnref-two-1-2"} <= set(targets)
    assert set(article.xpath("//@aria-labelledby")) <= set(ids)


def test_headings_go_down_step_by_step(article: lxml_html.HtmlElement) -> None:
    levels = [int(heading.tag[1]) for heading in article.xpath("//h1|//h2|//h3|//h4|//h5|//h6")]
    assert levels[0] == 2
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert 3 in levels


def test_every_link_has_a_name_and_lists_hold_items(article: lxml_html.HtmlElement) -> None:
    for link in article.xpath("//a"):
        assert link.get("aria-label") or link.text_content().strip()
    for child in article.xpath("//ul/* | //ol/*"):
        assert child.tag == "li"
    assert {child.tag for child in article.xpath("//dl/*")} == {"dt", "dd"}


def test_nothing_that_the_content_security_policy_refuses(article: lxml_html.HtmlElement) -> None:
    assert article.xpath("//@style | //script | //style | //@*[starts-with(name(), 'on')]") == []


def test_end_matter_says_where_things_come_from(article: lxml_html.HtmlElement) -> None:
    sources = article.xpath("//section[@id='one']//p[@class='sources']/a")
    assert [link.get("href") for link in sources] == ["/courses/sco/source/P01/"]
    (entry,) = article.xpath("//li[@id='ref-khan1961']")
    assert "Khan, H. U. R. (1961)" in entry.text_content()
    assert "A body of the SCO" in article.xpath("//dl")[0].text_content()
    backs = [link.get("href") for link in article.xpath("//li[@id='fn-two-1']//a")]
    assert backs == ["#fnref-two-1", "#fnref-two-1-2"]


def test_text_of_the_lesson_is_escaped(course: Course) -> None:
    hostile = '<script>alert("x")</script>'
    lesson = lesson_publish(
        course,
        section("one", hostile, heading=hostile),
        title=hostile,
        objectives=(hostile,),
        summary=(hostile,),
        questions=(hostile,),
        further_reading=(ReadingDraft("khan1961", hostile),),
    )
    assert lesson.published_edition is not None
    assert "<script" not in lesson.published_edition.html


def test_edition_speaks_the_language_of_its_course_whoever_publishes_it(db: None) -> None:
    course = course_create(slug="urdu", language="ur")
    lesson = lesson_create(course)
    with override("ru"):
        first = services.lesson_publish(lesson=lesson, editor=None, now=NOW)
    with override("en"):
        assert services.lesson_publish(lesson=lesson, editor=None, now=NOW) == first
    assert first.html.startswith('<div class="edition" lang="ur" dir="rtl">')


def test_preview_is_what_will_be_published(course: Course) -> None:
    lesson = lesson_create(course)
    changed = replace(draft(), title="Another title")
    content = selectors.lesson_document(lesson, selectors.render_context(course), changed)
    html = services.publishing.edition_html(content)
    services.lesson_save(lesson=lesson, draft=changed, expected_revision=1, editor=None, now=NOW)
    edition = services.lesson_publish(lesson=lesson, editor=None, now=NOW)
    assert (edition.document, edition.html) == (content, html)
