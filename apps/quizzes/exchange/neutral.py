"""A question as Moodle thinks of it, whichever file it stands in. Pure.

GIFT, Moodle XML and the table are read into this and written from it; `incoming` and `outgoing`
know what it means here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Prose:
    """format: html | moodle | plain | markdown | wiki, by Moodle's rules."""

    text: str = ""
    format: str = "markdown"


NOTHING = Prose()


@dataclass(frozen=True, slots=True)
class Answer:
    """fraction: per cent, may be negative.  tolerance: of a number, as typed; None for none.

    source: the paragraph that decides, where the format has a column for it.
    """

    text: Prose
    fraction: Decimal = HUNDRED
    feedback: Prose = NOTHING
    tolerance: str | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """prompt: "" for an answer that matches nothing."""

    prompt: Prose
    answer: Prose
    source: str = ""
    feedback: Prose = NOTHING


@dataclass(frozen=True, slots=True)
class Word:
    """A choice for the gaps of its group."""

    text: str
    group: str
    is_reusable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Neutral:
    """kind: Moodle's name.  wish: our type that it was written from, "" when nobody says.

    facts: plain settings by Moodle's names.  prose: further texts by Moodle's names.
    units: (name, multiplier).  aside: what `aside.difference` gave, as JSON text.
    """

    kind: str
    name: str = ""
    line: int = 0
    text: Prose = NOTHING
    explanation: Prose = NOTHING
    answers: tuple[Answer, ...] = ()
    pairs: tuple[Pair, ...] = ()
    words: tuple[Word, ...] = ()
    units: tuple[tuple[str, str], ...] = ()
    hints: tuple[Prose, ...] = ()
    tags: tuple[str, ...] = ()
    idnumber: str = ""
    wish: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    prose: Mapping[str, Prose] = field(default_factory=dict)
    aside: str = ""
