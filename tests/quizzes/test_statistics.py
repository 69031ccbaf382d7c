"""The figures against the standard library's own and identities of the theory; and on the site."""

import statistics as independent
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import assume, given
from hypothesis import strategies as st
from pytest_django.asserts import assertContains
from pytest_django.fixtures import DjangoAssertNumQueries

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.quizzes import selectors, services, statistics
from apps.quizzes.statistics import Answer
from tests.classrooms.factories import students_add
from tests.quizzes.factories import (
    assignment_create,
    question_create,
    quiz_create,
    right_saves,
)

SHARES = st.lists(st.floats(0, 1, width=16), min_size=3, max_size=40)


@given(st.lists(st.tuples(st.floats(0, 1, width=16), st.floats(0, 1, width=16)), min_size=3))
def test_discrimination_is_pearson_s_correlation(pairs: list[tuple[float, float]]) -> None:
    items, rests = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    assume(independent.pstdev(items) > 1e-3 and independent.pstdev(rests) > 1e-3)
    answers = [Answer(number, item, rest) for number, (item, rest) in enumerate(pairs)]
    figures = statistics.item_figures(answers)
    assert figures.discrimination == pytest.approx(independent.correlation(items, rests), abs=1e-6)
    assert figures.facility == pytest.approx(independent.fmean(items))
    assert figures.deviation == pytest.approx(independent.stdev(items))


@given(st.lists(st.lists(st.floats(0, 1, width=16), min_size=4, max_size=4), min_size=3))
def test_alpha_is_what_the_covariances_of_the_items_give(rows: list[list[float]]) -> None:
    columns = list(zip(*rows, strict=True))
    total = sum(independent.covariance(a, b) for a in columns for b in columns)
    assume(total > 1e-3)
    own = sum(independent.variance(column) for column in columns)
    assert statistics.alpha(rows) == pytest.approx(4 / 3 * (1 - own / total), abs=1e-6)


@given(SHARES)
def test_two_items_of_equal_spread_obey_spearman_and_brown(values: list[float]) -> None:
    """For standardised halves alpha is 2r / (1 + r), by Spearman (1910) and Brown (1910)."""
    assume(independent.pstdev(values) > 1e-2)
    other = [*values[1:], values[0]]  # the same spread
    r = independent.correlation(values, other)
    assume(r > -0.9)
    rows = [list(pair) for pair in zip(values, other, strict=True)]
    assert statistics.alpha(rows) == pytest.approx(2 * r / (1 + r), abs=1e-4)


def test_error_of_measurement_follows_from_spread_and_reliability() -> None:
    rows = {1: [1.0, 1.0], 2: [1.0, 0.0], 3: [0.0, 0.0], 4: [0.0, 0.0]}
    figures = statistics.quiz_figures(rows, [1, 1])
    # By hand: sums 2, 1, 0, 0; variance of the sums 11/12, of the items 1/3 and 1/4.
    assert figures.alpha == pytest.approx(2 * (1 - (7 / 12) / (11 / 12)))
    assert figures.deviation == pytest.approx((11 / 12) ** 0.5 / 2)
    assert figures.error == pytest.approx((11 / 48 * (1 - 8 / 11)) ** 0.5)


def test_nothing_is_made_up_from_too_little() -> None:
    assert statistics.item_figures([]).facility is None
    one = statistics.item_figures([Answer(1, 1.0, None)])
    assert (one.discrimination, one.deviation, one.is_small) == (None, None, True)
    assert statistics.quiz_figures({1: [1.0]}, [1]).alpha is None
    same = [Answer(number, 1.0, 0.5) for number in range(5)]
    assert statistics.item_figures(same).discrimination is None


def test_upper_and_lower_groups_are_27_per_cent_each() -> None:
    answers = [Answer(number, 1.0, number / 100) for number in range(100)]
    upper, lower = statistics.groups(answers)
    assert (upper, lower) == (set(range(73, 100)), set(range(27)))


@pytest.mark.django_db
@pytest.mark.parametrize("count", [2, 20])
def test_analysis_of_a_class(
    count: int,
    classroom: Classroom,
    instructor: User,
    client_of: Callable[[Any], Client],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    questions = [question_create(classroom.course, kind) for kind in ("single_choice", "essay")]
    questions.append(question_create(classroom.course, "ordering"))
    assignment = assignment_create(
        classroom, instructor, quiz_create(classroom.course, *questions), attempt_limit=2
    )
    now = timezone.now()
    for number, person in enumerate(students_add(classroom, count, actor=instructor)):
        for again in range(2):  # the second attempt is all right, and must not count
            moment = now + timedelta(seconds=again)
            attempt = services.assignment_start(assignment=assignment, student=person, now=moment)
            saves = right_saves(attempt) if again or number % 2 else {}
            services.attempt_submit(
                attempt_id=attempt.public_id, student=person, saves=saves, now=moment
            )
    with django_assert_num_queries(2):
        analysis = selectors.analysis_of(assignment)
    choice, ordering = (
        item for item in analysis.items if item.version.kind in {"single_choice", "ordering"}
    )
    assert (choice.figures.count, choice.figures.facility) == (count, 0.5)
    assert ordering.figures.discrimination == pytest.approx(1)
    key = next(line for line in choice.choices if line.is_key)
    assert (key.figures.count, key.figures.lower) == (count // 2, 0)
    assert sum(each.count for each in analysis.bins) == count
    asked = ordering.version.question
    with django_assert_num_queries(2):  # who answered first, and all that they answered
        (seen,) = selectors.analysis_of_question(asked)
    assert (seen.version, seen.figures) == (ordering.version, ordering.figures)
    place = [classroom.public_id, assignment.public_id]
    client = client_of(instructor)
    editor = client.get(f"/admin/quizzes/question/{ordering.version.question_id}/change/")
    assertContains(editor, "It tells strong from weak well.")
    page = client.get(reverse("quizzes:assignment-analysis", args=place))
    assertContains(page, "It tells strong from weak well.")
    assertContains(page, "not as a finding")
