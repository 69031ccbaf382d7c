"""Moodle's texts as Markdown of ours, with everything that gets lost. Pure."""

from __future__ import annotations

import re
from html import escape as escape_html
from html import unescape
from typing import Any

import nh3
from markdownify import MarkdownConverter

from apps.core.markup import size_of
from apps.quizzes.exchange.loss import Report, Unreadable
from apps.quizzes.exchange.neutral import Prose

MAX_CHARACTERS = 200_000
# Of one text. A question that shows a table of twenty rows has two hundred elements.
MAX_ELEMENTS, MAX_DEPTH = 2_000, 40

# Block and inline tags whose meaning Markdown keeps, or which mean nothing by themselves.
MARKUP = frozenset(
    [
        "a",
        "b",
        "blockquote",
        "br",
        "code",
        "dd",
        "del",
        "div",
        "dl",
        "dt",
        "em",
        "hr",
        "i",
        "li",
        "ol",
        "p",
        "pre",
        "s",
        "span",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
        "img",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
    ]
)
_SILENT = frozenset({"html", "head", "body", "img"})
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)(?=[\s/>])")
_STYLE = re.compile(
    r"<[A-Za-z][^<>]*\s(style|align|colspan|rowspan|bgcolor|lang)\s*=", re.IGNORECASE
)
_IMAGE = re.compile(r"<img\b[^<>]*", re.IGNORECASE)
_ALT = re.compile(r"\balt\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_EMBEDDED = re.compile(r"@@PLUGINFILE@@/([^\s\"'<>)]*)")
_MARKDOWN_IMAGE = re.compile(r"!\[([^\[\]]*)\]\(")
# A break that nothing follows: editors leave one at the end of a paragraph. To Markdown it is text.
_LAST_BREAK = re.compile(r"(?<!\\)((?:\\\\)*)\\(?=\n[ \t]*\n|\s*\Z)")
_TEX = re.compile(r"\\\(|\\\[|\$\$")
_LOWERED = dict(zip("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True))
_RAISED = dict(zip("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ", strict=True))

_INLINE = re.compile(
    r"[\\`*\[]|(?<![^\W_])_|_(?![^\W_])|(?<![\w.])@(?=\w)|&(?=#?\w+;)|<(?=[A-Za-z/!?])|\{(?=\{)"
)
_START = re.compile(
    r"^([ \t]*)(#{1,6}(?=\s|$)|[>|]|[+-](?=\s|$)|-{2,}\s*$|=+\s*$|[:~](?=\s)|~~~)", re.MULTILINE
)
_NUMBERED = re.compile(r"^([ \t]*[0-9]{1,9})([.)])(?=\s|$)", re.MULTILINE)
_PLAINLY = re.compile(
    r"\\([!-/:-@\[-`{-~])|(\*{1,3}|(?<!\w)_{1,3}|`+)(?=\S)(.{1,2000}?)(?<=\S)\2(?![\w*])", re.DOTALL
)


def escape(text: str) -> str:
    """Markdown that reads as this plain text."""
    text = _INLINE.sub(lambda found: f"\\{found[0]}", text)
    text = _START.sub(lambda found: f"{found[1]}\\{found[2]}", text)
    return _NUMBERED.sub(r"\1\\\2", text)


def plain(markdown: str) -> str:
    """One line of Markdown without its escapes and emphasis."""
    return _PLAINLY.sub(lambda found: found[1] or plain(found[3]), markdown)


def block(prose: Prose, report: Report) -> str:
    """A text in which paragraphs may stand.  Raises: Unreadable."""
    text = prose.text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > MAX_CHARACTERS:
        raise Unreadable(f"A text has more than {MAX_CHARACTERS:,} characters.")
    for name in _EMBEDDED.findall(text):
        report.lose("file", unescape(name))
    if prose.format == "markdown":
        _look_for_markup(text, report)
        return text.strip()
    if _TEX.search(text):
        report.lose("tex")
    if prose.format == "plain":
        return escape("\n".join(line.strip() for line in text.strip().split("\n")))
    if prose.format == "wiki":
        report.lose("wiki")
        return escape(text.strip())
    if prose.format == "moodle":
        text = re.sub(r"\n\s*\n", "<p>", text.strip()).replace("\n", "<br>")
    return _from_html(text, report)


def line(prose: Prose, report: Report) -> str:
    """A text of one line.  Raises: Unreadable."""
    text = block(prose, report)
    if "\n" not in text:
        return text
    short = " ".join(text.replace("\\\n", "\n").split())
    report.lose("one-line", short[:60])
    return short


def words(prose: Prose, report: Report) -> str:
    """Plain text, where Markdown may not stand, such as an accepted answer."""
    if prose.format in {"plain", "markdown"}:
        return prose.text.strip()
    return plain(line(prose, report))


def _look_for_markup(text: str, report: Report) -> None:
    tags = sorted({found.lower() for found in _TAG.findall(text)} & MARKUP)
    if tags:
        report.lose("html", ", ".join(tags))
    for alt in _MARKDOWN_IMAGE.findall(text):
        report.lose("image", alt or "without a description")


def _from_html(text: str, report: Report) -> str:
    lost = {found.lower() for found in _TAG.findall(text)} - MARKUP - _SILENT
    lost |= {found.lower() for found in _STYLE.findall(text)}
    for picture in _IMAGE.findall(text):
        alt = _ALT.search(picture)
        report.lose("image", (alt and unescape(alt[1] or alt[2] or "")) or "without a description")
    if text.count("<") > 3 * MAX_ELEMENTS:
        raise Unreadable(f"A text has more than {MAX_ELEMENTS:,} elements of HTML.")
    clean = nh3.clean(
        text,
        tags=set(MARKUP),
        attributes={"a": {"href", "title"}, "img": {"alt"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
        clean_content_tags={"script", "style"},
    )
    size = size_of(clean)
    if size.elements > MAX_ELEMENTS:
        raise Unreadable(f"A text has more than {MAX_ELEMENTS:,} elements of HTML.")
    if size.depth > MAX_DEPTH:
        report.lose("html", "more levels than can be read")
        return escape(unescape(nh3.clean(text, tags=set())).strip())
    converter = _Converter(lost)
    found = str(converter.convert(clean)).replace("\u00a0", " ")
    if lost:
        report.lose("html", ", ".join(sorted(lost)))
    found = "\n".join(each.rstrip(" ") for each in found.strip().split("\n"))
    while _LAST_BREAK.search(found):
        found = _LAST_BREAK.sub(r"\1", found).strip()
    return found


class _Converter(MarkdownConverter):
    """`lost` gains what the conversion meets and cannot keep."""

    def __init__(self, lost: set[str]) -> None:
        super().__init__(
            heading_style="atx", newline_style="backslash", bullets="-", autolinks=False
        )
        self.lost = lost

    def escape(self, text: str, parent_tags: set[str]) -> str:
        del parent_tags
        return escape(text)

    def convert_hN(self, n: int, el: Any, text: str, parent_tags: set[str]) -> str:  # noqa: N802
        """A heading in a question is a bold line: the page has its own."""
        del n, el
        self.lost.add("headings")
        words_ = text.strip()
        return words_ if "_inline" in parent_tags or not words_ else f"\n\n**{words_}**\n\n"

    def convert_img(self, el: Any, text: str, parent_tags: set[str]) -> str:
        del text, parent_tags
        return escape(el.attrs.get("alt") or "")

    def convert_a(self, el: Any, text: str, parent_tags: set[str]) -> str:
        if not el.get("href"):
            return text
        return str(super().convert_a(el, text, parent_tags))  # type: ignore[misc]  # untyped

    def convert_sub(self, el: Any, text: str, parent_tags: set[str]) -> str:
        del el, parent_tags
        return self._small(text, _LOWERED, "sub")

    def convert_sup(self, el: Any, text: str, parent_tags: set[str]) -> str:
        del el, parent_tags
        return self._small(text, _RAISED, "sup")

    def _small(self, text: str, letters: dict[str, str], name: str) -> str:
        if all(each in letters for each in text):
            return "".join(letters[each] for each in text)
        self.lost.add(name)
        return text


def html(text: str) -> str:
    """Plain text as HTML."""
    return escape_html(text, quote=False)
