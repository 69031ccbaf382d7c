"""Coverage: what uses each paragraph and each reference."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.content import models
from apps.content.models import Reference, SourceParagraph
from apps.content.selectors import pointers
from apps.courseware import selectors
from apps.quizzes.models import Question
from tests.factories import NOW
from tests.quizzes.factories import question_create


def test_uses_of_each_paragraph_and_reference_are_named(loaded: models.Course) -> None:
    coverage = selectors.coverage(loaded)
    assert {each.name: sorted(each.labels) for each in coverage.paragraphs} == {
        "P01": [
            "actor amina-malik",
            "actor pakistan",
            "event of the timeline first-survey",
            "section springs/where-rivers-begin#flow",
            "section springs/where-rivers-begin#spring",
        ],
        "P02": ["actor amina-malik", "section springs/where-rivers-begin#flow"],
        "P03": ["glossary term delta", "place karachi", "section mouths/where-rivers-end#delta"],
    }
    assert {each.name: sorted(each.labels) for each in coverage.references} == {
        "khan1961": [
            "actor amina-malik",
            "event of the timeline first-survey",
            "further reading springs/where-rivers-begin",
            "section springs/where-rivers-begin#flow",
            "section springs/where-rivers-begin#spring",
            "source paragraph P01",
            "source paragraph P02",
        ],
        "zeb2006": [
            "glossary term delta",
            "section springs/where-rivers-begin#flow",
            "source paragraph P02",
        ],
    }
    assert coverage.is_complete


def test_paragraph_that_only_a_term_uses_is_untaught(loaded: models.Course) -> None:
    models.Section.objects.get(anchor="delta").sources.all().delete()
    coverage = selectors.coverage(loaded)
    assert [each.name for each in coverage.untaught] == ["P03"]
    assert not coverage.is_complete


def test_reference_that_nothing_points_to_is_unused(loaded: models.Course) -> None:
    models.Reference.objects.create(course=loaded, key="new2020", csl={}, kind="book")
    coverage = selectors.coverage(loaded)
    assert [each.name for each in coverage.unused] == ["new2020"]
    assert coverage.references[0].sections == ()


def test_paragraphs_that_no_offered_question_has_as_its_key_are_untested(
    loaded: models.Course,
) -> None:
    assert selectors.coverage(loaded).untested == ()  # the bank is not begun
    question = question_create(loaded)  # its key is in P01, its distractors in P02
    coverage = selectors.coverage(loaded)
    assert [each.name for each in coverage.untested] == ["P02", "P03"]
    assert coverage.is_complete
    Question.objects.filter(pk=question.pk).update(retired_at=NOW)
    question_create(loaded, "short_text")
    assert [each.name for each in selectors.coverage(loaded).untested] == ["P02", "P03"]


def test_other_courses_are_not_looked_at(loaded: models.Course, bundled: models.Course) -> None:
    names = {each.name for each in selectors.coverage(loaded).references}
    assert names == {"khan1961", "zeb2006"}


@pytest.mark.parametrize("thing", ["loaded", "bundled"])
def test_coverage_takes_a_fixed_number_of_queries(
    thing: str, request: pytest.FixtureRequest
) -> None:
    course = request.getfixturevalue(thing)
    with CaptureQueriesContext(connection) as queries:
        selectors.coverage(course)
    # 3 for the paragraphs, references and questions; of each relation the pairs, and the rows
    # where there are any.
    relations = len(pointers(SourceParagraph)) + len(pointers(Reference))
    assert len(queries) <= 3 + 2 * relations
