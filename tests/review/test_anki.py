"""Anki's text format, and HTML as Markdown: what is written is read back."""

from __future__ import annotations

import csv
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.content.markdown import plain_text, render_markdown
from apps.review import anki, prose
from apps.review.anki import Fault, Note
from tests.counting import calls_of

# Text of a field: whatever can be typed, quotes, separators and line breaks among it.
fields = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\x85\ufeff")).map(
    str.strip
).filter(bool) | st.sampled_from(
    ['a"b', '"', "#no comment", "a\tb", "a\n\nb", "=1+1", "<b>x</b>", "a;b,c"]
)
tags = st.lists(st.from_regex(r"[a-z:\-#\"]{1,12}", fullmatch=True), unique=True, max_size=4).map(
    tuple
)
guids = st.from_regex(r"[!-~]{0,20}", fullmatch=True)
notes = st.builds(Note, front=fields, back=fields, tags=tags, guid=guids)


def test_no_limit_of_the_whole_process_is_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two imports at once would each put back what the other had set."""
    monkeypatch.setattr(csv, "field_size_limit", None)
    assert anki.read("a\tb\n").notes == [Note("a", "b", line=1)]


@given(st.lists(notes, min_size=1, max_size=8))
def test_what_is_written_is_read_back(written: list[Note]) -> None:
    sheet = anki.read(anki.write(written))
    assert sheet.faults == []
    assert sheet.is_html
    read = [(note.front, note.back, note.tags, note.guid) for note in sheet.notes]
    assert read == [(note.front, note.back, note.tags, note.guid) for note in written]


@given(st.text() | st.text('"#\t\n;,:a', max_size=60))
def test_reading_never_raises(text: str) -> None:
    sheet = anki.read(text)
    assert bool(sheet.notes) or bool(sheet.faults)


@given(st.binary(max_size=60))
def test_bytes_are_text_or_refused(data: bytes) -> None:
    text = anki.decoded(data)
    assert text is None or text.encode() in {data, data.removeprefix(b"\xef\xbb\xbf")}


def sides(text: str) -> list[tuple[str, str]]:
    return [(note.front, note.back) for note in anki.read(text).notes]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\tb\n", [("a", "b")]),
        ("\ufeffa;b\r\nc;d", [("a", "b"), ("c", "d")]),
        ('#separator:Comma\na,"b, c"\n', [("a", "b, c")]),
        ("#separator:|\na|b\n\n# a comment | it is\nc|d\n", [("a", "b"), ("c", "d")]),
        ("a\tb\tc\t\td\n", [("a", "b\n\nc\n\nd")]),
        ("#html:true\na\tb\tc\n", [("a", "b<br><br>c")]),
        ('#separator:tab\n"two\nlines"\t"a ""b"""\n', [("two\nlines", 'a "b"')]),
        ("#columns:Back\tFront\nb\ta\n", [("a", "b")]),
        ("#columns:g\td\tFront\tBack\n#guid column:1\n#deck column:2\ng\td\ta\tb", [("a", "b")]),
        ("#notetype:Basic\n#if matches:update current\na\tb\n", [("a", "b")]),
    ],
)
def test_files_as_anki_writes_them(text: str, expected: list[tuple[str, str]]) -> None:
    assert sides(text) == expected


def test_tags_and_names_come_from_their_columns_and_lines_are_counted() -> None:
    header = "#separator:tab\n#tags:all\n#guid column:1\n#tags column:4\n"
    text = header + 'g1\ta\t"b\nc"\tx y all\ng2\td\te\t\n'
    assert anki.read(text).notes == [
        Note("a", "b\nc", ("all", "x", "y"), "g1", line=5),
        Note("d", "e", ("all",), "g2", line=7),
    ]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", [Fault(0, "empty")]),
        ("#html:true\n", [Fault(0, "empty")]),
        ("a\n\tb\na\tb\n", [Fault(1, "one-field"), Fault(2, "empty-side")]),
        ('a\tb\n"c\td\n', [Fault(2, "quotes")]),
        ('a\tb\n"c"d\te\n', [Fault(2, "quotes")]),
        ("#separator:nothing\na\tb\n", [Fault(1, "separator", "nothing")]),
        ("#guid column:0\na\tb\n", [Fault(1, "column", "0")]),
        ("a\tb\n\0\tc\n", [Fault(2, "nul")]),
        (f"a\tb\nc\t{'d' * (anki.MAX_FIELD + 1)}\n", [Fault(2, "too-long-field")]),
        ("a" * (anki.MAX_BYTES + 1), [Fault(0, "too-long")]),
        ("#guid column:3\na\tb\t" + "g" * 65, [Fault(2, "guid", "g" * 40)]),
        ("a\tb\n" * (anki.MAX_ROWS + 1), [Fault(anki.MAX_ROWS + 1, "too-many", "2000")]),
    ],
    ids=lambda value: str(value)[:20],
)
def test_faults_name_their_line(text: str, faults: list[Fault]) -> None:
    assert anki.read(text).faults == faults


