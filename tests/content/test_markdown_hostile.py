"""Hostile text is harmless, and its cost grows with its length, not faster."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from apps.content.markdown import render_markdown
from apps.content.markdown.sanitise import ATTRIBUTES, CLASSES, TAGS, VALUES
from tests.content.test_markdown import CONTEXT

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<iframe src=https://evil.example></iframe>",
    "<style>*{display:none}</style>",
    "<!-- --><b onmouseover=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#x6a;avascript:alert(1))",
    "[x](%6aavascript:alert(1))",
    "[x](vbscript:x)",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](file:///etc/passwd)",
    "[x](//evil.example)",
    "<javascript:alert(1)>",
    "<data:text/html;base64,PHNjcmlwdD4=>",
    "![x](javascript:alert(1))",
    '![x](figure:map.svg "\\" onerror=alert(1)")',
    '![\\" onerror=\\"alert(1)](figure:map.svg)',
    '[[RATS|<img src=x onerror="alert(1)">]]',
    '[[RATS|" onclick="alert(1)]]',
    "[@khan1961, <script>alert(1)</script>]",
    '@khan1961 [" onclick="alert(1)]',
    "[^<script>]: x\n\ny[^<script>]",
    "```<script>\nx\n```",
    "| <script>alert(1)</script> |\n|---|\n| x |",
    '[x](https://a.example "\\" onclick=\\"alert(1)")',
    'https://a.example/"onclick="alert(1)',
    "[x](source:P06' onclick='alert(1))",
    "[x]: javascript:alert(1)\n\n[x]",
]
PIECES = [
    *("[", "]", "(", ")", "<", ">", "!", "*", "_", "`", "|", "^", "@", "#", "&", ":", "\\", "\n"),
    *("[[", "]]", "[@", "[^", "](", "![", "> ", "- ", "1. ", "    ", "```", "---", "|---|", ": "),
    *("khan1961", "RATS", "figure:map.svg", "source:P06", "https://a.example", "javascript:"),
    *("<b>", "<script>", "onerror=", "&#x6a;", '"', "'", "\u202e", "\x00", "اردو", "a"),
]


def check_harmless(markup: str) -> None:
    """Nothing in it that the allow-list does not name."""
    if not markup.strip():
        return
    for element in lxml_html.fragment_fromstring(markup, create_parent="root").iterdescendants():
        assert element.tag in TAGS
        bound = VALUES.get(element.tag, {})
        assert set(element.attrib) <= {*ATTRIBUTES.get(element.tag, ()), *bound, "class"}
        assert all(element.get(name) in {None, *values} for name, values in bound.items())
        assert set(element.get("class", "").split()) <= CLASSES.get(element.tag, set())
        href = element.get("href", "https:")
        assert re.match(r"(https?:|mailto:|#|/courses/sco/)", href), href
        assert element.get("src", "/courses/sco/figures/").startswith("/courses/sco/figures/")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_markup_is_harmless(text: str) -> None:
    rendered = render_markdown(text, CONTEXT)
    check_harmless(rendered.html)
    for note in rendered.footnotes:
        check_harmless(note.html)


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_any_mixture_of_pieces_is_harmless(text: str) -> None:
    rendered = render_markdown(text, CONTEXT)
    check_harmless(rendered.html_with_footnotes)
    assert all(problem.message for problem in rendered.problems)
    assert all(1 <= problem.line <= text.count("\n") + 1 for problem in rendered.problems)


REPEATED = [
    *("[", "[[", "[@", "[^", "![", "[a](", "[a](<b", "[[a|", "@a [", "[@a; ", "[@a](", "](", "[]("),
    *("> ", ">\n", "- ", "- a\n", "  - a\n", "1. ", ">- ", "a\n: b\n", "# ", "a\n===\n", "***\n"),
    *("*", "**a ", "*a_ ", "_a__b", "a**b*c ", "`", "` ``", "```\n", "~~~\n", "    a\n", "\t"),
    *("<", "<a@", "<!--", "<?", "&", "&amp;", "\\[", "|a", "a|b\n-|-\n", "|a|\n|-|\n"),
    *("http://", "https://a.b/(", "https://a.", "https://a-", "https://a.b/x ", "://", "mailto:"),
    *(
        "[x]: y\n",
        "[a][b]",
        "[^a]: ",
        "[^a]: x\n\n",
        '![](figure:x "',
        "{",
        "(",
        '"',
        "اب ",
        "\u202e",
    ),
]


@pytest.mark.parametrize("piece", REPEATED)
def test_time_grows_in_proportion(piece: str) -> None:
    """Eight times the text costs at most some 8 times as much; a quadratic parser 64 times.

    Processor time, best of two, with a floor against the clock's grain.
    """
    small, large = 5_000, 40_000

    def cost(length: int) -> float:
        text = (piece * (length // len(piece) + 1))[:length]
        best = float("inf")
        for _attempt in range(2):
            began = time.process_time()
            render_markdown(text, CONTEXT)
            best = min(best, time.process_time() - began)
        return best

    # A busy machine may spoil a round; a quadratic parser fails them all.
    assert any(cost(large) <= 26 * max(cost(small), 0.003) for _round in range(3))


def test_footnote_references_do_not_search_the_rest_of_the_text() -> None:
    """The plug-in's own rule looked for a closing bracket to the end, at each opening one."""
    text = "[^a]: x\n\n" + "[^" * 20_000
    began = time.process_time()
    render_markdown("[^" * 20_000, CONTEXT)
    without = time.process_time() - began
    began = time.process_time()
    render_markdown(text, CONTEXT)
    assert time.process_time() - began <= 10 * max(without, 0.05)


@pytest.mark.parametrize(("opening", "closing"), [("*a ", " a*"), ("**a ", " a**"), ("[[", "a]]")])
def test_deep_nesting_stays_shallow(opening: str, closing: str) -> None:
    """Readers of EPUB and XML refuse a tree hundreds of elements deep."""
    rendered = render_markdown(opening * 5000 + closing * 5000, CONTEXT)
    root = lxml_html.fragment_fromstring(rendered.html, create_parent="root")
    depth = max(sum(1 for _ in element.iterancestors()) for element in root.iter())
    assert depth <= 25
