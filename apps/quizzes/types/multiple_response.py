"""Multiple response: every option that is right.

Raw answer: {"choices": [label, ...]}.  Stored: {"choices": [id, ...]}, in the spec's order.

each_option        (keys chosen + distractors left) / options; no answer at all earns 0.
right_minus_wrong  keys chosen / keys - distractors chosen / distractors, never below 0.
all_or_nothing     1 for exactly the keys, otherwise 0.
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

NAME = "multiple_response"
RULES = ("each_option", "right_minus_wrong", "all_or_nothing")

_SHAPE = shape.record(
    {"options": shape.rows(options.OPTION, 2, 12)},
    {"rule": shape.one_of(*RULES), "shuffle": shape.boolean},
)


def check_spec(spec: Spec) -> list[SpecFault]:
    listed = shape.field(spec, "options")
    return [*_SHAPE(spec, ""), *options.check_keys(listed, "options", at_most=None)]


def texts(spec: Spec) -> list[Text]:
    return list(options.texts(spec["options"], "options"))


def sources(spec: Spec) -> list[str]:
    return options.sources(spec["options"])


def view(spec: Spec, labels: Labels) -> dict[str, Any]:
    is_shuffled = spec.get("shuffle", True)
    return {
        "type": NAME,
        "options": options.view(spec["options"], "options", labels, is_shuffled=is_shuffled),
    }


def rule_text(spec: Spec) -> str:
    return f"{NAME}.{scores.rule_of(spec, RULES)}"


def parse(spec: Spec, raw: Mapping[str, Any], labels: Labels) -> dict[str, Any]:
    fields.check_names(raw, "choices")
    listed = spec["options"]
    chosen = fields.several(raw, "choices", options.codes(listed, labels))
    return {"choices": [each for each in options.ids(listed) if each in chosen]} if chosen else {}


def unparse(spec: Spec, response: Response, labels: Labels) -> dict[str, Any]:
    del spec
    return {"choices": [labels.of(each) for each in response["choices"]]} if response else {}


def grade(spec: Spec, response: Response) -> Grade:
    listed = spec["options"]
    chosen, keys = set(response.get("choices", ())), set(options.keys(listed))
    if not chosen:
        return scores.graded(Fraction(0))
    right, wrong = len(chosen & keys), len(chosen - keys)
    distractors = len(listed) - len(keys)
    match scores.rule_of(spec, RULES):
        case "right_minus_wrong":
            return scores.graded(scores.right_minus_wrong(right, len(keys), wrong, distractors))
        case "all_or_nothing":
            return scores.graded(Fraction(int(chosen == keys)))
        case _:
            return scores.graded(Fraction(right + max(distractors - wrong, 0), len(listed)))


def review(spec: Spec, response: Response) -> list[ReviewPart]:
    listed = spec["options"]
    chosen = [each for each in listed if each["id"] in response.get("choices", ())]
    return [
        ReviewPart(
            answer=options.words(listed, "options", options.ids(chosen)),
            ratio=grade(spec, response).ratio,
            feedback=tuple(
                each
                for option in chosen
                for each in options.feedback(option, f"options.{option['id']}")
            ),
            key=options.words(listed, "options", options.keys(listed)),
        )
    ]


def choices(spec: Spec) -> list[Choice]:
    return options.choices(spec["options"], "options")


def tally(spec: Spec, response: Response) -> list[str]:
    del spec
    return list(response.get("choices", ()))


def fix(spec: Spec) -> dict[str, Any]:
    return {"choices": options.keys(spec["options"])}
