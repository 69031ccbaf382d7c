"""Finding what an argument rests on, and quotations from sections as readers see them."""

from typing import Any

import pytest

from apps.classrooms.models import Classroom
from apps.content.models import Course
from apps.debates import quotations, selectors
from apps.debates.enums import EvidenceKind
from apps.debates.models import Evidence, Participant
from apps.debates.services import Source
from tests.content.factories import lesson_publish, section
from tests.debates.factories import join, post, run_create

BODY = (
    "Moscow asked Karachi first [@khan1961, pp. 33-35] and waited.[^1] "
    "Washington asked [@khan1961; @hussain-fatima2015] later.\n\n[^1]: It waited for a *year*."
)


@pytest.fixture
def course(classroom: Classroom) -> Course:
    lesson_publish(
        classroom.course,
        section("invitation", BODY, heading="Two invitations"),
        section("answer", "Karachi went to Washington.", heading="One answer"),
    )
    return classroom.course


def found(course: Course, query: str) -> list[tuple[str, str]]:
    return [(each.kind, each.value) for each in selectors.sources_found(course, query)]


@pytest.mark.django_db
def test_one_query_finds_works_paragraphs_and_sections(course: Course) -> None:
    section_named = (EvidenceKind.SECTION, "history/invitation#invitation")
    assert found(course, "khan1961") == [(EvidenceKind.REFERENCE, "khan1961")]
    assert found(course, "@khan19") == [(EvidenceKind.REFERENCE, "khan1961")]
    assert found(course, "Pakistan's relations") == [(EvidenceKind.REFERENCE, "khan1961")]
    assert found(course, "p01") == [(EvidenceKind.PARAGRAPH, "P01")]
    assert found(course, "gist") == [
        (EvidenceKind.PARAGRAPH, "P01"),
        (EvidenceKind.PARAGRAPH, "P02"),
    ]
    assert found(course, "two invit") == [section_named]
    assert section_named in found(course, "karachi")


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["", "…", "\0", "%", '"', "x" * 200, "zanzibar", "'; --"])
def test_query_that_names_nothing_finds_nothing(course: Course, query: str) -> None:
    assert found(course, query) == []


@pytest.mark.django_db
def test_draft_of_a_section_is_neither_listed_nor_found(course: Course) -> None:
    lesson = course.units.get().lessons.get()
    lesson.sections.filter(anchor="answer").update(anchor="secret", heading="Zanzibar")
    assert [key for key, _label in selectors.sections_offered(course.pk)] == [
        "history/invitation#invitation",
        "history/invitation#answer",
    ]
    assert found(course, "zanzibar") == []


@pytest.mark.django_db
def test_search_costs_the_same_whatever_is_there(
    course: Course, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(8):
        # keys 1; works: counts, entries, rows 3; paragraphs 1; sections: counts, entries 2
        selectors.sources_found(course, "gist")


@pytest.fixture
def author(course: Course, classroom: Classroom, instructor: Any, student: Any) -> Participant:
    return join(run_create(classroom, instructor), student)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("quotation", "is_found"),
    [
        ("Moscow asked Karachi first (Khan, 1961, pp. 33–35) and waited", True),  # as it stands
        ("Moscow asked Karachi first and waited. Washington", True),  # over a citation and a note
        ("and waited.1 Washington asked", True),  # as a browser copies the number of a note
        ("Washington asked later", True),  # over a citation of two works
        ("Washington asked (Khan, 1961; Hussain & Fatima, 2015) later", True),
        ("It waited for a year", True),  # the words of a note
        ("Moscow asked … later", True),
        ("Moscow asked Washington", False),
        ("Karachi went to Washington", False),  # of another section
        ("khan1961, pp. 33-35", False),  # Markdown, which no reader sees
    ],
)
def test_quotation_is_looked_for_in_what_readers_see(
    author: Participant, quotation: str, is_found: bool
) -> None:
    post(author, sources=[Source(section="history/invitation#invitation", quotation=quotation)])
    assert Evidence.objects.get().is_quotation_found is is_found


def test_readings_differ_in_notes_and_citations_alone() -> None:
    html = (
        'A <a class="citation" href="#">(Khan, 1961)</a> b<sup><a class="footnote-ref" href="#">1'
        '</a></sup> as <a class="citation" href="#">Zeb (2006)</a> says.'
    )
    assert quotations.readings(html) == [
        "A (Khan, 1961) b1 as Zeb (2006) says.",
        "A (Khan, 1961) b as Zeb (2006) says.",
        "A b as Zeb (2006) says.",
    ]
