"""HTML of a card as Markdown of ours, so that a card can be written out and read back. Pure."""

from __future__ import annotations

import re
from typing import Any

import nh3
from markdownify import MarkdownConverter

from apps.quizzes.exchange.prose import escape

_TAGS = {
    *("a", "b", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "h1", "h2"),
    *("h3", "h4", "h5", "h6", "hr", "i", "li", "ol", "p", "pre", "s", "span", "strong", "sub"),
    *("sup", "table", "tbody", "td", "th", "thead", "tr", "ul", "img"),
}
_BREAKS = re.compile(r"\n{3,}")


def to_markdown(html: str) -> str:
    """Markdown that reads as this HTML; scripts, styles and what we have no words for are left out.

    A picture becomes its description: cards hold none.
    """
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href", "title"}, "img": {"alt"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
        clean_content_tags={"script", "style"},
    )
    try:
        found = str(_Converter().convert(clean))
    except RecursionError:
        found = escape(nh3.clean(html, tags=set()))
    lines = (line.rstrip(" ") for line in found.replace("\u00a0", " ").strip().split("\n"))
    return _BREAKS.sub("\n\n", "\n".join(lines))


def from_plain(text: str) -> str:
    """Plain text as Markdown that reads as it does, line by line."""
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
