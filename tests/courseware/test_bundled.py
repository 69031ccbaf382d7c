"""The bundled course keeps the rules that can be counted. What it says, people judge."""

from collections import Counter
from datetime import timedelta

import pytest

from apps.content import models
from apps.content.dates import parse_edtf
from apps.content.markdown import render_markdown
from apps.courseware import selectors
from apps.courseware.checks import check_folder
from apps.courseware.checks.texts import render_context
from apps.courseware.format import CourseFiles, read_folder, records
from tests.bundled import BUNDLED

FILES = read_folder(BUNDLED).files
LESSONS = {lesson.path: lesson for lesson in FILES.in_order().lessons}
CONTEXT = render_context(FILES)


@pytest.fixture(scope="module")
def citations() -> dict[str, set[str]]:
    """{paragraph: works cited in the sections that name it}"""
    found: dict[str, set[str]] = {paragraph.number: set() for paragraph in FILES.paragraphs}
    for lesson in FILES.lessons:
        for section in lesson.sections:
            cited = render_markdown(section.body, CONTEXT).citations
            for number in section.sources:
                found[number].update(cited)
    return found


def words_of(lesson: records.Lesson) -> int:
    return sum(render_markdown(section.body, CONTEXT).words for section in lesson.sections)


def test_no_faults() -> None:
    assert [fault for fault in check_folder(BUNDLED).faults if fault.level != "advice"] == []


def test_folder_is_named_by_its_slug() -> None:
    assert FILES.course.slug == BUNDLED.name


def test_units() -> None:
    assert [unit.slug for unit in FILES.course.units] == [
        *("question", "history", "sco", "prospects", "challenges", "theory"),
    ]


def test_whole_article_is_there() -> None:
    assert [item.number for item in FILES.paragraphs] == [f"P{n:02}" for n in range(1, 60)]
    assert sum(reference.listed for reference in FILES.references) == 60
    assert {item.key for item in FILES.references if not item.listed} == {"iis2018"}


def test_about_two_dozen_lessons() -> None:
    assert 22 <= len(LESSONS) <= 28


@pytest.mark.parametrize("path", LESSONS)
def test_lesson_has_its_parts(path: str) -> None:
    lesson = LESSONS[path]
    assert 350 <= words_of(lesson) <= 800
    assert 2 <= len(lesson.sections) <= 5
    assert 2 <= len(lesson.objectives) <= 4
    assert 2 <= len(lesson.summary) <= 4
    assert 2 <= len(lesson.questions) <= 3
    assert 1 <= len(lesson.further_reading) <= 4
    assert not lesson.draft


@pytest.mark.parametrize("paragraph", FILES.paragraphs, ids=lambda item: item.number)
def test_each_work_that_a_paragraph_cites_is_cited_where_it_is_taught(
    paragraph: records.Paragraph, citations: dict[str, set[str]]
) -> None:
    assert set(paragraph.cites) - citations[paragraph.number] == set()


def test_every_paragraph_is_taught_and_every_reference_used(bundled: models.Course) -> None:
    coverage = selectors.coverage(bundled)
    assert [each.name for each in coverage.untaught] == []
    assert {each.name for each in coverage.untested} <= {"P01", "P02", "P03", "P04"}  # the abstract
    assert [each.name for each in coverage.references if not each.sections] == []


def test_paragraphs_are_divided_among_sections() -> None:
    sections = [section for lesson in FILES.lessons for section in lesson.sections]
    assert max(len(section.sources) for section in sections) <= 3
    named = Counter(number for section in sections for number in section.sources)
    assert max(named.values()) <= 3


def test_nouns_are_many_enough_and_walk_back_to_paragraphs() -> None:
    assert len(FILES.glossary) >= 45
    assert len(FILES.actors) >= 30
    assert {actor.kind for actor in FILES.actors} == {
        *("state", "organisation", "person", "project", "group"),
    }
    assert len(FILES.timeline) >= 40
    assert [event.slug for event in FILES.timeline if not event.sources] == []
    assert [place.slug for place in FILES.places if not place.sources] == []


def test_gists_are_one_or_two_sentences() -> None:
    assert max(len(paragraph.gist.split()) for paragraph in FILES.paragraphs) <= 60


def test_day_dates_are_days() -> None:
    spans = {
        event.date: parse_edtf(event.date).ends_on - parse_edtf(event.date).starts_on
        for event in FILES.timeline
    }
    assert timedelta(0) in spans.values()
    assert max(spans.values()) > timedelta(366)


def test_figures_are_shown_and_described() -> None:
    shown: set[str] = set()
    for lesson in FILES.lessons:
        for section in lesson.sections:
            shown.update(render_markdown(section.body, CONTEXT).figures)
    assert shown == {figure.file for figure in FILES.figures}


def test_members_of_the_sco_have_their_codes() -> None:
    members = [actor for actor in FILES.actors if actor.sco == "member"]
    assert len(members) == 10
    assert [actor.slug for actor in members if not actor.iso or not actor.sco_since] == []


def test_everything_loaded_is_what_the_files_say(bundled: models.Course) -> None:
    again: CourseFiles = selectors.course_files(bundled)
    assert again == FILES.in_order()
