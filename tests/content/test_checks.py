from typing import Any

import pytest

from apps.content.checks import check_lesson, reading_age
from apps.content.drafts import ReadingDraft
from tests.content.factories import draft, section
from tests.content.test_markdown import CONTEXT

WORDS = "These are plain words. " * 100
ADVICE = {"short-lesson", "sections-count"}  # of every small draft below


def found(*sections: Any, **fields: Any) -> list[tuple[str, str, str]]:
    fields = {"further_reading": (), **fields}
    problems = check_lesson(draft(*sections, **fields), CONTEXT, {"P06": ("khan1961",)})
    return [(p.code, p.place, p.subject) for p in problems if p.code not in ADVICE]


def good(anchor: str = "one", body: str = "Text [@khan1961].", **fields: Any) -> Any:
    return section(anchor, body, **{"paragraphs": ("P06",), **fields})


def test_good_lesson_has_no_problems() -> None:
    assert (
        check_lesson(
            draft(good("one", f"{WORDS}[@khan1961]. "), good("two"), further_reading=()),
            CONTEXT,
            {"P06": ("khan1961",)},
        )
        == []
    )


@pytest.mark.parametrize(
    ("part", "problems"),
    [
        (good(heading=" "), [("no-heading", "one", "")]),
        (good("One!"), [("bad-anchor", "One!", "One!")]),
        (good("works"), [("reserved-anchor", "works", "works")]),
        (good("ref-khan1961"), [("reserved-anchor", "ref-khan1961", "ref-khan1961")]),
        (
            good(body=" ", paragraphs=("P06",)),
            [("empty-section", "one", ""), ("uncited-paragraph", "one", "P06")],
        ),
        (good(paragraphs=()), [("no-sources", "one", "")]),
        (good(paragraphs=("P99",)), [("unknown-source", "one", "P99")]),
        (good(paragraphs=("P06", "P06")), [("repeated-source", "one", "P06")]),
        (good(body="Nothing cited."), [("uncited-paragraph", "one", "P06")]),
        (good(body="[@nobody] [@khan1961]"), [("unknown-key", "one", "nobody")]),
        (
            good(paragraphs=("P1", "P2", "P3", "P4")),
            [("too-many-sources", "one", "4")]
            + [("unknown-source", "one", f"P{number}") for number in range(1, 5)],
        ),
    ],
)
def test_problems_of_a_section(part: Any, problems: list[tuple[str, str, str]]) -> None:
    assert found(part) == problems


def test_work_of_a_paragraph_that_the_section_leaves_out_is_named() -> None:
    problems = check_lesson(draft(good()), CONTEXT, {"P06": ("khan1961", "hussain2015")})
    assert [p.subject for p in problems if p.code == "uncited-work"] == ["hussain2015"]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"title": " "}, ("no-title", "", "")),
        ({"objectives": ("one",)}, ("objectives-count", "", "1")),
        ({"summary": ()}, ("summary-count", "", "0")),
        ({"questions": ("1", "2", "3", "4")}, ("questions-count", "", "4")),
        ({"further_reading": (ReadingDraft("gone"),)}, ("unknown-reading", "", "gone")),
        (
            {"further_reading": (ReadingDraft("khan1961"), ReadingDraft("khan1961"))},
            ("repeated-reading", "", "khan1961"),
        ),
    ],
)
def test_problems_of_a_lesson(fields: dict[str, Any], problem: tuple[str, str, str]) -> None:
    assert found(good(), **fields) == [problem]


def test_anchor_that_stands_twice() -> None:
    assert found(good("one"), good("one")) == [("duplicate-anchor", "one", "one")]


def test_lesson_without_sections() -> None:
    problems = check_lesson(draft(further_reading=()), CONTEXT, {})
    assert "no-sections" not in {p.code for p in problems}
    empty = draft(further_reading=())
    problems = check_lesson(type(empty)(title="T", slug="t"), CONTEXT, {})
    assert "no-sections" in {p.code for p in problems if p.is_error}


@pytest.mark.parametrize(("words", "code"), [(349, "short-lesson"), (801, "long-lesson")])
def test_length_of_a_lesson(words: int, code: str) -> None:
    problems = check_lesson(draft(good(body="word " * words)), CONTEXT, {})
    assert [p.subject for p in problems if p.code == code] == [str(words)]


def test_reading_age_of_easy_and_hard_prose() -> None:
    easy = "The cat sat on the mat. The dog ran to the old red house. " * 10
    hard = (
        "Notwithstanding considerable institutional heterogeneity, multilateral organisations "
        "operationalise interdependence through increasingly sophisticated confidence-building "
        "mechanisms whose effectiveness remains empirically underdetermined. "
    ) * 8
    assert reading_age(easy) <= 8
    assert reading_age(hard) >= 20
    assert reading_age("Too short to tell.") == 0
    problems = check_lesson(draft(good(body=hard)), CONTEXT, {})
    assert "hard-to-read" in {p.code for p in problems if not p.is_error}
