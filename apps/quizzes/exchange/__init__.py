"""Questions in the formats of other programs, both ways, with a report of what was not carried.

A module of FORMATS has `read(bytes or text) -> Reading(drafts, losses, faults)`, which never
raises, and `write(drafts) -> Writing(text, losses)`. A draft whose `source` is "" somewhere is
complete once `named(draft, "P06")` has named the paragraph. No Django, no database, no network.
docs/question-exchange.md says what is carried and what is reported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from apps.quizzes.exchange import gift, moodle_xml, table
from apps.quizzes.exchange.loss import (
    MESSAGES,
    Fault,
    Loss,
    Losses,
    Reading,
    Where,
    Writing,
    grouped,
)
from apps.quizzes.exchange.record import Hint, QuestionDraft, from_data, lacks_source, named


class Format(NamedTuple):
    read: Callable[[bytes | str], Reading]
    write: Callable[[Iterable[QuestionDraft]], Writing]
    suffix: str
    content_type: str


FORMATS: dict[str, Format] = {
    "gift": Format(gift.read, gift.write, ".gift.txt", "text/plain; charset=utf-8"),
    "moodle_xml": Format(moodle_xml.read, moodle_xml.write, ".xml", "application/xml"),
    "table": Format(table.read, table.write, ".csv", "text/csv; charset=utf-8"),
}

__all__ = [
    "FORMATS",
    "MESSAGES",
    "Fault",
    "Format",
    "Hint",
    "Loss",
    "Losses",
    "QuestionDraft",
    "Reading",
    "Where",
    "Writing",
    "from_data",
    "grouped",
    "lacks_source",
    "named",
]
