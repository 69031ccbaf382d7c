"""What the answers to a lesson's questions say about its objectives, and how little that is. Pure.

Source: docs/learning.md, "Mastery"
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class Aim:
    """An objective, and what the answers to the questions that test it say. None: no answers."""

    text: str
    mastery: Mastery | None


@dataclass(frozen=True, slots=True)
class LessonMastery:
    """`whole`: of all its questions, those too that test no single objective."""

    whole: Mastery
    aims: Sequence[Aim]

    @property
    def known(self) -> Sequence[Aim]:
        """Those that answers say something of, the weakest first."""
        told = [(each.mastery.latest, each) for each in self.aims if each.mastery]
        return [each for _latest, each in sorted(told, key=lambda pair: pair[0])]

    @property
    def unknown(self) -> Sequence[Aim]:
        return [each for each in self.aims if each.mastery is None]

    @property
    def weakest(self) -> Decimal | None:
        """The lowest share that rests on enough questions and is low. None: nothing is shaky."""
        told = [self.whole, *(each.mastery for each in self.aims if each.mastery)]
        return min((each.latest for each in told if each.is_shaky), default=None)


def mastery_of(answers: Iterable[tuple[Key, int, Decimal]]) -> dict[Key, Mastery]:
    """Of each key (a lesson, an objective) that any answer is of.

    answers: (key, question, share earned in [0, 1]), the oldest first. Each question counts once,
    however often it was answered.
    """
    first: dict[Key, dict[int, Decimal]] = {}
    latest: dict[Key, dict[int, Decimal]] = {}
    for key, question, share in answers:
        first.setdefault(key, {}).setdefault(question, share)
        latest.setdefault(key, {})[question] = share
    return {key: Mastery(len(rows), _mean(rows), _mean(latest[key])) for key, rows in first.items()}


def lesson_mastery(
    objectives: Sequence[str], keys: Sequence[str], found: Mapping[str, Mastery]
) -> LessonMastery | None:
    """A lesson's objectives, in order, each with its mastery.  None: nothing was answered of it.

    keys: of each objective, "" for one that no question can name; empty where none has one.
    found: by key; by "" of the whole lesson.
    """
    if "" not in found:
        return None
    named = [*keys, *[""] * (len(objectives) - len(keys))]
    aims = [
        Aim(text, found.get(key) if key else None)
        for text, key in zip(objectives, named, strict=True)
    ]
    return LessonMastery(found[""], aims)


def _mean(shares: dict[int, Decimal]) -> Decimal:
    return sum(shares.values(), Decimal(0)) / len(shares)
