"""What a type of question must be able to do. Pure: no Django, no database, no clock.

A spec is the `spec` of a question in a course file (docs/course-format.md): plain dictionaries,
lists and strings; decimals are strings. It holds the key, so it never leaves the server. What a
student may see is built afresh by `view`, name by name, never by deleting from the spec.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from hashlib import blake2b
from types import ModuleType
from typing import Any, Protocol, TypeAlias, cast

Spec: TypeAlias = Mapping[str, Any]
# An answer in its stored form, with the author's ids; {} is no answer. JSON.
Response: TypeAlias = Mapping[str, Any]

ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True)
class SpecFault:
    """Why a spec cannot be asked. `path` leads to the fault: "options.b.feedback"."""

    path: str
    message: str


@dataclass(frozen=True, slots=True)
class Text:
    """A Markdown text of a spec. Rendered once, when a version is saved, to html[path].

    is_block: whether paragraphs and lists may stand in it; otherwise it is one line.
    """

    path: str
    text: str
    is_block: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """Something to show: the rendered text at `path`, else `text`, which must be escaped.

    code: of a word of the interface ("true", "reason"): a key of words.CODES, which says `text`
    in the reader's language.
    """

    path: str = ""
    text: str = ""
    code: str = ""


class BadResponse(Exception):
    """An answer that no form of ours can send: an option that is not there, a list for a text.

    `path` names the field. What a person may mistype (a number, a year) is never refused: it is
    kept as typed, so that nothing is lost, and earns nothing.
    """

    def __init__(self, path: str, message: str) -> None:
        super().__init__(message)
        self.path = path
        self.message = message


@dataclass(frozen=True, slots=True)
class Grade:
    """ratio: share of the item's points, in [0, 1]; of the part marked so far while
    `needs_marking`, when a person marks the rest.
    """

    ratio: Decimal
    needs_marking: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPart:
    """One part of an answered question, with everything that may ever be shown of it.

    label: what this part asked ("" when the question has one part).
    answer: what the student gave, () for nothing.
    ratio: what this part earned of itself; None when a person marks it.
    feedback: paths of texts, with the paragraph that decides each.
    key: the right answer of this part.
    What of it is shown, and when, is the disclosure policy's to say (apps/quizzes/disclosure.py).
    """

    label: Words | None = None
    answer: tuple[Words, ...] = ()
    ratio: Decimal | None = None
    feedback: tuple[tuple[Words, str], ...] = ()
    key: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """A row of the distractor table: what could be answered, by the code that `tally` gives.

    part: what was asked, where a question has parts: the path of a text, or a plain name ("1").
    """

    code: str
    words: Words
    is_key: bool
    part: str = ""


class Labels:
    """Names for options that tell nothing: one student's are another's noise.

    seed: of the attempt's item, kept with it, so that the same page comes back after a reload.
    """

    def __init__(self, seed: str) -> None:
        self.seed = seed

    def of(self, code: str) -> str:
        """Ten hexadecimal digits for an author's id."""
        return blake2b(code.encode(), key=self.seed.encode()[:64], digest_size=5).hexdigest()

    def shuffled(self, codes: Iterable[str]) -> list[str]:
        """The ids in an order that only the seed decides, the same in every version of Python."""
        return sorted(codes, key=lambda code: self.of(f"order:{code}"))

    def codes(self, codes: Iterable[str]) -> dict[str, str]:
        """{label: the author's id}, to read an answer back."""
        return {self.of(code): code for code in codes}


class QuestionType(Protocol):
    """The functions of a module in this folder.

    A raw answer is JSON as the pages and the API send it, with labels instead of ids:
    docs/adding-a-question-type.md lists the fields of each type.
    """

    NAME: str
    RULES: tuple[str, ...]  # names of partial-credit rules; the first is the default

    def check_spec(self, spec: Spec) -> list[SpecFault]:
        """Everything that is wrong with a spec, at once; [] when it can be asked."""

    def texts(self, spec: Spec) -> list[Text]:
        """Every Markdown text of the spec, keys and feedback included."""

    def sources(self, spec: Spec) -> list[str]:
        """The paragraphs that decide keys and distractors, each once, in order."""

    def view(self, spec: Spec, labels: Labels) -> dict[str, Any]:
        """What a student may see before any disclosure: JSON of labels, paths and plain facts.

        A text is {"path": ...}: the caller replaces it by html[path], and sends no path anywhere,
        since paths hold the author's ids (presentation.shown does it).
        """

    def rule_text(self, spec: Spec) -> str:
        """How points are earned: a key of words.RULES, a sentence for students."""

    def parse(self, spec: Spec, raw: Mapping[str, Any], labels: Labels) -> dict[str, Any]:
        """A raw answer in its stored form; {} when nothing was answered.  Raises: BadResponse."""

    def unparse(self, spec: Spec, response: Response, labels: Labels) -> dict[str, Any]:
        """The raw form of a stored answer, to show it again: parse(unparse(x)) == x."""

    def grade(self, spec: Spec, response: Response) -> Grade:
        """The same for the same arguments, for ever; {} earns 0.

        An answer to another version of the question is graded too: what this spec does not know
        is wrong.
        """

    def review(self, spec: Spec, response: Response) -> list[ReviewPart]:
        """The answer with verdicts, feedback and key, part by part."""

    def choices(self, spec: Spec) -> list[Choice]:
        """What the distractor table lists; [] where answers are free."""

    def tally(self, spec: Spec, response: Response) -> list[str]:
        """The codes that an answer counts for in the table; free text in its normalised form."""

    def fix(self, spec: Spec) -> dict[str, Any]:
        """A stored answer that earns everything: previews and tests use it. {} when none can."""


def as_type(module: ModuleType) -> QuestionType:
    """A module seen as what it implements; tests/quizzes/types holds each to the contract."""
    return cast("QuestionType", module)
