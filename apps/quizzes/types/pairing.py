"""Answers that give every part one value: pairs, gaps, items in categories. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from apps.quizzes.types import scores
from apps.quizzes.types.contract import Grade


def grade(key: Mapping[str, str], given: Mapping[str, str], *, is_all_or_nothing: bool) -> Grade:
    """The share of parts with their own value; or all, or nothing."""
    right = sum(given.get(part) == value for part, value in key.items())
    return scores.graded(scores.by_parts(right, len(key), is_all_or_nothing=is_all_or_nothing))
