from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from apps.reader import downloads
from apps.reader.downloads import markup
from tests.reader.epubs import NAMES, TYPE, read_epub

HOSTILE = "<script>alert(1)</script> & \"quotes\" 'and' ]]> <!-- \x00\x0b\ufffe &nbsp; مجلس"
WHEN = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
FIGURE = "/courses/sco/figures/0123456789abcdef/map.svg"
EDITION = f"""<div class="edition" lang="en" dir="ltr">
<section class="section" id="a" aria-labelledby="a-heading">
<h2 id="a-heading">First <a class="anchor" href="#a" aria-label="Link">§</a></h2>
<p>See <a class="citation" href="#ref-khan1961" data-ref="khan1961">(Khan, 1961)</a>, a
<a class="term" href="#term-rats">term</a>, a note<sup><a class="footnote-ref" href="#fn-a-1"
id="fnref-a-1" role="doc-noteref">1</a></sup>, <a href="/courses/sco/lessons/u/two/#b">next</a>,
<a href="/courses/sco/lessons/u/gone/">gone</a>, <a href="/courses/sco/map/">map</a>,
<a href="#nowhere">nothing</a> and <a href="https://example.org/?a=1&amp;b=2">out</a>.&nbsp;</p>
<figure class="figure"><img src="{FIGURE}" alt="A map" loading="lazy"></figure>
<img src="/courses/sco/figures/fedcba9876543210/lost.png" alt="a lost one">
<p class="sources"><a class="source" href="/courses/sco/source/P01/">P01</a></p>
</section>
<div class="end-matter">
<section class="notes" aria-labelledby="notes"><h2 id="notes">Notes</h2>
<ol><li id="fn-a-1" value="1"><p>Why.</p> <a class="footnote-back" href="#fnref-a-1"
role="doc-backlink" aria-label="Back">↩</a></li></ol></section>
<section class="works" aria-labelledby="works"><h2 id="works">Works cited</h2>
<ul><li id="ref-khan1961"><div class="entry">Khan (1961).</div></li>
<li id="ref-old"><div class="entry">Old.</div></li></ul></section>
<section class="terms" aria-labelledby="terms"><h2 id="terms">Terms</h2>
<dl><dt id="term-rats">RATS</dt><dd><p>A body.</p></dd></dl></section>
</div></div>"""
SECOND = '<div class="edition"><section class="section" id="b"><h2>B</h2></section></div>'


def lesson(slug: str = "one", title: str = "One", text: str = EDITION) -> downloads.Lesson:
    return downloads.Lesson("u", "The unit", slug, title, text, "0" * 64, 1, WHEN)


def material(
    *lessons: downloads.Lesson, is_whole: bool = True, text: str = ""
) -> downloads.Material:
    """A course that says `text` wherever somebody may write."""
    return downloads.Material(
        course_id=UUID(int=1),
        slug="sco",
        title=text or "The SCO",
        summary=text,
        language="en",
        direction="ltr",
        licence_name=text,
        licence_url="https://example.org/",
        licence_notice=text,
        article=downloads.Article(text, 2025, text, text, text),
        lessons=list(lessons) or [lesson(), lesson("two", "Two", SECOND)],
        works=[downloads.Work("khan1961", "Khan (1961).", "Book", text, text)] if is_whole else [],
        terms=[downloads.Term("rats", text or "RATS", [text], "<p>x</p>")] if is_whole else [],
        paragraphs=[downloads.Paragraph("P01", text, text, [("khan1961", text or "Khan")])],
        pictures=[downloads.Picture(FIGURE, "map.svg", "image/svg+xml", b"<svg/>")],
        is_whole=is_whole,
        origin="https://majlis.example",
        version="v1",
    )


def epub(made_of: downloads.Material) -> bytes:
    return downloads.epub_bytes(downloads.book(made_of))


def hrefs(text: bytes | str) -> dict[str, str]:
    return {"".join(link.itertext()): link.get("href") for link in html.fromstring(text).iter("a")}


def test_epub_of_a_course() -> None:
    book = read_epub(epub(material()))
    assert list(book.documents) == [
        "nav.xhtml",
        "cover.xhtml",
        "titlepage.xhtml",
        "lesson-001.xhtml",
        "lesson-002.xhtml",
        "glossary.xhtml",
        "bibliography.xhtml",
        "article.xhtml",
        "imprint.xhtml",
    ]
    assert book.files["images/0123456789abcdef-map.svg"] == b"<svg/>"


def test_epub_links_of_a_course() -> None:
    links = hrefs(read_epub(epub(material())).files["lesson-001.xhtml"])
    assert links == {
        "(Khan, 1961)": "bibliography.xhtml#ref-khan1961",
        "term": "glossary.xhtml#term-rats",
        "1": "#fn-a-1",
        "next": "lesson-002.xhtml#b",
        "gone": "https://majlis.example/courses/sco/lessons/u/gone/",
        "map": "https://majlis.example/courses/sco/map/",
        "out": "https://example.org/?a=1&b=2",
        "P01": "article.xhtml#P01",
        "↩": "#fnref-a-1",
    }


