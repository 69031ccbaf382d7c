"""Lessons: front matter and sections, whatever their Markdown looks like."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.courseware.format import FormatError, lessons, records
from apps.courseware.format.plaintext import clean_body
from tests.courseware import strategies as awkward
from tests.courseware.folders import FIRST


def lesson_of(text: str) -> records.Lesson:
    faults: list[Any] = []
    lesson = lessons.parse(text, "a.md", faults, unit="unit", position=1, slug="a")
    assert lesson is not None
    assert faults == []
    return lesson


def lesson_strategy() -> st.SearchStrategy[records.Lesson]:
    section = st.builds(
        records.Section,
        anchor=awkward.anchors(),
        heading=awkward.lines(),
        sources=st.lists(awkward.numbers(), max_size=3).map(tuple),
        body=awkward.bodies().map(clean_body),
    )
    return awkward.records(
        records.Lesson,
        unit=st.just("unit"),
        position=st.just(1),
        slug=st.just("a"),
        sections=st.lists(section, max_size=3).map(tuple),
    )


@given(lesson=lesson_strategy())
def test_lesson_survives_writing_and_reading_or_is_refused(lesson: records.Lesson) -> None:
    try:
        text = lessons.emit(lesson)
    except FormatError:
        # Only what Markdown itself would read otherwise is refused.
        assert any("## " in s.body or "```" in s.body or "~~~" in s.body for s in lesson.sections)
        return
    again = lessons.parse(text, "", [], unit="unit", position=1, slug="a")
    assert again == lesson
    assert lessons.emit(again) == text


@given(
    st.lists(
        st.sampled_from(
            [
                line
                for line in awkward.LINES
                if "`" not in line
                and "~" not in line
                and not line.startswith("## Two {")
                and "{#two " not in line
            ]
        ),
        max_size=9,
    )
)
def test_body_without_code_fences_and_section_headings_is_never_refused(lines: list[str]) -> None:
    body = clean_body("\n".join(lines))
    section = records.Section(anchor="a", heading="A", sources=(), body=body)
    after = records.Section(anchor="b", heading="B", sources=(), body="End.")
    lesson = records.Lesson(unit="unit", position=1, slug="a", title="T", sections=(section, after))
    assert lesson_of(lessons.emit(lesson)) == lesson


@pytest.mark.parametrize(
    "code",
    [
        '```\n## A {#x sources=""}\n```',
        '~~~ md\n## A {#x sources=""}\n```\n~~~',
        '````\n```\n## A {#x sources=""}\n````',
        '- list\n\n  ```\n  ## A {#x sources=""}\n  ```',
        '- ```\n  ## A {#x sources=""}\n  ```',
        '> ```\n> ## A {#x sources=""}\n> ```',
        'Term\n: ```\n  ## A {#x sources=""}\n  ```',
        'Text[^a].\n\n[^a]: ```\n    ## A {#x sources=""}\n    ```',
        '    ## A {#x sources=""}',
    ],
)
def test_code_that_looks_like_a_section_does_not_split_one(code: str) -> None:
    section = records.Section(anchor="a", heading="A", sources=("P01",), body=code)
    after = records.Section(anchor="b", heading="B", sources=(), body="End.")
    lesson = records.Lesson(unit="unit", position=1, slug="a", title="T", sections=(section, after))
    assert lesson_of(lessons.emit(lesson)) == lesson


@pytest.mark.parametrize("body", ["```\nopen", 'Text\n\n## B {#b sources=""}\n\nText', "~~~"])
def test_body_that_would_swallow_or_split_is_refused_by_name(body: str) -> None:
    section = records.Section(anchor="first", heading="A", sources=(), body=body)
    after = records.Section(anchor="b", heading="B", sources=(), body="End.")
    lesson = records.Lesson(unit="unit", position=1, slug="a", title="T", sections=(section, after))
    with pytest.raises(FormatError, match="unit/a#first cannot be written"):
        lessons.emit(lesson)


def test_lesson_remembers_its_lines() -> None:
    lesson = lesson_of(FIRST)
    places = [(s.where.line, s.where.lines[("body",)]) for s in lesson.sections]
    assert places == [(14, 16), (21, 23)]
    assert lesson.where.lines[("further_reading",)] == 9
    assert lesson.further_reading[0].where.line == 10


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        ("---\ntitle", "title", [(1, "The front matter is missing.")]),
        (
            "\n\n## The spring",
            "\nHello\n\n## The spring",
            [(13, "This text stands before the first section.")],
        ),
        ('{#spring sources="P01"}', "{#spring}", [(14, "The section does not say its sources.")]),
        (
            '{#spring sources="P01"}',
            '{#spring source="P01"}',
            [(14, '“{#spring source="P01"}” cannot be read.')],
        ),
        (
            '{#spring sources="P01"}',
            '{#Spring sources="p1"}',
            [(14, "The anchor “Spring” has the wrong form."), (14, "“p1” is not a paragraph.")],
        ),
        ("## The spring {", "##  {", [(14, "The section has no heading.")]),
        ("## The spring {", f"## {'x' * 201} {{", [(14, "The heading is too long.")]),
        (
            "title: Where",
            "titel: Where",
            [(2, "The key “titel” is unknown."), (2, "The key “title” is missing.")],
        ),
    ],
)
def test_lesson_faults_are_told_with_their_lines(
    old: str, new: str, faults: list[tuple[int, str]]
) -> None:
    found: list[Any] = []
    assert FIRST.count(old) == 1
    lessons.parse(FIRST.replace(old, new), "a.md", found, unit="u", position=1, slug="a")
    assert [(fault.line, fault.message) for fault in found] == faults


def test_draft_is_written_only_when_it_is_one() -> None:
    lesson = records.Lesson(unit="unit", position=1, slug="a", title="T", sections=())
    draft = records.Lesson(unit="unit", position=1, slug="a", title="T", sections=(), draft=True)
    assert "draft" not in lessons.emit(lesson)
    assert lesson_of(lessons.emit(draft)) == draft
