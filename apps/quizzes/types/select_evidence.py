"""Select the evidence: the passage of a lesson that supports a claim.

Raw answer: {"passages": [label, ...]}.  Stored: {"passages": [id, ...]}, in the spec's order.

all_or_nothing     1 for exactly the passages that support the claim, otherwise 0.
right_minus_wrong  keys chosen / keys - distractors chosen / distractors, never below 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from apps.quizzes.types import fields, options, scores, shape
from apps.quizzes.types.contract import (
    Choice,
    Grade,
    Labels,
    Response,
    ReviewPart,
    Spec,
    SpecFault,
    Text,
)

NAME = "select_evidence"
RULES = ("all_or_nothing", "right_minus_wrong")

_PASSAGE = shape.record(
    {
        "id": shape.IDENT,
        "lesson": shape.LINE,
        "anchor": shape.LINE,
        "text": shape.LINE,
        "is_key": shape.boolean,
        "source": shape.SOURCE,
    },
    {"feedback": shape.FEEDBACK},
)
_SHAPE = shape.record(
    {"claim": shape.LINE, "passages": shape.rows(_PASSAGE, 2, 12)},
    {"rule": shape.one_of(*RULES)},
)


def check_spec(spec: Spec) -> list[SpecFault]:
    listed = shape.field(spec, "passages")
    return [*_SHAPE(spec, ""), *options.check_keys(listed, "passages", at_most=None)]


def texts(spec: Spec) -> list[Text]:
    return [Text("claim", spec["claim"]), *options.texts(spec["passages"], "passages")]


def sources(spec: Spec) -> list[str]:
    return options.sources(spec["passages"])


def view(spec: Spec, labels: Labels) -> dict[str, Any]:
    """Without the sections that the passages come from: one of another lesson would stand out."""
    return {
        "type": NAME,
        "claim": {"path": "claim"},
        "passages": options.view(spec["passages"], "passages", labels),
    }


def rule_text(spec: Spec) -> str:
    return f"{NAME}.{scores.rule_of(spec, RULES)}"


def parse(spec: Spec, raw: Mapping[str, Any], labels: Labels) -> dict[str, Any]:
    fields.check_names(raw, "passages")
    listed = spec["passages"]
    chosen = fields.several(raw, "passages", options.codes(listed, labels))
    return {"passages": [each for each in options.ids(listed) if each in chosen]} if chosen else {}


def unparse(spec: Spec, response: Response, labels: Labels) -> dict[str, Any]:
    del spec
    return {"passages": [labels.of(each) for each in response["passages"]]} if response else {}


def grade(spec: Spec, response: Response) -> Grade:
    listed = spec["passages"]
    chosen, keys = set(response.get("passages", ())), set(options.keys(listed))
    if scores.rule_of(spec, RULES) == "all_or_nothing":
        return scores.graded(Fraction(int(chosen == keys)))
    wrong, distractors = len(chosen - keys), len(listed) - len(keys)
    return scores.graded(
        scores.right_minus_wrong(len(chosen & keys), len(keys), wrong, distractors)
    )


def review(spec: Spec, response: Response) -> list[ReviewPart]:
    listed = spec["passages"]
    chosen = [each for each in listed if each["id"] in response.get("passages", ())]
    return [
        ReviewPart(
            answer=options.words(listed, "passages", options.ids(chosen)),
            ratio=grade(spec, response).ratio,
            feedback=tuple(
                each
                for passage in chosen
                for each in options.feedback(passage, f"passages.{passage['id']}")
            ),
            key=options.words(listed, "passages", options.keys(listed)),
        )
    ]


def choices(spec: Spec) -> list[Choice]:
    return options.choices(spec["passages"], "passages")


def tally(spec: Spec, response: Response) -> list[str]:
    del spec
    return list(response.get("passages", ()))


def fix(spec: Spec) -> dict[str, Any]:
    return {"passages": options.keys(spec["passages"])}
