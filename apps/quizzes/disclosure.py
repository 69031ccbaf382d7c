"""What of an attempt its student may see, and when. Pure; pages, API and exports ask this alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from apps.quizzes.timing import GRACE
from apps.quizzes.types.contract import Labels, ReviewPart


@dataclass(frozen=True, slots=True)
class Rule:
    """at: the moment of "moment"; None there means never."""

    when: str
    at: datetime | None = None

    def allows(self, *, is_submitted: bool, closed_at: datetime | None, now: datetime) -> bool:
        """closed_at: when the last student's time is over; None where the quiz never closes."""
        if not is_submitted:
            return False
        if self.when == "submitted":
            return True
        if self.when == "closed":
            # Answers of others still arrive within the grace.
            return closed_at is not None and now > closed_at + GRACE
        return self.when == "moment" and self.at is not None and now >= self.at


@dataclass(frozen=True, slots=True)
class Policy:
    score: Rule
    correctness: Rule
    feedback: Rule
    key: Rule


@dataclass(frozen=True, slots=True)
class Disclosed:
    """What may be shown now. Practice shows all of an item that was checked.

    marks: what a person marked and wrote, which `correctness` and `feedback` must allow as well.
    """

    score: bool = False
    correctness: bool = False
    feedback: bool = False
    key: bool = False
    marks: bool = False


EVERYTHING = Disclosed(score=True, correctness=True, feedback=True, key=True, marks=True)
NOTHING = Disclosed()


def disclosed(
    policy: Policy, *, is_submitted: bool, closed_at: datetime | None, now: datetime
) -> Disclosed:
    """Apply each rule by itself: a key may come before a score, if an instructor wants it."""

    def allows(rule: Rule) -> bool:
        return rule.allows(is_submitted=is_submitted, closed_at=closed_at, now=now)

    return Disclosed(
        score=allows(policy.score),
        correctness=allows(policy.correctness),
        feedback=allows(policy.feedback),
        key=allows(policy.key),
    )


def disclose(parts: Sequence[ReviewPart], may: Disclosed, labels: Labels) -> list[ReviewPart]:
    """The parts of a reviewed answer without what may not be shown.

    Before the key may be seen, parts that name an option stand in an order of the attempt's own:
    that of the spec can be the right one, or tell which belong together.
    """
    shown = [
        replace(
            part,
            ratio=part.ratio if may.correctness else None,
            feedback=part.feedback if may.feedback else (),
            key=part.key if may.key else (),
        )
        for part in parts
    ]
    if may.key:
        return shown
    return sorted(shown, key=lambda part: _place(part, labels))


def _place(part: ReviewPart, labels: Labels) -> str:
    return labels.of(f"order:{part.label.path}") if part.label and part.label.path else ""
