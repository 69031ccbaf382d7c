import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.content.markdown import (
    MAX_CHARACTERS,
    FigureLabel,
    ReferenceLabel,
    RenderContext,
    TermLabel,
    plain_text,
    render_markdown,
)

CONTEXT = RenderContext(
    course_slug="sco",
    references={
        "khan1961": ReferenceLabel("khan1961", "Khan", "1961"),
        "hussain2015": ReferenceLabel(
            "hussain2015", "Hussain & Fatima", "2015", "Hussain and Fatima"
        ),
        "sham2020": ReferenceLabel("sham2020", "Sham", "2020", is_retracted=True),
        "undated": ReferenceLabel("undated", "Anon", ""),
    },
    terms={"rats": TermLabel("rats", "RATS"), "the charter": TermLabel("charter", "Charter")},
    paragraphs=frozenset({"P06"}),
    lessons={"history/invitation": frozenset({"moscow"}), "sco/new": frozenset()},
    unpublished=frozenset({"sco/new"}),
    figures={
        "map.svg": FigureLabel("/courses/sco/figures/00/map.svg", "A map", "CC BY", 40, 20),
        "bare.svg": FigureLabel("/courses/sco/figures/11/bare.svg", "", "", None, None),
    },
    id_prefix="moscow",
)


def html_of(text: str) -> str:
    return render_markdown(text, CONTEXT).html.strip()


def problems_of(text: str) -> list[tuple[str, int, str]]:
    return [(p.code, p.line, p.subject) for p in render_markdown(text, CONTEXT).problems]


def link(key: str, words: str) -> str:
    return f'<a class="citation" href="#ref-{key}" data-ref="{key}">{words}</a>'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[@khan1961]", link("khan1961", "(Khan, 1961)")),
        ("[@khan1961, pp. 33-35]", link("khan1961", "(Khan, 1961, pp. 33–35)")),
        ("[-@khan1961]", link("khan1961", "(1961)")),
        ("[see @khan1961, ch. 2]", link("khan1961", "(see Khan, 1961, ch. 2)")),
        ("[@undated]", link("undated", "(Anon, n.d.)")),
        ("@khan1961", link("khan1961", "Khan (1961)")),
        ("@hussain2015 [p. 52]", link("hussain2015", "Hussain and Fatima (2015, p. 52)")),
        (
            "[@khan1961, p. 1; see also @hussain2015]",
            '<span class="citation-group">('
            + link("khan1961", "Khan, 1961, p. 1")
            + "; "
            + link("hussain2015", "see also Hussain &amp; Fatima, 2015")
            + ")</span>",
        ),
    ],
)
def test_citation_forms(text: str, expected: str) -> None:
    assert html_of(text) == f"<p>{expected}</p>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("write to a@b.example", "<p>write to a@b.example</p>"),
        (r"\@khan1961 and \[@khan1961\]", "<p>@khan1961 and [@khan1961]</p>"),
        (
            "`[@khan1961]` and `[[RATS]]`",
            "<p><code>[@khan1961]</code> and <code>[[RATS]]</code></p>",
        ),
    ],
)
def test_citation_elsewhere_stays_text(text: str, expected: str) -> None:
    assert html_of(text) == expected


def test_term_links_in_a_table_and_with_other_words() -> None:
    assert html_of("[[RATS]]") == '<p><a class="term" href="#term-rats">RATS</a></p>'
    assert html_of("[[the\ncharter|its rules]]") == (
        '<p><a class="term" href="#term-charter">its rules</a></p>'
    )
    assert '<td><a class="term" href="#term-rats">it</a></td>' in html_of(
        "| a |\n|---|\n| [[RATS\\|it]] |"
    )


def test_links_of_a_standalone_text_lead_to_pages() -> None:
    rendered = render_markdown("@khan1961 [[RATS]]", replace(CONTEXT, is_standalone=True))
    assert 'href="/courses/sco/bibliography/khan1961/"' in rendered.html
    assert 'href="/courses/sco/glossary/rats/"' in rendered.html


@pytest.mark.parametrize(
    ("text", "href", "css_class"),
    [
        ("[x](source:P06)", "/courses/sco/source/P06/", "source"),
        ("[x](lesson:history/invitation)", "/courses/sco/lessons/history/invitation/", "lesson"),
        (
            "[x](lesson:history/invitation#moscow)",
            "/courses/sco/lessons/history/invitation/#moscow",
            "lesson",
        ),
        ("[x](glossary:rats)", "#term-rats", "term"),
        ("[x](<glossary:the charter>)", "#term-charter", "term"),
    ],
)
def test_link_schemes(text: str, href: str, css_class: str) -> None:
    assert html_of(text) == f'<p><a href="{href}" class="{css_class}">x</a></p>'


