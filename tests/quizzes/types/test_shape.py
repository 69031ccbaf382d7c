"""What is wrong with a spec, and where: one fault each, by its path."""

from copy import deepcopy
from typing import Any

import pytest

from apps.quizzes.types import TYPES

OPTIONS = [
    {"id": "a", "text": "One", "is_key": True, "feedback": "Yes.", "source": "P06"},
    {"id": "b", "text": "Two", "is_key": False, "feedback": "No.", "source": "P07"},
]
ANSWERS = [{"text": "Gwadar", "credit": "1", "source": "P35"}]
PLACE = {"place": "gwadar", "name": "Gwadar", "latitude": "25.13", "longitude": "62.32"}
LEVELS = [{"credit": "0", "text": "None."}, {"credit": "1", "text": "Whole."}]
CRITERION = {"id": "a", "title": "T", "description": "D", "weight": "1", "levels": LEVELS}
ROWS = [{"id": "a", "text": "One", "source": "P06"}, {"id": "b", "text": "Two", "source": "P06"}]
GOOD: dict[str, dict[str, Any]] = {
    "single_choice": {"rule": "one_best", "options": OPTIONS},
    "multiple_response": {"rule": "each_option", "options": OPTIONS},
    "true_false": {
        "is_true": True,
        "source": "P10",
        "justification": "choose",
        "reasons": OPTIONS,
    },
    "short_text": {"ignore": ["case"], "answers": ANSWERS, "pattern": "", "max_length": 20},
    "numeric": {
        "form": "number",
        "answers": [{"value": "5", "tolerance": "0", "credit": "1", "source": "P33"}],
        "units": [{"name": "km", "factor": "1"}],
        "unit_rule": "required",
    },
    "ordering": {"first": "Early", "last": "Late", "items": ROWS},
    "matching": {
        "pairs": [
            {"id": "a", "prompt": "p", "answer": "x", "source": "P18"},
            {"id": "b", "prompt": "q", "answer": "y", "source": "P18"},
        ],
        "distractors": [{"id": "c", "text": "z", "source": "P18"}],
    },
    "gap_fill": {
        "text": "{{1}} and {{2}}",
        "ignore": ["case"],
        "gaps": [
            {"id": "1", "form": "text", "answers": ANSWERS},
            {"id": "2", "form": "choice", "options": OPTIONS},
        ],
    },
    "categorise": {
        "categories": [{"id": "a", "text": "A"}, {"id": "b", "text": "B"}],
        "items": [{**row, "category": "a"} for row in ROWS],
    },
    "locate": {
        "form": "point",
        "full_km": 100,
        "half_km": 200,
        "source": "P35",
        **PLACE,
    },
    "select_evidence": {
        "claim": "It was so.",
        "passages": [{**row, "lesson": "history/x", "anchor": "y"} for row in OPTIONS],
    },
    "essay": {
        "min_words": 10,
        "max_words": 20,
        "guidance": "G",
        "rubric": [CRITERION],
        "model_answer": "M",
        "source": "P56",
    },
}
GONE = object()


@pytest.mark.parametrize("name", TYPES)
def test_good(name: str) -> None:
    assert TYPES[name].check_spec(GOOD[name]) == []