words = st.text(
    st.characters(categories=["L", "N", "P", "S", "Zs"], exclude_characters="\u00a0"), max_size=30
)


@given(words)
def test_plain_text_reads_as_it_was_typed(text: str) -> None:
    html = render_markdown(prose.from_plain(text)).html
    assert plain_text(html) == " ".join(text.split())


@pytest.mark.parametrize(
    "markdown",
    [
        "**a** *b* `c` 5 < 6 & 7 > 3",
        "# One\n\ntext\n\n### Three",
        "- a\n- b\n  - c\n\n1. x\n2. y",
        "3. from three\n4. on",
        "> quote\n> more\n\nafter",
        "```\ncode *x*\n  indented\n```",
        '[l](https://a.example/c?d=1&e=2 "t")',
        "a\\\nb",
        "| a | b |\n| - | - |\n| 1 | 2 |",
        "Term\n: what it means",
        "\\*no emphasis\\* snake_case_word __init__",
        "1986\\. A year",
        "a\n\n---\n\nb",
        "مجلس и Ян",
        "see https://example.org/x_y today",
        "![alt](figure:x.svg)",
    ],
)
def test_html_reads_back_as_the_same_html(markdown: str) -> None:
    html = render_markdown(markdown).html
    assert render_markdown(prose.to_markdown(prose.portable(html))).html == html


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>safe",
        '<img src=x onerror="alert(1)">safe',
        '<a href="javascript:alert(1)">safe</a>',
        "<style>*{}</style>safe<iframe src=//x></iframe>",
        '<svg onload="alert(1)">safe</svg>',
        '<p onclick="x()" style="position:fixed">safe</p>',
        "&lt;script&gt;alert(1)&lt;/script&gt; safe",
        "[x](javascript:alert(1)) safe",
    ],
)
def test_hostile_html_becomes_words(html: str) -> None:
    shown = render_markdown(prose.to_markdown(html)).html
    assert "safe" in shown
    for wrong in ("<script", "<img", "<svg", "<iframe", "<style", "onerror=", 'href="javascript'):
        assert wrong not in shown


@given(st.lists(st.sampled_from(["<b>", "</b>", "<ul><li>", "<p>", "x", "<table>", "&", "*"])))
def test_broken_html_never_raises(parts: list[str]) -> None:
    found: Any = prose.words_of("".join(parts))
    assert isinstance(found, str)


DEPTH, ELEMENTS = prose.MAX_DEPTH, prose.MAX_ELEMENTS


@pytest.mark.parametrize(
    ("html", "code"),
    [
        ("<b>" * DEPTH + "x" + "</b>" * DEPTH, ""),
        ("<b>" * (DEPTH + 1) + "x" + "</b>" * (DEPTH + 1), "depth"),
        ("<i><ul><li>" * 8 + "x", "depth"),  # closed by who reads it, as browsers do
        (f"<p title='{'</b>' * 99}'>" + "<b>" * 25 + "x", "depth"),  # no tags, in an attribute
        ("<br>" * ELEMENTS, ""),
        ("<br>" * (ELEMENTS + 1), "elements"),
        ("<p>a" * (ELEMENTS + 1), "elements"),
        ("<b><blockquote>" * 2000 + "x", "elements"),
    ],
)
def test_markup_that_costs_too_much_is_refused_before_it_is_read(html: str, code: str) -> None:
    found = ""
    try:
        prose.to_markdown(html)
    except prose.TooMuchMarkup as error:
        found = error.code
        assert "<" not in prose.words_of(html)
    assert found == code


COSTLY = {
    "lists in lists": "<ul><li>a" * 9 + "</ul>" * 9,
    "numbered": "<ol>" + "<li>a" * 400 + "</ol>",
    "boxes": "<table><tr><td>" * 4 + "a" + "</table>" * 4,
    "marks": "<b>a</b>" * 400,
    "text": "<p>" + "a*b_" * 400 + "</p>",
}


@pytest.mark.parametrize("side", COSTLY.values(), ids=COSTLY)
def test_work_of_a_side_is_bounded_by_what_it_spends(side: str) -> None:
    """Calls of functions, not time: as many as the machine makes today it makes on any day.

    Every side pays for its elements and signs, and a file has so many of them to spend: at 700
    calls for each element, twenty million for a whole file, whatever is in it.
    """
    budget = prose.Budget()
    calls = calls_of(lambda: render_markdown(prose.to_markdown(side, budget)))
    spent = prose.MAX_FILE_ELEMENTS - budget.elements
    marks = prose.MAX_FILE_MARKS - budget.marks
    assert calls <= 8_000 + 700 * spent + 60 * marks


def test_links_into_the_site_stay_here() -> None:
    html = '<p><a href="/courses/x/">here</a> <a href="https://a.example/">there</a></p>'
    assert prose.portable(html) == '<p><a>here</a> <a href="https://a.example/">there</a></p>'