@pytest.mark.parametrize(
    "text",
    ["[https://a.example/x](https://a.example/x)", "https://a.example/x", "<https://a.example/x>"],
)
def test_web_links_say_nothing_of_the_reader(text: str) -> None:
    assert html_of(text) == (
        '<p><a href="https://a.example/x" class="external" rel="noopener noreferrer">'
        "https://a.example/x</a></p>"
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("see https://a.example/b_(c). Then", "https://a.example/b_(c)"),
        ("(https://a.example/b)", "https://a.example/b"),
        ("https://a.example, and", "https://a.example"),
        ("https://a.example/?q=1&r=2!", "https://a.example/?q=1&amp;r=2"),
    ],
)
def test_bare_address_ends_before_the_sentence_does(text: str, shown: str) -> None:
    assert f">{shown}</a>" in html_of(text)


def test_figure_stands_alone_with_caption_and_size() -> None:
    assert html_of('![](figure:map.svg "The *route*")') == (
        '<figure class="figure"><img src="/courses/sco/figures/00/map.svg" alt="A map" width="40"'
        ' height="20" loading="lazy"><figcaption>The *route* <span class="credit">CC BY</span>'
        "</figcaption></figure>"
    )
    assert 'alt="Another words"' in html_of("![Another *words*](figure:map.svg)")
    assert render_markdown("![](figure:map.svg)", CONTEXT).figures == ("map.svg",)


def test_footnotes_are_numbered_through_the_lesson_and_lead_back() -> None:
    context = replace(CONTEXT, first_footnote=4)
    rendered = render_markdown(
        "One[^b] two[^a] one[^b].\n\n[^a]: By [@khan1961].\n[^b]: Two\n\n    blocks.", context
    )
    assert rendered.html == (
        '<p>One<sup><a class="footnote-ref" href="#fn-moscow-1" id="fnref-moscow-1"'
        ' role="doc-noteref">4</a></sup> two<sup><a class="footnote-ref" href="#fn-moscow-2"'
        ' id="fnref-moscow-2" role="doc-noteref">5</a></sup> one<sup><a class="footnote-ref"'
        ' href="#fn-moscow-1" id="fnref-moscow-1-2" role="doc-noteref">4</a></sup>.</p>\n'
    )
    first, second = rendered.footnotes
    assert (first.id, first.number) == ("fn-moscow-1", 4)
    assert first.html == "<p>Two</p>\n<p>blocks.</p>\n"
    assert first.referrers == ("fnref-moscow-1", "fnref-moscow-1-2")
    assert second.html == f"<p>By {link('khan1961', '(Khan, 1961)')}.</p>\n"
    assert rendered.citations == ("khan1961",)
    assert 'href="#fnref-moscow-1-2" role="doc-backlink"' in rendered.html_with_footnotes


