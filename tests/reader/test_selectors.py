from collections.abc import Callable

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.content import services
from apps.content.models import Course, SourceParagraph
from apps.core.errors import NotFound
from apps.reader import selectors
from apps.reader.selectors.uses import course_uses
from tests.content import factories
from tests.factories import NOW
from tests.reader.conftest import lessons_add


def test_page_version_is_the_one_that_the_page_gives(course: Course) -> None:
    lesson = {"course": "sco", "unit": "history", "lesson": "invitation"}
    assert selectors.page_version("home", {}) == selectors.home_page().version
    frame = selectors.course_frame("sco")
    assert selectors.page_version("glossary", {"course": "sco"}) == frame.version
    page = selectors.lesson_page("sco", "history", "invitation")
    assert selectors.page_version("lesson", lesson) == page.version
    assert selectors.page_version("lesson", {**lesson, "lesson": "none"}) is None
    assert selectors.page_version("course", {"course": "none"}) is None


def test_uses_are_read_once_for_each_version(
    course: Course, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    frame = selectors.course_frame("sco")
    with django_assert_num_queries(1):  # every published edition of the course
        uses = course_uses(frame)
    with django_assert_num_queries(0):
        assert course_uses(frame) is uses
    services.course_outline_refresh(course=course)
    assert course_uses(selectors.course_frame("sco")) is not uses


def test_uses_are_in_reading_order_and_once(course: Course) -> None:
    twice = "First [@khan1961], then again [@khan1961, p. 34] of [[RATS]] and [[RATS]]."
    factories.lesson_publish(
        course,
        factories.section("early", twice),
        factories.section("late", "Nothing more.", paragraphs=("P02", "P01")),
        slug="second",
    )
    uses = course_uses(selectors.course_frame("sco"))
    assert [link.anchor for link in uses.references["khan1961"]] == ["invitation", "early"]
    assert [link.anchor for link in uses.terms["rats"]] == ["invitation", "early"]
    assert [link.anchor for link in uses.paragraphs["P01"]] == ["invitation", "early", "late"]
    assert [link.lesson_slug for link in uses.recommended["khan1961"]] == ["invitation", "second"]


@pytest.mark.parametrize("lessons", [1, 30])
def test_lists_cost_the_same_for_any_number_of_lessons(
    lessons: int, course: Course, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    lessons_add(course, lessons - 1)
    course_uses(selectors.course_frame("sco"))
    pages: list[tuple[int, Callable[[], object]]] = [
        (1, selectors.home_page),
        (1, lambda: selectors.course_page("sco")),
        (1, lambda: selectors.lesson_page("sco", "history", "invitation")),
        (2, lambda: selectors.paragraphs_by_heading("sco")),
        (7, lambda: selectors.paragraph_page("sco", "P01")),
        (3, lambda: selectors.bibliography("sco", kind="", is_doubtful=False)),
        (3, lambda: selectors.reference_page("sco", "khan1961")),
        (2, lambda: selectors.glossary("sco")),
        (3, lambda: selectors.term_page("sco", "rats")),
        (2, lambda: selectors.actors_by_kind("sco")),
    ]
    for count, read in pages:
        with django_assert_num_queries(count):
            read()


@pytest.mark.parametrize("rows", [1, 30])
def test_lists_cost_the_same_for_any_number_of_rows(
    rows: int, course: Course, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        factories.reference_create(course, f"work-{number}", factories.KHAN)
        services.paragraph_save(
            paragraph=SourceParagraph(article=course.article),
            fields={"number": f"P{number + 10}", "position": number + 10, "gist": "A gist."},
            cites=[f"work-{number}"],
            editor=None,
            now=NOW,
        )
    course_uses(selectors.course_frame("sco"))
    with django_assert_num_queries(3):  # course, works, which paragraph cites which
        page = selectors.bibliography("sco", kind="", is_doubtful=False)
    assert len(page.items) == rows + 2
    with django_assert_num_queries(2):  # course, paragraphs
        selectors.paragraphs_by_heading("sco")


def test_unknown_course_is_not_found(db: None) -> None:
    with pytest.raises(NotFound):
        selectors.course_frame("none")
