"""Whether a quotation stands in the text that it is said to come from."""

import re

from apps.content.markdown import plain_text
from apps.content.search.text import words

_NOTE_MARK = re.compile(r'<sup><a class="footnote-ref"[^>]*>.*?</a></sup>')
_NOTE_BACK = re.compile(r'<a class="footnote-back"[^>]*>.*?</a>')
# A citation in brackets; one that is part of its sentence, as in “Zeb (2006)”, stays.
_CITATION = re.compile(
    r'<span class="citation-group">.*?\)</span>|<a class="citation"[^>]*>\([^<]*\)</a>'
)
_LEFT_OUT = re.compile(r"\[\s*(?:…|\.\.\.)\s*\]|…|\.\.\.")


def readings(html: str) -> list[str]:
    """The ways in which people quote a published section, as plain texts.

    As it stands, numbers of notes included; without those; and without citations in brackets too.
    """
    whole = _NOTE_BACK.sub("", html)
    unnumbered = _NOTE_MARK.sub("", whole)
    return [plain_text(each) for each in (whole, unnumbered, _CITATION.sub("", unnumbered))]


def is_found(quotation: str, *readings: str) -> bool | None:
    """True where one reading holds each part of the quotation, in order; None without a text.

    Case, accents, punctuation and white space do not count, as in search. An ellipsis, bare or in
    square brackets, stands for what was left out. A quotation without a word is not found.
    """
    texts = [text for text in readings if text.strip()]
    if not texts:
        return None
    parts = [part for part in map(_folded, _LEFT_OUT.split(quotation)) if part.strip()]
    return any(_holds(_folded(text), parts) for text in texts)


def _holds(held: str, parts: list[str]) -> bool:
    position = 0
    for part in parts:
        found = held.find(part, position)
        if found < 0:
            return False
        position = found + len(part) - 1  # the space after it may begin the next part
    return bool(parts)


def _folded(text: str) -> str:
    """Its words between single spaces, with one at each end, so that only whole words match."""
    return f" {' '.join(word for _start, _end, word in words(text))} "
