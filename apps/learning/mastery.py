"""What the answers to a lesson's questions say about its objectives, and how little that is. Pure.

Source: docs/learning.md, "Mastery"
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

# With fewer questions one lucky guess moves the share by more than a fifth.
ENOUGH = 5
SHAKY = Decimal("0.7")

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Mastery:
    """Of `questions` different ones: the mean share of the first and of the latest answers."""

    questions: int
    first: Decimal
    latest: Decimal

    @property
    def is_small(self) -> bool:
        return self.questions < ENOUGH

    @property
    def is_shaky(self) -> bool:
        return not self.is_small and self.latest < SHAKY

    @property
    def first_percent(self) -> int:
        return int(100 * self.first)

    @property
    def latest_percent(self) -> int:
        return int(100 * self.latest)


def mastery_of(answers: Iterable[tuple[Key, int, Decimal]]) -> dict[Key, Mastery]:
    """Of each key (a lesson) that any answer is of.

    answers: (key, question, share earned in [0, 1]), the oldest first. Each question counts once,
    however often it was answered.
    """
    first: dict[Key, dict[int, Decimal]] = {}
    latest: dict[Key, dict[int, Decimal]] = {}
    for key, question, share in answers:
        first.setdefault(key, {}).setdefault(question, share)
        latest.setdefault(key, {})[question] = share
    return {key: Mastery(len(rows), _mean(rows), _mean(latest[key])) for key, rows in first.items()}


def _mean(shares: dict[int, Decimal]) -> Decimal:
    return sum(shares.values(), Decimal(0)) / len(shares)
