"""The marks of gaps in a text, {{1}}. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from apps.quizzes.types.contract import SpecFault

_MARK = re.compile(r"\{\{([0-9]{1,2})\}\}")
_TAG_OR_MARK = re.compile(r"(<[^>]*>)|\{\{([0-9]{1,2})\}\}")


def check(text: object, ids: Sequence[str]) -> Iterator[SpecFault]:
    """Whether every gap has its one mark, and every mark its gap."""
    if not isinstance(text, str):
        return
    found = _MARK.findall(text)
    for number in dict.fromkeys(found):
        if found.count(number) > 1:
            yield SpecFault("text", f"{{{{{number}}}}} stands more than once.")
        if number not in ids:
            yield SpecFault("text", f"There is no gap {number}.")
    for number in ids:
        if number not in found:
            yield SpecFault(f"gaps.{number}", f"{{{{{number}}}}} is not in the text.")


def split(html: str) -> list[tuple[str, str]]:
    """Rendered text as [(html, number of the gap after it)]; the last number is "".

    Joined with something in each gap it is well-formed again. A mark inside a tag is none.
    """
    pieces, start = [], 0
    for found in _TAG_OR_MARK.finditer(html):
        if found[2]:
            pieces.append((html[start : found.start()], found[2]))
            start = found.end()
    return [*pieces, (html[start:], "")]