@pytest.mark.parametrize(
    ("name", "way", "value", "path"),
    [
        ("single_choice", "rule", "best", "rule"),
        ("single_choice", "shuffle", "yes", "shuffle"),
        ("single_choice", "colour", "red", "colour"),
        ("single_choice", "options", [OPTIONS[0]], "options"),
        ("single_choice", "options", "a", "options"),
        ("single_choice", "options.0", "a", "options.0"),
        ("single_choice", "options.0.is_key", False, "options"),
        ("single_choice", "options.1.is_key", True, "options"),
        ("single_choice", "options.1.is_key", "false", "options.b.is_key"),
        ("single_choice", "options.1.source", GONE, "options.b.source"),
        ("single_choice", "options.1.source", "page 7", "options.b.source"),
        ("single_choice", "options.1.feedback", None, "options.b.feedback"),
        ("single_choice", "options.1.id", "a", "options.a"),
        ("single_choice", "options.1.id", "b c", "options.1.id"),
        ("single_choice", "options.1.text", " ", "options.b.text"),
        ("single_choice", "options.1.text", "ONE", "options.b.text"),
        ("single_choice", "options.1.text", "a\0", "options.b.text"),
        ("single_choice", "options.1.text", "a" * 2001, "options.b.text"),
        ("single_choice", "options.1.credit", "0.5", "options.b.credit"),
        ("multiple_response", "options.0.is_key", False, "options"),
        ("true_false", "reasons", GONE, "reasons"),
        ("true_false", "justification", "write", "reasons"),
        ("true_false", "is_true", "yes", "is_true"),
        ("true_false", "reasons.0.is_key", False, "reasons"),
        ("short_text", "ignore", ["colour"], "ignore"),
        ("short_text", "answers.0.credit", "0.5", "answers"),
        ("short_text", "answers.0.credit", "1.5", "answers.0.credit"),
        ("short_text", "answers.0.credit", 1, "answers.0.credit"),
        ("short_text", "pattern", "(", "pattern"),
        ("short_text", "max_length", 5, "answers.0.text"),
        ("short_text", "max_length", True, "max_length"),
        ("numeric", "form", "integer", "form"),
        ("numeric", "answers.0.value", "five", "answers.0.value"),
        ("numeric", "answers.0.value", "1e999", "answers.0.value"),
        ("numeric", "answers.0.tolerance", "-1", "answers.0.tolerance"),
        ("numeric", "answers.0.low", "1", "answers.0.high"),
        ("numeric", "units", GONE, "units"),
        ("numeric", "units.0.factor", "0", "units.0.factor"),
        ("numeric", "form", "year", "units"),
        ("ordering", "first", GONE, "first"),
        ("ordering", "items.1.text", "one", "items.b.text"),
        ("matching", "pairs.1.answer", "X", "pairs.b.answer"),
        ("matching", "pairs.1.prompt", "P", "pairs.b.prompt"),
        ("matching", "distractors.0.text", "x", "distractors.c.text"),
        ("matching", "distractors.0.id", "a", "distractors.a"),
        ("gap_fill", "text", "{{1}}", "gaps.2"),
        ("gap_fill", "text", "{{1}} {{1}} {{2}}", "text"),
        ("gap_fill", "text", "{{1}} {{2}} {{3}}", "text"),
        ("gap_fill", "gaps.0.form", "number", "gaps.1.form"),
        ("gap_fill", "gaps.0.answers.0.text", "...", None),
        ("gap_fill", "gaps.1.options.0.is_key", False, "gaps.2.options"),
        ("categorise", "items.0.category", "c", "items.a.category"),
        ("categorise", "categories.1.text", "a", "categories.b.text"),
        ("locate", "latitude", GONE, "latitude"),
        ("locate", "latitude", "91", "latitude"),
        ("locate", "half_km", 50, "half_km"),
        ("select_evidence", "passages.0.anchor", GONE, "passages.a.anchor"),
        ("essay", "max_words", 5, "max_words"),
        ("essay", "rubric.0.levels.1.credit", "0.5", "rubric.a.levels"),
        ("essay", "rubric.0.levels.0.credit", "1", "rubric.a.levels"),
        ("essay", "rubric.0.weight", "0", "rubric.a.weight"),
        ("essay", "source", GONE, "source"),
    ],
)
def test_one_fault(name: str, way: str, value: object, path: str | None) -> None:
    spec: Any = deepcopy(GOOD[name])
    *steps, last = [int(step) if step.isdigit() else step for step in way.split(".")]
    inner = spec
    for step in steps:
        inner = inner[step]
    if value is GONE:
        del inner[last]
    else:
        inner[last] = value
    paths = [fault.path for fault in TYPES[name].check_spec(spec)]
    assert path in paths or (path is None and paths == [])


def test_every_fault_at_once() -> None:
    spec = {
        "rule": "best",
        "options": [
            {"id": "a", "text": "", "is_key": True, "source": "P06"},
            {"id": "b", "text": "Two", "is_key": True, "source": "7"},
        ],
    }
    paths = [fault.path for fault in TYPES["single_choice"].check_spec(spec)]
    assert sorted(paths) == ["options", "options.a.text", "options.b.source", "rule"]


def test_weighted_needs_a_credit_for_each() -> None:
    options = [{**OPTIONS[0], "credit": "0.5"}, OPTIONS[1]]
    faults = TYPES["single_choice"].check_spec({"rule": "weighted", "options": options})
    assert [fault.path for fault in faults] == ["options.a.credit", "options.b.credit"]


def test_answer_of_which_nothing_is_left() -> None:
    answers = [*ANSWERS, {**ANSWERS[0], "text": "..."}]
    faults = TYPES["short_text"].check_spec({"ignore": ["punctuation"], "answers": answers})
    assert [fault.path for fault in faults] == ["answers.1.text"]
