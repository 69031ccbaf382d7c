"""A lesson's objectives as their author writes them: a text, and a key to name it by. Pure.

`Retell the first contact. {#first-contact}`: questions say `first-contact`, so that the text can
be put in better words, and the objectives in another order, without a question losing its aim.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

MAX_KEY = 40
KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_MARKED = re.compile(rf"(?P<text>.*\S) \{{#(?P<key>{KEY.pattern})\}}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Objective:
    """`key` is "" for one that no question can name."""

    text: str
    key: str = ""


def parse(line: str) -> Objective:
    """What a line says; one whose mark cannot be read is all text, and `is_misread` of it holds."""
    match = _MARKED.fullmatch(line)
    if match is None or len(match["key"]) > MAX_KEY:
        return Objective(line)
    return Objective(match["text"], match["key"])


def write(objective: Objective) -> str:
    """The line that `parse` reads as this objective."""
    return f"{objective.text} {{#{objective.key}}}" if objective.key else objective.text


def is_misread(line: str) -> bool:
    """Whether a line was to be marked, by the look of it, and is not."""
    return "{#" in parse(line).text


def keys_of(lines: Iterable[str]) -> list[str]:
    """The keys that questions may name, in order."""
    return [key for line in lines if (key := parse(line).key)]