def test_blocks_that_authors_may_use() -> None:
    rendered = html_of(
        "> quoted\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\nTerm\n: Words\n\n```\n<x>\n```"
    )
    assert "<blockquote>\n<p>quoted</p>\n</blockquote>" in rendered
    box = '<div class="table-scroll" tabindex="0" role="group" aria-label="a, b"><table>'
    assert box in rendered
    assert '<th scope="col" class="align-right">b</th>' in rendered
    assert "<dl>\n<dt>Term</dt>\n<dd>Words</dd>\n</dl>" in rendered
    assert '<pre tabindex="0"><code>&lt;x&gt;\n</code></pre>' in rendered


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("*What* is counted | [[RATS]]", "What is counted, RATS"),
        ('a" onfocus="x | <b>', "a&quot; onfocus=&quot;x, &lt;b&gt;"),
        (f"{'a' * 200} | b", f"{'a' * 159}…"),
        ("  | b", "b"),
    ],
)
def test_tables_have_the_name_that_their_columns_make(head: str, name: str) -> None:
    rendered = html_of(f"| {head} |\n|---|---|\n| 1 | 2 |")
    assert re.findall('<div class="table-scroll"[^>]*>', rendered) == [
        f'<div class="table-scroll" tabindex="0" role="group" aria-label="{name}">'
    ]
    assert "aria-label" not in html_of("| | |\n|---|---|\n| 1 | 2 |")


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("fine", []),
        ("a\n[@nobody2000]", [("unknown-key", 2, "nobody2000")]),
        ("a\nb @nobody2000", [("unknown-key", 2, "nobody2000")]),
        ("[[Nothing]]", [("unknown-term", 1, "Nothing")]),
        ("[x](source:P99)", [("unknown-paragraph", 1, "P99")]),
        ("[x](lesson:a/b)", [("unknown-lesson", 1, "a/b")]),
        ("[x](lesson:history/invitation#no)", [("unknown-anchor", 1, "history/invitation#no")]),
        ("[x](lesson:sco/new)", [("unpublished-lesson", 1, "sco/new")]),
        ("[x](glossary:no)", [("unknown-term", 1, "no")]),
        ("[@sham2020]", [("retracted-work", 1, "sham2020")]),
        ("![](figure:no.svg)", [("unknown-figure", 1, "no.svg")]),
        ("a\n\n![](figure:bare.svg)", [("missing-alt", 3, "bare.svg")]),
        ("see ![](figure:map.svg) here", [("figure-inline", 1, "map.svg")]),
        ("![x](https://a.example/x.png)", [("forbidden-image", 1, "https://a.example/x.png")]),
        ("[x](javascript:alert)", [("forbidden-link", 1, "javascript:alert")]),
        ("[x](/courses/)", [("forbidden-link", 1, "/courses/")]),
        ("[x](#moscow)", [("forbidden-link", 1, "#moscow")]),
        ("text\n\n## Two", [("heading-level", 3, "")]),
        ("One\n===", [("heading-level", 1, "")]),
        ("### Three\n\n##### Five", [("heading-skip", 3, "")]),
        ("[[RATS", [("unclosed", 1, "[[RATS")]),
        ("a\n[@khan1961, p. 3", [("unclosed", 2, "[@khan1961,")]),
        ("x\n\n```\ncode", [("unclosed", 3, "```")]),
        ("no[^1]", [("unknown-footnote", 1, "1")]),
        ("a\n\n[^1]: unused", [("unused-footnote", 3, "1")]),
        ("a\n\n> b\n> [@nobody2000]", [("unknown-key", 4, "nobody2000")]),
        ("| a |\n|---|\n| b |\n| [@no1] |", [("unknown-key", 4, "no1")]),
        ("a[^1]\n\n[^1]: b\n\n    [@no1]", [("unknown-key", 5, "no1")]),
        ("> " * 30 + "x", [("too-deep", 1, "")]),
        ("*a " * 30 + "b*" * 30, [("too-deep", 1, "")]),
    ],
)
def test_problems_name_the_line(text: str, problems: list[tuple[str, int, str]]) -> None:
    assert problems_of(text) == problems


def test_problem_messages_name_the_subject() -> None:
    (problem,) = render_markdown("[@nobody2000]", CONTEXT).problems
    assert problem.is_error
    assert problem.message == "No reference has the key “nobody2000”."
    (advice,) = render_markdown("a\n\n[^x]: b", CONTEXT).problems
    assert not advice.is_error


def test_what_is_unknown_stays_readable() -> None:
    assert plain_text(html_of("[@no1; @khan1961] [[No|words]] [text](source:P99)")) == (
        "(@no1; Khan, 1961) words text"
    )


def test_text_that_is_too_long_is_not_rendered() -> None:
    assert render_markdown("a" * MAX_CHARACTERS, CONTEXT).words == 1
    rendered = render_markdown("a" * (MAX_CHARACTERS + 1), CONTEXT)
    assert rendered.html == ""
    assert [p.message for p in rendered.problems] == [
        "The text has more than 200,000 characters; divide it."
    ]


def test_problems_are_capped() -> None:
    problems = render_markdown("[@no1] " * 1000, CONTEXT).problems
    assert len(problems) == 201
    assert problems[-1].code == "too-many-problems"


def test_plain_text_keeps_words_apart_and_entities_as_characters() -> None:
    html = '<p>a &lt;b&gt;</p><ul><li>c</li><li>d<br>e</li></ul><img alt="x > y">&amp; f'
    assert plain_text(html) == "a <b> c d e & f"


@given(st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="`"), min_size=1))
def test_words_come_back_as_written(words: str) -> None:
    """Text in a code span reaches the reader unchanged, whatever it is."""
    assert plain_text(html_of(f"`{words}`")) == words
