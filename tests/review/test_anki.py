"""Anki's text format, and HTML as Markdown: what is written is read back."""

from __future__ import annotations

import csv
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.content.markdown import plain_text, render_markdown
from apps.review import anki, gaps, prose
from apps.review.anki import Fault, Note, Sheet
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


def sides_of(sheet: Sheet) -> list[tuple[str, str]]:
    return [(note.front, note.back) for note in sheet.notes]


def sides(text: str) -> list[tuple[str, str]]:
    return sides_of(anki.read(text))


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


def test_a_note_with_an_empty_side_keeps_nothing_else_out() -> None:
    sheet = anki.read("a\tb\nc\t[sound:c.mp3]\n")
    assert (sides_of(sheet), sheet.faults) == ([("a", "b")], [])
    assert sheet.left_out == [Fault(2, "empty-side")]


# As Anki's “Notes in Plain Text” comes, with everything chosen; the note types are a person's own.
REAL = (
    "#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n#deck column:3\n"
    "#tags column:6\n"
    'k]7H&%q!a1\tBasic\tDefault\tRATS?\t"<b>Structure</b><br><img src=""r.png"">"\tgeo::asia\n'
    "zz91aa\tLückentext\tSCO\tFounded in {{c1::2001}} in {{c2::Shanghai::city}}.\t\tmarked\n"
    "q;ab\tBasic\tSCO\tSay it\t[sound:a.mp3]yes\t\n"
)


def test_anki_s_own_export_is_read_gap_by_gap() -> None:
    assert anki.read(REAL).notes == [
        Note("RATS?", '<b>Structure</b><br><img src="r.png">', ("geo::asia",), "k]7H&%q!a1", 7),
        Note(
            "Founded in <b>[…]</b> in Shanghai.",
            "Founded in <b>2001</b> in Shanghai.",
            ("marked",),
            "zz91aa-c1",
            8,
        ),
        Note(
            "Founded in 2001 in <b>[city]</b>.",
            "Founded in 2001 in <b>Shanghai</b>.",
            ("marked",),
            "zz91aa-c2",
            8,
        ),
        Note("Say it", "yes", (), "q;ab", 9),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{c2::a}} {{c1::b::b?}} {{c2::c}}", [("a [b?] c", "a b c"), ("[…] b […]", "a b c")]),
        ("{{c1::a {{c2::b::h}}}} c", [("[…] c", "a b c"), ("a [h] c", "a b c")]),
        ("{{c1::a", []),
        ("a}} {{c1::b}}", [("a}} […]", "a}} b")]),
        ("{{c0001::a}} {{c::b}} {{field}}", []),
    ],
)
def test_gaps_are_asked_by_number(text: str, expected: list[tuple[str, str]]) -> None:
    asked = gaps.asked_of(text, is_html=False)
    assert [(each.front, each.back) for each in asked] == expected


# A text as gaps in gaps: words, or (number, what it holds).
gapped: st.SearchStrategy[Any] = st.lists(
    st.recursive(
        st.text("ab ", max_size=3),
        lambda inner: st.tuples(st.integers(1, 3), st.lists(inner, max_size=3)),
        max_leaves=6,
    ),
    max_size=4,
)


def written(node: Any) -> str:
    return node if isinstance(node, str) else f"{{{{c{node[0]}::{filled(node[1], written)}}}}}"


def plain(node: Any) -> str:
    return node if isinstance(node, str) else filled(node[1], plain)


def filled(nodes: Any, said: Callable[[Any], str]) -> str:
    return "".join(said(node) for node in nodes)


@given(gapped)
def test_every_number_asks_once_and_is_answered_by_the_whole_text(nodes: Any) -> None:
    text = filled(nodes, written)
    asked = gaps.asked_of(text, is_html=False)
    assert [each.number for each in asked] == [n for n in (1, 2, 3) if f"{{{{c{n}::" in text]
    assert {each.back for each in asked} <= {filled(nodes, plain)}
    assert [each.number for each in asked if "[…]" not in each.front] == []


def test_braces_in_a_file_that_names_its_sides_are_words() -> None:
    written = [Note("{{c1::a}}", "[sound:b]", (), "g")]
    assert sides(anki.write(written)) == [("{{c1::a}}", "[sound:b]")]


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
        ("a\na\tb\n", [Fault(1, "one-field")]),
        ("\tb\na\t\n", [Fault(1, "empty-side"), Fault(2, "empty-side")]),
        ("".join(f"{{{{c{n}::a}}}}" for n in range(51)) + "\tb\n", [Fault(1, "gaps", "50")]),
        (
            f"{'a' * 39_000}{''.join(f'{{{{c{n}::a}}}}' for n in range(11))}\tb\n",
            [Fault(1, "gaps", "50")],
        ),
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


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<b>a</b><br><img src=x>", "**a**"),
        ("a<br><br><br>", "a"),
        ("a\\<br>", "a\\\\"),
        ("a<br>b", "a\\\nb"),
    ],
)
def test_a_break_at_the_end_leaves_no_sign(html: str, markdown: str) -> None:
    assert prose.to_markdown(html) == markdown
