"""Essay: a text that a person marks by a rubric.

Raw answer: {"text": str}.  Stored: the same. More or fewer words than asked are not refused.

rubric  sum of weight * credit of the level reached / sum of weights, once it is marked
        (quizzes.grading.rubric_ratio).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

from apps.quizzes.types import fields, scores, shape
from apps.quizzes.types.contract import (
    Choice,
    Grade,
    Labels,
    Response,
    ReviewPart,
    Spec,
    SpecFault,
    Text,
    Words,
)

NAME = "essay"
RULES = ("rubric",)

_LEVEL = shape.record({"credit": shape.CREDIT, "text": shape.LINE})
_CRITERION = shape.record(
    {
        "id": shape.IDENT,
        "title": shape.LINE,
        "description": shape.LINE,
        "levels": shape.rows(_LEVEL, 2, 10),
        "weight": shape.decimal(above="0"),
    }
)
_SHAPE = shape.record(
    {
        "min_words": shape.whole(0, 5_000),
        "max_words": shape.whole(1, 5_000),
        "guidance": shape.BLOCK,
        "rubric": shape.rows(_CRITERION, 1, 12),
        "model_answer": shape.BLOCK,
        "source": shape.SOURCE,
    }
)


def check_spec(spec: Spec) -> list[SpecFault]:
    faults = list(_SHAPE(spec, ""))
    low, high = shape.field(spec, "min_words"), shape.field(spec, "max_words")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        faults.append(SpecFault("max_words", "This is less than min_words."))
    for place, criterion in enumerate(shape.record_list(shape.field(spec, "rubric"))):
        levels = shape.record_list(criterion.get("levels"))
        found = [shape.decimal_of(level.get("credit")) for level in levels]
        credits_ = [each for each in found if each is not None]
        path = f"rubric.{shape.called(criterion, place)}.levels"
        if any(low >= high for low, high in pairwise(credits_)):
            faults.append(
                SpecFault(path, "Write the levels from the lowest credit to the highest.")
            )
        if credits_ and max(credits_) != 1:
            faults.append(SpecFault(path, "The highest level has credit 1."))
    return faults


def texts(spec: Spec) -> list[Text]:
    found = [Text("guidance", spec["guidance"], is_block=True)]
    for criterion in spec["rubric"]:
        path = f"rubric.{criterion['id']}"
        found += [Text(f"{path}.{name}", criterion[name]) for name in ("title", "description")]
        found += [
            Text(f"{path}.levels.{place}.text", level["text"])
            for place, level in enumerate(criterion["levels"])
        ]
    return [*found, Text("model_answer", spec["model_answer"], is_block=True)]


def sources(spec: Spec) -> list[str]:
    return [spec["source"]]


def view(spec: Spec, labels: Labels) -> dict[str, Any]:
    del labels
    return {
        "type": NAME,
        "min_words": spec["min_words"],
        "max_words": spec["max_words"],
        "max_length": fields.MAX_TEXT,
        "guidance": {"path": "guidance"},
        "rubric": [
            {
                "title": {"path": f"rubric.{criterion['id']}.title"},
                "description": {"path": f"rubric.{criterion['id']}.description"},
                "weight": criterion["weight"],
            }
            for criterion in spec["rubric"]
        ],
    }


def rule_text(spec: Spec) -> str:
    return f"{NAME}.{scores.rule_of(spec, RULES)}"


def parse(spec: Spec, raw: Mapping[str, Any], labels: Labels) -> dict[str, Any]:
    del spec, labels
    fields.check_names(raw, "text")
    text = fields.text(raw, "text")
    return {"text": text} if text else {}


def unparse(spec: Spec, response: Response, labels: Labels) -> dict[str, Any]:
    del spec, labels
    return dict(response)


def grade(spec: Spec, response: Response) -> Grade:
    del spec
    return Grade(Decimal(0), needs_marking=bool(response))


def review(spec: Spec, response: Response) -> list[ReviewPart]:
    text = response.get("text", "")
    return [
        ReviewPart(
            answer=(Words(text=text),) if text else (),
            ratio=None if text else Decimal(0),
            feedback=((Words(), spec["source"]),) if text else (),
            key=(Words("model_answer"),),
        )
    ]


def choices(spec: Spec) -> list[Choice]:
    del spec
    return []


def tally(spec: Spec, response: Response) -> list[str]:
    del spec, response
    return []


def fix(spec: Spec) -> dict[str, Any]:
    del spec
    return {}
