"""The rule of what is read, and what a page may say of it; without a database."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.learning.reading import (
    MAX_ANCHORS,
    MAX_LESSONS,
    Malformed,
    Place,
    Report,
    is_read,
    join,
    reports_of,
)
from tests.factories import NOW

SECTIONS = ["one", "two"]
LATER = NOW + timedelta(minutes=1)
PLACE = Place("sco", "history", "invitation")
ROW: dict[str, Any] = {"course": "sco", "unit": "history", "lesson": "invitation"}


@pytest.mark.parametrize(
    ("seen", "has_check_up", "tried_at", "retracted_at", "expected"),
    [
        ([], False, None, None, False),
        (["one"], False, None, None, False),
        (["one", "two"], False, None, None, True),
        (["one", "two", "gone"], False, None, None, True),
        (["one", "gone"], False, None, None, False),
        (["one", "two"], True, None, None, False),
        (["one", "two"], True, NOW, None, True),
        (["one"], True, NOW, None, False),
        # Taken back: what was tried before counts no more.
        (["one", "two"], True, NOW, LATER, False),
        (["one", "two"], True, NOW, NOW, False),
        (["one", "two"], True, LATER, NOW, True),
        (["one", "two"], False, None, NOW, False),
    ],
)
def test_rule(
    seen: list[str],
    has_check_up: bool,
    tried_at: datetime | None,
    retracted_at: datetime | None,
    expected: bool,
) -> None:
    found = is_read(
        seen=seen,
        sections=SECTIONS,
        has_check_up=has_check_up,
        tried_at=tried_at,
        retracted_at=retracted_at,
    )
    assert found is expected


def test_a_lesson_without_sections_is_never_read_by_the_rule() -> None:
    assert not is_read(
        seen=["one"], sections=[], has_check_up=False, tried_at=None, retracted_at=None
    )


anchors = st.sampled_from(["one", "two", "three"])
reports = st.builds(
    Report,
    place=st.just(PLACE),
    seen=st.frozensets(anchors),
    resume=anchors,
    at=st.integers(0, 3).map(lambda seconds: NOW + timedelta(seconds=seconds)),
)


@given(st.lists(reports, min_size=1, max_size=3))
def test_reports_join_to_the_same_in_any_order_and_however_often(found: list[Report]) -> None:
    def joined(rows: tuple[Report, ...]) -> Report:
        first, *rest = rows
        for row in rest:
            first = join(first, row)
        return first

    results = {joined(rows) for rows in permutations([*found, found[0]])}
    assert len(results) == 1
    assert results.pop().seen == frozenset[str]().union(*(report.seen for report in found))


def test_what_a_page_sends_is_read() -> None:
    at = 1_772_443_800_123
    rows = [
        {**ROW, "seen": ["one"], "resume": "one", "at": at},
        {**ROW, "seen": ["two", "one"], "resume": "two", "at": at + 1},
        {**ROW, "lesson": "visit"},
    ]
    assert reports_of({"lessons": rows}) == [
        Report(
            PLACE,
            frozenset({"one", "two"}),
            "two",
            datetime(2026, 3, 2, 9, 30, 0, 124_000, tzinfo=UTC),
        ),
        Report(Place("sco", "history", "visit")),
    ]


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"lessons": None},
        {"lessons": {}},
        {"lessons": [None]},
        {"lessons": [{}]},
        {"lessons": [{**ROW, "course": ""}]},
        {"lessons": [{**ROW, "unit": 3}]},
        {"lessons": [{**ROW, "lesson": "x" * 81}]},
        {"lessons": [{**ROW, "seen": "one"}]},
        {"lessons": [{**ROW, "seen": [["one"]]}]},
        {"lessons": [{**ROW, "seen": ["one\x00"]}]},
        {"lessons": [{**ROW, "seen": ["x"] * (MAX_ANCHORS + 1)}]},
        {"lessons": [{**ROW, "resume": None}]},
        {"lessons": [{**ROW, "resume": "one"}]},
        {"lessons": [{**ROW, "resume": "one", "at": "now"}]},
        {"lessons": [{**ROW, "resume": "one", "at": True}]},
        {"lessons": [{**ROW, "resume": "one", "at": 10**30}]},
        {"lessons": [{**ROW, "resume": "one", "at": -(10**17)}]},
        {"lessons": [ROW] * (MAX_LESSONS + 1)},
    ],
)
def test_anything_else_is_refused(body: Any) -> None:
    with pytest.raises(Malformed):
        reports_of(body)
