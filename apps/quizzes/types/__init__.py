"""The types of question: one module each, held to one contract, and this list of them."""

from __future__ import annotations

from apps.quizzes.types import (
    categorise,
    essay,
    gap_fill,
    locate,
    matching,
    multiple_response,
    numeric,
    ordering,
    select_evidence,
    short_text,
    single_choice,
    true_false,
)
from apps.quizzes.types.contract import QuestionType, as_type

TYPES: dict[str, QuestionType] = {
    "single_choice": as_type(single_choice),
    "multiple_response": as_type(multiple_response),
    "true_false": as_type(true_false),
    "short_text": as_type(short_text),
    "numeric": as_type(numeric),
    "ordering": as_type(ordering),
    "matching": as_type(matching),
    "gap_fill": as_type(gap_fill),
    "categorise": as_type(categorise),
    "locate": as_type(locate),
    "select_evidence": as_type(select_evidence),
    "essay": as_type(essay),
}