def test_epub_links_of_a_lesson() -> None:
    """One lesson keeps its own works and terms; what it has not is a link to the site."""
    book = read_epub(epub(material(lesson(), is_whole=False)))
    assert list(book.documents)[2:] == ["lesson-001.xhtml", "article.xhtml", "imprint.xhtml"]
    links = hrefs(book.files["lesson-001.xhtml"])
    assert links["(Khan, 1961)"] == "#ref-khan1961"
    assert links["term"] == "#term-rats"
    assert links["next"] == "https://majlis.example/courses/sco/lessons/u/two/#b"
    assert hrefs(book.files["article.xhtml"])["Khan"] == "lesson-001.xhtml#ref-khan1961"


def test_epub_notes_works_and_terms_are_named() -> None:
    document = read_epub(epub(material(lesson(), is_whole=False))).documents["lesson-001.xhtml"]
    types = [element.get(TYPE) for element in document.iter() if element.get(TYPE)]
    assert types == [
        "bodymatter",
        "noteref",
        "footnotes",
        "footnote",
        "backlink",
        "bibliography",
        "glossary",
    ]


def test_epub_drops_what_the_course_lists_once() -> None:
    """A work that the bibliography has lost since stays where the edition cites it."""
    book = read_epub(epub(material()))
    text = book.text("lesson-001.xhtml")
    assert "Old." in text
    assert "Khan (1961)." not in text
    assert "A body." not in text
    assert "Terms" not in text


def test_epub_pictures_that_are_lost() -> None:
    document = read_epub(epub(material())).documents["lesson-001.xhtml"]
    (image,) = document.xpath("//x:img", namespaces=NAMES)
    assert image.attrib == {"src": "images/0123456789abcdef-map.svg", "alt": "A map"}
    assert "a lost one" in "".join(document.itertext())


def test_epub_same_bytes() -> None:
    assert epub(material()) == epub(material())
    assert epub(material(lesson())) != epub(material())


def test_epub_hostile_text() -> None:
    plain = " ".join(markup.xml_text(HOSTILE).split())
    whole = read_epub(epub(material(lesson(title=HOSTILE), text=HOSTILE)))
    for file in ("nav.xhtml", "titlepage.xhtml", "lesson-001.xhtml", "glossary.xhtml"):
        assert plain in whole.text(file)
    alone = read_epub(epub(material(lesson(title=HOSTILE), is_whole=False, text=HOSTILE)))
    assert plain in alone.text("article.xhtml")


def test_epub_right_to_left() -> None:
    book = read_epub(epub(replace(material(), language="ur", direction="rtl", title="مجلس")))
    (spine,) = book.package.xpath("//opf:spine", namespaces=NAMES)
    assert spine.get("page-progression-direction") == "rtl"
    assert {document.get("dir") for document in book.documents.values()} == {"rtl"}
    assert {document.get("lang") for document in book.documents.values()} == {"ur"}


@given(st.text(min_size=1).filter(lambda text: markup.xml_text(text).strip()))
@settings(deadline=None, max_examples=50)
def test_epub_any_text(text: str) -> None:
    read_epub(epub(material(lesson(title=text), text=text)))


def test_printable_course_on_one_page() -> None:
    volume = downloads.printable(material())
    page = html.fromstring(f"<main>{''.join(part.html for part in volume.pages)}</main>")
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    links = [link.get("href") for link in page.iter("a")]
    assert all(link[1:] in ids for link in links if link.startswith("#"))
    assert {link for link in links if not link.startswith("#")} == {
        "https://majlis.example/courses/sco/lessons/u/gone/",
        "https://majlis.example/courses/sco/map/",
        "https://example.org/?a=1&b=2",
        "https://majlis.example/courses/sco/",
    }
    assert hrefs(volume.pages[1].html)["next"] == "#l2-b"
    assert hrefs(volume.pages[1].html)["(Khan, 1961)"] == "#bibliography-ref-khan1961"
    levels = [int(heading.tag[1]) for heading in page.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels.count(1) == 1
    assert [level for level in levels if level == 3] == [3, 3]  # the lessons


def test_printable_lesson_keeps_its_headings() -> None:
    volume = downloads.printable(material(lesson(), is_whole=False))
    assert [page.kind for page in volume.pages] == ["lesson", "article", "imprint"]
    page = html.fromstring(f"<main>{''.join(part.html for part in volume.pages)}</main>")
    assert [h.text_content().strip() for h in page.iter("h1")] == ["One"]
    assert [image.get("src") for image in page.iter("img")] == [FIGURE]


def test_figures_of_and_paragraphs_of() -> None:
    assert downloads.figures_of(EDITION) == {
        (FIGURE, "0123456789abcdef", "map.svg"),
        ("/courses/sco/figures/fedcba9876543210/lost.png", "fedcba9876543210", "lost.png"),
    }
    assert downloads.paragraphs_of(EDITION) == {"P01"}


@pytest.mark.parametrize(
    ("text", "expected"), [("a\x00b\x0bc", "abc"), ("a\ufffe\ud800", "a"), ("é\n\t𐍈", "é\n\t𐍈")]
)
def test_xml_text(text: str, expected: str) -> None:
    assert markup.xml_text(text) == expected
