"""Anki's notes with gaps (“cloze deletions”): one text, a card for each number in it. Pure.

Source: the Anki manual, “Cloze Deletion”. A gap is {{c1::words}} or {{c1::words::hint}}, and may
hold others; gaps of one number are asked together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

MAX_NUMBERS = 50  # of one note
MAX_CHARACTERS = 400_000  # of all fronts that one note makes
_MAX_DEPTH = 8

_EDGE = re.compile(r"\{\{c([0-9]{1,3})::|\}\}")


@dataclass(frozen=True, slots=True)
class Asked:
    """One card of such a note. front: the text with its gaps.  back: the text, filled."""

    number: int
    front: str
    back: str


class TooManyGaps(ValueError):
    """More cards than a text is worth."""


@dataclass(slots=True)
class _Gap:
    number: int
    parts: list[str | _Gap] = field(default_factory=list)


def asked_of(text: str, *, is_html: bool) -> list[Asked]:
    """The cards of a text, by number; none where it has no gap, or one that does not end.

    Raises: TooManyGaps, before the work is done.
    """
    whole = _parsed(text)
    numbers = sorted(_numbers(whole))
    if len(numbers) > MAX_NUMBERS or len(numbers) * len(text) > MAX_CHARACTERS:
        raise TooManyGaps
    return [
        Asked(
            number,
            front=_said(whole, number, is_html=is_html, is_hidden=True),
            back=_said(whole, number, is_html=is_html, is_hidden=False),
        )
        for number in numbers
    ]


def _parsed(text: str) -> Sequence[str | _Gap]:
    root = _Gap(0)
    open_gaps, at = [root], 0
    for edge in _EDGE.finditer(text):
        open_gaps[-1].parts.append(text[at : edge.start()])
        at = edge.end()
        if edge[1] and len(open_gaps) <= _MAX_DEPTH:
            gap = _Gap(int(edge[1]))
            open_gaps[-1].parts.append(gap)
            open_gaps.append(gap)
        elif not edge[1] and len(open_gaps) > 1:
            open_gaps.pop()
        else:
            open_gaps[-1].parts.append(edge[0])
    root.parts.append(text[at:])
    return root.parts if len(open_gaps) == 1 else [text]


def _numbers(parts: Sequence[str | _Gap]) -> set[int]:
    found: set[int] = set()
    for part in parts:
        if isinstance(part, _Gap):
            found |= {part.number} | _numbers(part.parts)
    return found


def _said(parts: Sequence[str | _Gap], number: int, *, is_html: bool, is_hidden: bool) -> str:
    return "".join(
        _filled(part, number, is_html=is_html, is_hidden=is_hidden)
        if isinstance(part, _Gap)
        else part
        for part in parts
    )


def _filled(gap: _Gap, number: int, *, is_html: bool, is_hidden: bool) -> str:
    inside = _said(gap.parts, number, is_html=is_html, is_hidden=is_hidden)
    words, _colons, hint = inside.partition("::")
    if gap.number != number:
        return words
    if is_hidden:
        words = f"[{hint or '…'}]"
    # What holds paragraphs or lists is not emphasised as a word is.
    return f"<b>{words}</b>" if is_html and "<" not in words else words
