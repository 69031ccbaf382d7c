"""The one allow-list of HTML."""

from __future__ import annotations

import html as entities
import re

import nh3

_BLOCK_END = re.compile(
    r"</(?:p|li|h[1-6]|td|th|tr|dt|dd|blockquote|figure|figcaption|pre|div|section)>"
    r"|<br ?/?>|<hr ?/?>"
)
# Sanitised text holds no bare "<", so that this looks at every character once.
_TAG = re.compile(r"<[^<>\"]*(?:\"[^\"]*\"[^<>\"]*)*>")

TAGS = {
    *("a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em"),
    *("figcaption", "figure", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "li", "ol", "p"),
    *("pre", "s", "small", "span", "strong", "sub", "sup", "table", "tbody", "td", "th"),
    *("thead", "tr", "ul"),
}
ATTRIBUTES = {
    "a": {"href", "id", "rel", "role", "title", "aria-label", "data-ref"},
    "img": {"src", "alt", "width", "height", "loading"},
    "li": {"id"},
    "ol": {"start"},
    "th": {"scope"},
    "div": {"tabindex", "aria-label"},
    "pre": {"tabindex"},
}
# Attributes of which one value alone is let through.
VALUES = {"div": {"role": {"group"}}}
CLASSES = {
    "a": {"citation", "external", "footnote-back", "footnote-ref", "lesson", "source", "term"},
    "div": {"table-scroll"},
    "figure": {"figure"},
    "img": {"figure-inline"},
    "ol": {"footnotes"},
    "span": {"citation-group", "citation-unknown", "credit"},
    "td": {"align-center", "align-right"},
    "th": {"align-center", "align-right"},
}
_CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    tag_attribute_values=VALUES,
    allowed_classes=CLASSES,
    url_schemes={"http", "https", "mailto"},
    link_rel=None,  # our own links keep their referrer; render.py marks the others
    clean_content_tags={"script", "style"},
)


def sanitise(html: str) -> str:
    """Keep what the allow-list names and nothing else; text of other tags stays as text."""
    return _CLEANER.clean(html)


def plain_text(html: str) -> str:
    """The words of a sanitised fragment with single spaces between them; no markup, no entities.

    The result is text: a template escapes it like any other.
    """
    return " ".join(entities.unescape(_TAG.sub("", _BLOCK_END.sub(" ", html))).split())
