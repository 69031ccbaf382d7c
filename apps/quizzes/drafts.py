"""A question and a quiz as their author writes them: plain values, without a row. Pure.

Forms of the admin, course files and imports all become these; services.bank stores them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from typing import Any


@dataclass(frozen=True, slots=True)
class HintDraft:
    """cost: the share of the item's points that taking it loses, in [0, 1]."""

    text: str
    cost: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionDraft:
    """`spec` is the type's (docs/course-format.md). `lesson` is "unit/lesson", "" for none.

    objectives: keys of that lesson's objectives, those that the question tests.
    """

    slug: str
    kind: str
    stem: str
    spec: Mapping[str, Any] = field(default_factory=dict)
    lesson: str = ""
    anchor: str = ""
    objectives: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    difficulty: str = "medium"
    bloom: str = "remember"
    hints: tuple[HintDraft, ...] = ()
    explanation: str = ""

    @property
    def checksum(self) -> str:
        """SHA-256 of what is asked and what is right: it differs when a new version is due."""
        hints = [[hint.text, f"{hint.cost.normalize():f}"] for hint in self.hints]
        asked = [self.kind, self.stem, self.spec, hints, self.explanation, list(self.sources)]
        text = json.dumps(asked, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizItemDraft:
    """A question by its slug, or a draw of `draw` questions that carry all of `tags`."""

    points: Decimal = Decimal(1)
    question: str = ""
    draw: int = 0
    tags: tuple[str, ...] = ()
    unit: str = ""
    difficulty: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizDraft:
    slug: str
    title: str
    kind: str = "other"
    lesson: str = ""
    unit: str = ""
    intro: str = ""
    layout: str = "one_page"
    shuffle_items: bool = False
    is_practice: bool = True
    items: tuple[QuizItemDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a draft cannot be stored. `path` leads there: "spec.options.b.feedback", "items.3"."""

    path: str
    message: str
