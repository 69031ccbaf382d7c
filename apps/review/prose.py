"""HTML of a card as Markdown of ours, so that a card can be written out and read back. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

import nh3
from markdownify import MarkdownConverter

from apps.core.markup import size_of
from apps.quizzes.exchange.prose import escape

_TAGS = {
    *("a", "b", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "h1", "h2"),
    *("h3", "h4", "h5", "h6", "hr", "i", "li", "ol", "p", "pre", "s", "span", "strong", "sub"),
    *("sup", "table", "tbody", "td", "th", "thead", "tr", "ul", "img"),
}
_BREAKS = re.compile(r"\n{3,}")
# What costs more than a letter does, where Markdown is read: lines, and signs that may mean more.
_MARKS = re.compile(r"[\n\\`*_\[\]<&|#~@{!^:]")

# Of one side. A long card of lists in lists has fifty elements, five deep.
MAX_ELEMENTS, MAX_DEPTH = 500, 20
# Of all sides of a file: two thousand notes with seven elements on each side.
MAX_FILE_ELEMENTS, MAX_FILE_MARKS = 30_000, 200_000


class TooMuchMarkup(Exception):
    """To read this would cost more than its length tells.  code: of imports.FAULTS."""

    def __init__(self, code: str, most: int) -> None:
        super().__init__(code)
        self.code, self.most = code, most


@dataclass(slots=True)
class Budget:
    """What the sides of one file may cost in all."""

    elements: int = MAX_FILE_ELEMENTS
    marks: int = MAX_FILE_MARKS

    def spend(self, *, elements: int = 0, marks: int = 0) -> None:
        """Raises: TooMuchMarkup, from the side on that spends the last of it."""
        self.elements -= elements
        self.marks -= marks
        if self.elements < 0:
            raise TooMuchMarkup("file-elements", MAX_FILE_ELEMENTS)
        if self.marks < 0:
            raise TooMuchMarkup("file-marks", MAX_FILE_MARKS)


def to_markdown(html: str, budget: Budget | None = None) -> str:
    """Markdown that reads as this HTML; scripts, styles and what we have no words for are left out.

    A picture becomes its description: cards hold none.
    Raises: TooMuchMarkup, before the work is done, for this side or for all that share `budget`.
    """
    if html.count("<") > 3 * MAX_ELEMENTS:
        raise TooMuchMarkup("elements", MAX_ELEMENTS)
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href", "title"}, "img": {"alt"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
        clean_content_tags={"script", "style"},
    )
    size = size_of(clean)
    if size.elements > MAX_ELEMENTS:
        raise TooMuchMarkup("elements", MAX_ELEMENTS)
    if size.depth > MAX_DEPTH:
        raise TooMuchMarkup("depth", MAX_DEPTH)
    budget = budget or Budget()
    budget.spend(elements=size.elements, marks=len(_MARKS.findall(clean)))
    found = str(_Converter().convert(clean))
    lines = (line.rstrip(" ") for line in found.replace("\u00a0", " ").strip().split("\n"))
    return _without_last_break(_BREAKS.sub("\n\n", "\n".join(lines)))


def words_of(html: str) -> str:
    """As to_markdown; of what would cost too much, the words alone."""
    try:
        return to_markdown(html)
    except TooMuchMarkup:
        return escape(unescape(nh3.clean(html, tags=set())).strip())


def from_plain(text: str, budget: Budget | None = None) -> str:
    """Plain text as Markdown that reads as it does, line by line.  Raises: TooMuchMarkup."""
    budget = budget or Budget()
    budget.spend(marks=len(_MARKS.findall(text)))
    lines = [line.strip() for line in text.strip().split("\n")]
    found = []
    for place, line in enumerate(lines):
        follows = place + 1 < len(lines) and line and lines[place + 1]
        found.append(escape(line) + ("\\" if follows else ""))
    return _BREAKS.sub("\n\n", "\n".join(found))


def portable(html: str) -> str:
    """HTML for another program: without links that lead nowhere outside this site."""
    return nh3.clean(
        html,
        tags=_TAGS | {"small", "ins", "abbr", "figure", "figcaption"},
        attributes={"a": {"href", "title"}, "img": {"alt"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        url_relative="deny",
        link_rel=None,
        clean_content_tags={"script", "style"},
    )


def _without_last_break(text: str) -> str:
    """At the end of a text the sign of a break would be read as a backslash."""
    while (len(text) - len(text.rstrip("\\"))) % 2:
        text = text[:-1].rstrip()
    return text


class _Converter(MarkdownConverter):
    def __init__(self) -> None:
        super().__init__(
            heading_style="atx", newline_style="backslash", bullets="-", autolinks=False
        )

    def escape(self, text: str, parent_tags: set[str]) -> str:
        del parent_tags
        return escape(text)

    def convert_img(self, el: Any, text: str, parent_tags: set[str]) -> str:
        del text, parent_tags
        return escape(el.attrs.get("alt") or "")

    def convert_a(self, el: Any, text: str, parent_tags: set[str]) -> str:
        if not el.get("href"):
            return text
        return str(super().convert_a(el, text, parent_tags))  # type: ignore[misc]  # untyped
