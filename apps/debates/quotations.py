"""Whether a quotation stands in the text that it is said to come from."""

import re

from apps.content.search.text import words

_LEFT_OUT = re.compile(r"\[\s*(?:…|\.\.\.)\s*\]|…|\.\.\.")


def is_found(quotation: str, source: str) -> bool | None:
    """True where the source holds each part of the quotation, in order; None without a source.

    Case, accents, punctuation and white space do not count, as in search. An ellipsis, bare or in
    square brackets, stands for what was left out. A quotation without a word is not found.
    """
    if not source.strip():
        return None
    held = _folded(source)
    parts = [part for part in map(_folded, _LEFT_OUT.split(quotation)) if part.strip()]
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
