"""What a file holds and the product cannot, or the other way round; and what cannot be read. Pure.

Messages are in English, like those of the course's files; `code` and `detail` are there for pages
that speak other languages.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from apps.quizzes.exchange.record import QuestionDraft

MESSAGES = {
    # Reading
    "attachments": "Files that students add to their answer are not asked for.",
    "category": "The category is not carried: {detail}.",
    "drag-once": "Each word could be used once only; now it stays among the choices.",
    "edited": "Changed elsewhere since it was exported, so this was not put back: {detail}.",
    "encoding": "The file is not UTF-8; it was read as {detail}.",
    "file": "An embedded file is not carried: {detail}.",
    "filled-in": "The file says nothing of this, so it was filled in: {detail}.",
    "fraction": "Part marks that have no place here were rounded or left out: {detail}.",
    "gap-weight": "The gaps had different weights; here they count the same.",
    "hidden": "The question was hidden there; here it is offered.",
    "hints": "Only three hints are carried; there were {detail}.",
    "hint-options": "A hint only shows its text: {detail}.",
    "html": "Markdown cannot hold this markup; its text was kept: {detail}.",
    "idnumber": "The ID number is no name of ours: {detail}.",
    "image": "A picture is not carried: {detail}.",
    "kept-unreadable": "What Majlis kept in this file for itself cannot be read any more.",
    "layout": "How it is laid out is not carried: {detail}.",
    "name": "The name became a slug: {detail}.",
    "negative": "A wrong answer cannot cost more than it brings: {detail}.",
    "no-source": "No paragraph of the article decides this yet: name one.",
    "number": "A number was rounded or could not be kept as it stands: {detail}.",
    "numerical-gap": "A gap takes words, so the tolerance of its number is not carried: {detail}.",
    "one-line": "Several lines became one: {detail}.",
    "overall-feedback": "Feedback for the whole question is not carried: {detail}.",
    "penalty": "The penalty for further tries is not carried: {detail}.",
    "response": "How the answer is written is not carried: {detail}.",
    "rule": "The nearest rule for part marks was taken: {detail}.",
    "slug-taken": "Another question of the file has this name, so it became {detail}.",
    "subset": "All the items are asked, not some of them drawn: {detail}.",
    "tag": "A tag was changed or left out: {detail}.",
    "tex": "Formulas in TeX are shown as they are typed.",
    "twin": "Two answers read the same; the first was kept: {detail}.",
    "unit": "The units were changed: {detail}.",
    "unknown": "This means nothing here: {detail}.",
    "unsupported": "There is no such type of question here: {detail}.",
    "wiki": "Wiki markup is shown as it is typed.",
    "wildcard": "Answers with a wild card only match by a pattern: {detail}.",
    # Writing
    "kept-aside": "The format has no place for this; only Majlis reads it back: {detail}.",
    "not-carried": "The format has no such type of question: {detail}.",
    "plain": "Emphasis is not carried, as only plain text may stand here: {detail}.",
    "scoring": "It is scored by another rule there: {detail}.",
}


@dataclass(frozen=True, slots=True, order=True)
class Where:
    """line: from 1, in the file; on writing 0.  question: its name, "" for the file itself."""

    line: int
    question: str = ""


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that was not carried; the question itself was, unless its type is unknown."""

    where: Where
    code: str
    detail: str = ""

    @property
    def message(self) -> str:
        return MESSAGES[self.code].format(detail=self.detail.removesuffix("."))


class Losses(NamedTuple):
    """All of one code. sentence: what they have in common."""

    sentence: str
    each: list[Loss]


def grouped(losses: Iterable[Loss]) -> list[Losses]:
    """By code, those that concern the fewest questions first: the others are a program's habits."""
    found: dict[str, list[Loss]] = {}
    for loss in losses:
        found.setdefault(loss.code, []).append(loss)
    ordered = sorted(found.items(), key=lambda pair: len(pair[1]))
    return [Losses(MESSAGES[code].replace("{detail}.", "…"), each) for code, each in ordered]


@dataclass(frozen=True, slots=True)
class Fault:
    """A question that could not be read; the others are offered.  path: into its spec, or ""."""

    where: Where
    message: str
    path: str = ""


class Reading(NamedTuple):
    drafts: tuple[QuestionDraft, ...]
    losses: tuple[Loss, ...]
    faults: tuple[Fault, ...]


class Writing(NamedTuple):
    text: str
    losses: tuple[Loss, ...]


class Unreadable(Exception):
    """This question cannot be read; the message says why."""


class NotCarried(Exception):
    """There is no such question on the other side; the message names its type."""


MAX_DETAIL = 160


@dataclass(slots=True)
class Report:
    """Collects the losses of one question, each once."""

    where: Where
    found: dict[tuple[str, str], Loss] = field(default_factory=dict)

    def lose(self, code: str, detail: object = "") -> None:
        text = " ".join(str(detail).split())
        text = text if len(text) <= MAX_DETAIL else f"{text[:MAX_DETAIL]}…"
        self.found.setdefault((code, text), Loss(self.where, code, text))

    def forget(self, code: str) -> None:
        """Take back what turned out not to be lost."""
        self.found = {key: loss for key, loss in self.found.items() if loss.code != code}

    @property
    def losses(self) -> list[Loss]:
        return list(self.found.values())
