"""Folders, plain text and checksums."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import models as db
from hypothesis import given
from hypothesis import strategies as st

from apps.content import models
from apps.courseware.format import (
    CourseFiles,
    lessons,
    parse_folder,
    read_folder,
    records,
    shapes,
    write_folder,
    yamltext,
)
from apps.courseware.format.plaintext import MAX_FILE_BYTES, clean, clean_body, decode
from apps.debates.models import Debate
from tests.courseware.folders import FIRST, small_files


def test_small_course_is_canonical(folder: Path) -> None:
    reading = read_folder(folder)
    assert reading.faults == []
    assert write_folder(reading.files) == small_files()


@given(st.data())
def test_folder_in_any_order_is_written_in_one(data: st.DataObject) -> None:
    files = parse_folder(small_files()).files
    shuffled = CourseFiles(
        course=files.course,
        **{
            name: tuple(data.draw(st.permutations(getattr(files, name))))
            for name in (
                *("references", "paragraphs", "glossary", "actors", "timeline", "places"),
                *("figures", "lessons"),
            )
        },
    )
    assert write_folder(shuffled) == small_files()


def test_file_is_refused_when_too_large() -> None:
    faults: list[Any] = []
    assert decode(b"x" * (MAX_FILE_BYTES + 1), "a.md", faults) is None
    assert [fault.message for fault in faults] == ["The file is larger than 1,048,576 bytes."]


@pytest.mark.parametrize(
    ("raw", "line", "message"),
    [
        (b"one\ntwo\xff\n", 2, "The text is not UTF-8."),
        (b"one\n\ntwo \x07\n", 3, "The control character U+0007 cannot stand in a course file."),
        (b"a\xe2\x80\xa8b\n", 1, "The control character U+2028 cannot stand in a course file."),
        (b"\x00", 1, "The control character U+0000 cannot stand in a course file."),
    ],
)
def test_bytes_that_are_no_text_are_refused_with_their_line(
    raw: bytes, line: int, message: str
) -> None:
    faults: list[Any] = []
    assert decode(raw, "a.md", faults) is None
    assert [(fault.line, fault.message) for fault in faults] == [(line, message)]


def test_byte_order_mark_line_ends_and_decomposed_letters_are_read_as_canonical() -> None:
    assert decode("\ufeffe\u0301\r\nb\rc".encode(), "a.md", []) == "é\nb\nc"


@given(st.text())
def test_clean_is_idempotent(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert clean_body(clean_body(text)) == clean_body(text)


def test_checksum_does_not_know_where_a_record_was_read() -> None:
    here, there = (
        lessons.parse(text, file, [], unit="u", position=1, slug="a")
        for text, file in ((FIRST, "a"), (FIRST.replace("\n\n\n", "\n"), "b"))
    )
    assert records.checksum(here) == records.checksum(there)


def test_checksum_does_not_count_a_key_at_its_default() -> None:
    @dataclass(frozen=True, kw_only=True)
    class Newer(records.Term):
        image: str = ""

    old: dict[str, Any] = {"slug": "a", "term": "A", "definition": "D"}
    assert records.checksum(Newer(**old)) == records.checksum(records.Term(**old))
    assert records.checksum(Newer(**old, image="x")) != records.checksum(records.Term(**old))


# The database's columns


COLUMNS: dict[type, tuple[type[db.Model], dict[str, str]]] = {
    records.Licence: (models.Course, {"name": "licence_name", "url": "licence_url"}),
    records.Article: (models.Article, {}),
    records.Unit: (models.Unit, {}),
    records.Course: (models.Course, {}),
    records.Paragraph: (models.SourceParagraph, {}),
    records.Term: (models.GlossaryTerm, {}),
    records.Actor: (models.Actor, {}),
    records.TimelineEvent: (models.TimelineEvent, {}),
    records.Place: (models.Place, {}),
    records.Figure: (models.Figure, {}),
    records.Lesson: (models.Lesson, {}),
    records.Debate: (Debate, {}),
}


@pytest.mark.parametrize("cls", COLUMNS)
def test_lengths_are_those_of_the_columns(cls: type) -> None:
    model, renamed = COLUMNS[cls]
    limits = {
        item.name: (
            item.metadata["shape"].limit,
            getattr(model._meta.get_field(renamed.get(item.name, item.name)), "max_length", None),
        )
        for item in shapes.columns(cls)
        if isinstance(item.metadata["shape"], shapes.Line)
    }
    assert limits
    assert {name for name, (ours, theirs) in limits.items() if ours != theirs} == set()


# The specification


DOCUMENTED = {
    "course.yaml": records.Course,
    "paragraphs.yaml": records.Paragraph,
    "glossary.yaml": records.Term,
    "actors.yaml": records.Actor,
    "timeline.yaml": records.TimelineEvent,
    "places.yaml": records.Place,
    "figures.yaml": records.Figure,
    "debates/<slug>.yaml": records.Debate,
}


@pytest.mark.parametrize("name", DOCUMENTED)
def test_specification_shows_every_key_in_its_order(name: str) -> None:
    text = (settings.BASE_DIR / "docs/course-format.md").read_text(encoding="utf-8")
    block = text.partition(f"\n## {name}\n")[2].partition("```yaml\n")[2].partition("```")[0]
    node = yamltext.parse(block, name, [])
    if isinstance(node, yamltext.Sequence):
        (node,) = node.items
    assert isinstance(node, yamltext.Mapping)
    keys = [key.text for key, _value in node.pairs]
    assert keys == [item.name for item in shapes.columns(DOCUMENTED[name])]
