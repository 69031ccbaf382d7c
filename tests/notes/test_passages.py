"""A section's text is what its reader's browser has in the section's element."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.notes.passages import (
    CONTEXT_CHARACTERS,
    SectionText,
    section_texts,
    selector_at,
    sentences,
    tidy,
)


def text_of(inside: str) -> str:
    html = f'<div><section class="section" id="a">{inside}</section></div>'
    (section,) = section_texts(html)
    return section.text


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("<p>One  two\n three</p>", "One two three"),
        ("<p>a</p>\n<p>b</p>", "a b"),
        ("<p>a</p><p>b</p>", "ab"),
        ("<p>a<br>b <em>c</em>, d</p>", "ab c, d"),
        ("<p>Fish &amp; chips &lt;b&gt;</p>", "Fish & chips <b>"),
        ("<p>one\u00a0two</p>", "one\u00a0two"),
        ('<h2>Head <a class="anchor" href="#a">§</a></h2>\n<p>Body.</p>', "Head Body."),
        ('<p>Said<sup><a class="footnote-ref" href="#n">3</a></sup>.</p>', "Said."),
        ('<p>Said.</p><p class="sources"><span>From</span> <a>P01</a></p>', "Said."),
        ("<pre>\ncode\n  more</pre>", "code more"),
        ("<pre><code>\ncode</code></pre>", "code"),
        ("<p>x</p><pre>\ny</pre>", "xy"),
        ("<p>a<img src='x'>b<hr>c</p>", "abc"),
        ("<p>آغا 😀 é</p>", "آغا 😀 é"),
        ("", ""),
    ],
)
def test_text_of_a_section(inside: str, text: str) -> None:
    assert text_of(inside) == text


def test_sections_in_order_and_nothing_else() -> None:
    html = (
        '<section class="objectives"><p>Out</p></section>'
        '<section class="section" id="b"><p>Two</p></section>between'
        '<section class="section wide" id="a"><p>One</p></section><section class="notes">Out'
    )
    assert section_texts(html) == (SectionText("b", "Two"), SectionText("a", "One"))


def test_context_is_cut_at_the_section() -> None:
    section = SectionText("a", "x" * 100 + "middle" + "y" * 3)
    found = selector_at(section, 100, 106)
    assert (found.exact, found.prefix, found.suffix, found.start, found.end) == (
        "middle",
        "x" * CONTEXT_CHARACTERS,
        "yyy",
        100,
        106,
    )


def test_sentences() -> None:
    assert sentences("Once. “Twice!” said he. کیا؟ Yes… it 3.5 is.") == [
        "Once.",
        "“Twice!”",
        "said he.",
        "کیا؟",
        "Yes…",
        "it 3.5 is.",
    ]


@given(st.text())
def test_sentences_lose_no_word(text: str) -> None:
    assert "".join(" ".join(sentences(tidy(text))).split()) == "".join(text.split())


@given(st.text(alphabet="<>/ab \"='&;!-secion", max_size=80))
def test_any_text_is_read(html: str) -> None:
    for section in section_texts(f'<section class="section" id="a">{html}</section>'):
        assert section.text == tidy(section.text)
