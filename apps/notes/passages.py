"""A section's plain text, as its reader's browser sees it, and passages of it. Pure.

The text of a section is that of its element's text nodes in the order of the document, without
those inside LEFT_OUT, with each run of ASCII white space as one space and none at either end.
Positions count code points. static/js/notes.js does the same with the element itself;
tests/notes/test_browser.py holds the two together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser

# Classes of what stands in a section and is not its text: the link to itself, the paragraphs that
# it retells, the numbers of footnotes, which change with every note before them.
LEFT_OUT = frozenset({"anchor", "sources", "footnote-ref"})
CONTEXT_CHARACTERS = 64  # kept of what stands before and after a passage

_SPACE = re.compile(r"[ \t\n\f\r]+")  # HTML's; a no-break space is a character like others
_VOID = frozenset({"br", "col", "hr", "img", "input", "source", "track", "wbr"})
_SENTENCE_ENDS = re.compile(r"(?<=[.!?…۔؟])[\"'”’»)]*\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class SectionText:
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Selector:
    """A passage by quotation and position; an empty `exact` is the section as a whole.

    Source: W3C Web Annotation Data Model, 4.2.4 and 4.2.5
    """

    section: str
    exact: str
    prefix: str = ""
    suffix: str = ""
    start: int = 0

    @property
    def end(self) -> int:
        return self.start + len(self.exact)


def tidy(text: str) -> str:
    """With white space as section_texts has it."""
    return _SPACE.sub(" ", text).strip(" ")


@lru_cache(maxsize=128)
def section_texts(html: str) -> tuple[SectionText, ...]:
    """The sections of an edition's HTML in its order. Remembered: an edition never changes."""
    reader = _Sections()
    reader.feed(html)
    reader.close()
    return tuple(SectionText(anchor, tidy("".join(parts))) for anchor, parts in reader.found)


def selector_at(section: SectionText, start: int, end: int) -> Selector:
    """The passage from `start` to `end` with what stands around it."""
    return Selector(
        section=section.anchor,
        exact=section.text[start:end],
        prefix=section.text[max(0, start - CONTEXT_CHARACTERS) : start],
        suffix=section.text[end : end + CONTEXT_CHARACTERS],
        start=start,
    )


def sentences(text: str) -> list[str]:
    """A text cut after its full stops: for those who choose a passage from a list."""
    cuts = [match.end() for match in _SENTENCE_ENDS.finditer(text)]
    parts = (text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True))
    return [part.strip() for part in parts if part.strip()]


class _Sections(HTMLParser):
    """Collects the text of each <section class="section" id=…>; they do not lie in each other."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, list[str]]] = []
        self._open: list[tuple[str, bool, bool]] = []  # (tag, begins a section, is left out)
        self._is_after_pre = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_after_pre = tag == "pre"
        if tag in _VOID:
            return
        named = dict(attrs)
        classes = frozenset((named.get("class") or "").split())
        begins = tag == "section" and "section" in classes and bool(named.get("id"))
        if begins:
            self.found.append((named["id"] or "", []))
        self._open.append((tag, begins, bool(classes & LEFT_OUT)))

    def handle_endtag(self, tag: str) -> None:
        self._is_after_pre = False
        if any(each[0] == tag for each in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._is_after_pre:  # a line break right after <pre> is no text: HTML, 13.2.6.4.7
            data, self._is_after_pre = data.removeprefix("\n"), False
        is_inside = any(begins for _tag, begins, _out in self._open)
        if is_inside and not any(is_out for _tag, _begins, is_out in self._open):
            self.found[-1][1].append(data)
