"""Short answers that students write: accepted ones, foreseen mistakes, a pattern. Pure.

Shared by short_text and gap_fill.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

import re2

from apps.quizzes.types import options, shape
from apps.quizzes.types.contract import SpecFault, Text, Words
from apps.quizzes.types.texts import IGNORABLE, normalise, tidy

MAX_ANSWER = 200
MAX_PATTERN = 500

ANSWER = shape.record(
    {"text": shape.LINE, "credit": shape.CREDIT, "source": shape.SOURCE},
    {"feedback": shape.FEEDBACK},
)
ANSWERS = shape.rows(ANSWER, 1, 30)
IGNORE = shape.some_of(*IGNORABLE)


def check_answers(answers: object, path: str, ignore: object) -> Iterator[SpecFault]:
    """Whether an answer earns everything, and none is empty or another's twin once normalised."""
    rows = shape.record_list(answers)
    ignored = _known(ignore)
    if rows and not any(shape.decimal_of(row.get("credit")) == 1 for row in rows):
        yield SpecFault(path, "No answer has credit 1.")
    for place, row in enumerate(rows):
        text = row.get("text")
        if isinstance(text, str) and text.strip() and not normalise(text, ignored):
            yield SpecFault(f"{path}.{place}.text", "Nothing is left of this to compare.")
    yield from shape.check_distinct(
        ((f"{path}.{place}.text", row.get("text")) for place, row in enumerate(rows)), ignored
    )


def check_pattern(value: object, path: str) -> Iterator[SpecFault]:
    if not isinstance(value, str) or len(value) > MAX_PATTERN:
        yield SpecFault(path, f"Write a pattern of at most {MAX_PATTERN} characters, or nothing.")
    elif _compiled(value, is_caseless=False) is None:
        yield SpecFault(path, "RE2 cannot read this pattern.")


def texts(answers: Sequence[Mapping[str, Any]], path: str) -> Iterator[Text]:
    for place, answer in enumerate(answers):
        yield from options.feedback_text(answer, f"{path}.{place}")


def match(answers: Sequence[Mapping[str, Any]], ignore: Sequence[str], text: str) -> int | None:
    """Which answer a text is, by its place in the list; None for none of them."""
    if not text:
        return None
    given = normalise(text, ignore)
    return next(
        (
            place
            for place, answer in enumerate(answers)
            if normalise(answer["text"], ignore) == given
        ),
        None,
    )


def fits(pattern: str, ignore: Sequence[str], text: str) -> bool:
    """Whether the whole text, tidied, matches; in time linear in its length."""
    compiled = _compiled(pattern, is_caseless="case" in ignore) if pattern and text else None
    return compiled is not None and compiled.fullmatch(tidy(text)) is not None


def feedback(
    answers: Sequence[Mapping[str, Any]],
    path: str,
    place: int | None,
    other: tuple[tuple[Words, str], ...],
) -> tuple[tuple[Words, str], ...]:
    """An answer's own, by its place in the list, or that of any other answer."""
    return other if place is None else options.feedback(answers[place], f"{path}.{place}")


def keys(answers: Sequence[Mapping[str, Any]]) -> tuple[Words, ...]:
    """The answers that earn everything, as their author wrote them."""
    return tuple(Words(text=row["text"]) for row in answers if Decimal(row["credit"]) == 1)


def _known(ignore: object) -> list[str]:
    return [each for each in ignore if each in IGNORABLE] if isinstance(ignore, list) else []


@lru_cache(maxsize=512)
def _compiled(pattern: str, *, is_caseless: bool) -> Any:
    """None for what RE2 cannot read."""
    settings = re2.Options()
    settings.log_errors = False
    settings.case_sensitive = not is_caseless
    settings.max_mem = 1 << 20
    try:
        return re2.compile(pattern, settings)
    except (re2.error, UnicodeEncodeError):
        return None
