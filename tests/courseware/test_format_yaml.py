"""YAML: every record survives writing and reading, every fault is told with its line."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.courseware.format import FormatError, records, yamltext
from apps.courseware.format.shapes import read_record, read_records, write_record
from tests.courseware import strategies as awkward

LISTED = [
    records.Paragraph,
    records.Term,
    records.Actor,
    records.TimelineEvent,
    records.Place,
    records.Figure,
]


def read_yaml(text: str, cls: type[Any]) -> tuple[Any, ...]:
    node = yamltext.parse(text, "a.yaml", [])
    assert node is not None
    return read_records(cls, node, "a.yaml", [])


def faults_of(text: str) -> list[tuple[int, str]]:
    """Line and message of each fault of a list of terms."""
    faults: list[Any] = []
    node = yamltext.parse(text, "glossary.yaml", faults)
    if node is not None:
        read_records(records.Term, node, "glossary.yaml", faults)
    return [(fault.line, fault.message) for fault in faults]


@pytest.mark.parametrize("cls", LISTED)
@given(data=st.data())
def test_list_of_records_survives_writing_and_reading(cls: type[Any], data: st.DataObject) -> None:
    written = data.draw(st.lists(awkward.records(cls), max_size=3))
    text = yamltext.emit(yamltext.sequence([write_record(record) for record in written]))
    again = read_yaml(text, cls)
    assert again == tuple(written)
    assert yamltext.emit(yamltext.sequence([write_record(record) for record in again])) == text


@given(course=awkward.records(records.Course))
def test_course_survives_writing_and_reading(course: records.Course) -> None:
    node = yamltext.parse(yamltext.emit(write_record(course)), "course.yaml", [])
    assert node is not None
    assert read_record(records.Course, node, "course.yaml", []) == course


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("It's “plain” – 90-105, (a/b); 10% @ 5 o'clock", None),
        ("سلام دنیا 🏔️", None),
        ("back\\slash", None),
        ("heading {#x}", None),
        ("9/11", None),
        ("", '""'),
        (" spaces ", '" spaces "'),
        ("colon: value", '"colon: value"'),
        ("text # comment", '"text # comment"'),
        ('"quoted"', '"\\"quoted\\""'),
        ("---", '"---"'),
        ("- item", '"- item"'),
        ("@khan1961", '"@khan1961"'),
        ("null", '"null"'),
        ("no", '"no"'),
        ("1949", '"1949"'),
        ("2017-06-09", '"2017-06-09"'),
    ],
)
def test_text_is_quoted_only_where_yaml_needs_it(text: str, written: str | None) -> None:
    node = yamltext.mapping([("k", yamltext.scalar(text))])
    assert yamltext.emit(node) == f"k: {written or text}\n"


def test_text_of_several_lines_is_a_literal_block() -> None:
    node = yamltext.mapping([("k", yamltext.scalar("one: 1\n\n  two"))])
    assert yamltext.emit(node) == "k: |-\n  one: 1\n\n    two\n"


def test_long_text_stays_in_one_line() -> None:
    node = yamltext.mapping([("k", yamltext.scalar("word: " * 500 + "end"))])
    assert yamltext.emit(node).count("\n") == 1


def test_lists_of_keys_stand_in_one_line_and_in_order() -> None:
    term = records.Term(
        slug="a", term="A", aliases=("z", "b, c"), definition="D", sources=("P100", "P09", "P09")
    )
    assert yamltext.emit(yamltext.sequence([write_record(term)])) == (
        '- slug: a\n  term: A\n  aliases: [z, "b, c"]\n  definition: D\n  sources: [P09, P100]\n'
    )


@pytest.mark.parametrize("date", ["2017-06-09", "1949", "196X", "1979/1988", "2011~"])
@pytest.mark.parametrize("quote", ["", '"', "'"])
def test_date_is_read_with_or_without_quotes_and_written_with(date: str, quote: str) -> None:
    text = (
        f"- slug: a\n  date: {quote}{date}{quote}\n  title: T\n  description: D\n"
        "  actors: []\n  sources: []\n  external: false\n"
    )
    (event,) = read_yaml(text, records.TimelineEvent)
    assert event.date == date
    assert f'  date: "{date}"\n' in yamltext.emit(yamltext.sequence([write_record(event)]))


def test_degrees_are_written_with_two_decimals() -> None:
    text = (
        "- slug: a\n  name: A\n  latitude: 9\n  longitude: -0.5\n  kind: city\n  description: D\n"
    )
    (place,) = read_yaml(text, records.Place)
    assert (place.latitude, place.longitude) == (Decimal("9.00"), Decimal("-0.50"))
    assert "latitude: 9.00\nlongitude: -0.50\n" in yamltext.emit(write_record(place))


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", [(1, "There is nothing here.")]),
        ("slug: a\n", [(1, "This is not a list.")]),
        ("- a\n", [(1, "This is not a mapping.")]),
        ("- slug: a\n  term: A\n", [(1, "The key “definition” is missing.")]),
        (
            "- slug: A b\n  term: 8\n  colour: red\n  definition: ''\n",
            [
                (1, "slug: “A b” has the wrong form."),
                (2, "term: is not a text to YAML: 8."),
                (3, "The key “colour” is unknown."),
                (4, "definition: is empty."),
            ],
        ),
        (
            "- slug: a\n  term: [A]\n  definition: D\n  aliases: A\n  sources: [P01, x, P01]\n",
            [
                (2, "term: is not a text."),
                (4, "aliases: is not a list."),
                (5, "sources: “x” has the wrong form."),
                (5, "sources: “P01” stands here more than once."),
                (5, "sources: “P01” stands here more than once."),
            ],
        ),
        (
            "- slug: a\n  term: A\n  term: B\n  definition: D\n",
            [(3, "The key “term” stands here twice; first in line 2.")],
        ),
        ("- &a {slug: a}\n- *a\n", [(1, "YAML anchors and aliases are not used.")]),
        ("- *a\n", [(1, "YAML anchors and aliases are not used.")]),
        (
            "- slug: !!python/object:os.system a\n",
            [(1, "The YAML tag tag:yaml.org,2002:python/object:os.system is not used.")],
        ),
        ("- [[[[[[[[[[a]]]]]]]]]]\n", [(1, "This is nested too deeply.")]),
        ("- slug: a\n---\n- slug: b\n", [(2, "A second YAML document begins here.")]),
        ("- ? [a]\n  : b\n", [(1, "A key must be a word.")]),
        (
            "- slug: a\n\tterm: A\n",
            [(2, "This is not YAML: found character '\\t' that cannot start any token.")],
        ),
        (
            '- slug: a\n  term: "\\a"\n  definition: D\n',
            [(2, "term: holds the control character U+0007.")],
        ),
        (
            f"- slug: a\n  term: {'x' * 121}\n  definition: D\n",
            [(2, "term: is longer than 120 characters.")],
        ),
        (
            "- slug: a\n  term: |\n    A\n    B\n  definition: D\n",
            [(2, "term: has several lines.")],
        ),
        (
            "- slug: no\n  term: no\n  definition: D\n",
            [(1, "slug: is not a text to YAML: no."), (2, "term: is not a text to YAML: no.")],
        ),
    ],
)
def test_yaml_faults_are_all_told_with_their_lines(text: str, faults: list[Any]) -> None:
    assert faults_of(text) == faults


def test_aliases_do_not_grow() -> None:
    bomb = "- &a [x, x]\n" + "".join(
        f"- &{chr(98 + i)} [{', '.join([f'*{chr(97 + i)}'] * 9)}]\n" for i in range(20)
    )
    assert faults_of(bomb) == [(1, "YAML anchors and aliases are not used.")]


def test_control_character_is_refused_on_the_way_out() -> None:
    term = records.Term(slug="a", term="A", definition="bell \x07")
    with pytest.raises(FormatError, match=r"U\+0007"):
        write_record(term)
