"""The `spec` of a question: JSON of mappings, lists, texts, flags and whole numbers. Pure.

What a spec must hold is for its type to say (apps/quizzes/types); here it is only carried, so
that a new type needs nothing. Keys have one order whatever the type, and whatever order the
database's JSON comes in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import yaml

from apps.courseware.format import yamltext
from apps.courseware.format.faults import FormatError
from apps.courseware.format.plaintext import writable
from apps.courseware.format.shapes import Spot, text_of

# What is asked, then what it is made of, then what each part is worth and says of itself.
ORDER: Final = (
    *("rule", "shuffle", "form", "is_true", "min_words", "max_words", "guidance", "claim"),
    *("first", "last", "id", "title", "prompt", "answer", "lesson", "anchor", "place"),
    *("full_km", "half_km", "text", "description", "category", "is_key", "ignore"),
    *("value", "start", "end", "low", "high", "tolerance", "tolerance_is", "name", "factor"),
    *("categories", "items", "pairs", "distractors", "passages", "marks", "gaps", "options"),
    *("answers", "pattern", "units", "unit_rule", "levels", "weight", "rubric", "credit"),
    *("feedback", "feedback_true", "feedback_false", "feedback_hit", "feedback_miss"),
    *("feedback_other", "max_length", "model_answer", "source", "justification", "reasons"),
)
FLAGS: Final = frozenset({"shuffle", "is_true", "is_key"})
WHOLES: Final = frozenset({"min_words", "max_words", "full_km", "half_km", "max_length"})

_PLACES: Final = {key: place for place, key in enumerate(ORDER)}
_WHOLE = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Spec:
    """A mapping as its type knows it; decimals are texts in quotes."""

    @property
    def fallback(self) -> dict[str, Any]:
        return {}

    def read(self, node: yamltext.Node, spot: Spot) -> dict[str, Any]:
        if not isinstance(node, yamltext.Mapping):
            spot.complain(node, "is not a mapping", "Write the keys of the question's type.")
            return {}
        return {
            key.text: _read(value, replace(spot, key=f"{spot.key}.{key.text}"), key.text)
            for key, value in node.pairs
        }

    def write(self, value: Mapping[str, Any]) -> yaml.Node:
        return _write(value)


def _read(node: yamltext.Node, spot: Spot, key: str) -> Any:
    if isinstance(node, yamltext.Mapping):
        return Spec().read(node, spot)
    if isinstance(node, yamltext.Sequence):
        return [_read(item, spot, key) for item in node.items]
    if key in FLAGS:
        if node.text not in {"true", "false"}:
            spot.complain(node, "is neither true nor false", "Write true or false.")
        return node.text == "true"
    if key in WHOLES:
        if _WHOLE.fullmatch(node.text):
            return int(node.text)
        spot.complain(node, "is not a whole number", "Write a number such as 150.")
        return 0
    return text_of(node, spot) or ""


def _write(value: Any) -> yaml.Node:
    if isinstance(value, Mapping):
        keys = sorted(value, key=lambda key: (_PLACES.get(key, len(_PLACES)), key))
        return yamltext.mapping([(key, _write(value[key])) for key in keys])
    if isinstance(value, list):
        # A list of names stands in one line, as everywhere.
        is_names = all(isinstance(item, str) for item in value)
        return yamltext.sequence([_write(item) for item in value], in_one_line=is_names)
    if isinstance(value, bool):
        return yamltext.scalar("true" if value else "false", yamltext.BOOL)
    if isinstance(value, int):
        return yamltext.scalar(str(value), yamltext.INT)
    if isinstance(value, str):
        return yamltext.scalar(writable(value))
    raise FormatError(f"A question's spec holds {value!r}, which no course file can hold.")
