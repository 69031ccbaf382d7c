"""Single choice: one option of several.

Raw answer: {"choice": label}.  Stored: {"choice": id}.

one_best   1 for the key, 0 for any other option.
weighted   the chosen option's credit; a key is an option with credit 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
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

NAME = "single_choice"
RULES = ("one_best", "weighted")

_OPTION = shape.record(
    {"id": shape.IDENT, "text": shape.LINE, "is_key": shape.boolean, "source": shape.SOURCE},
    {"feedback": shape.FEEDBACK, "credit": shape.CREDIT},
)
_SHAPE = shape.record(
    {"options": shape.rows(_OPTION, 2, 12)},
    {"rule": shape.one_of(*RULES), "shuffle": shape.boolean},
)


def check_spec(spec: Spec) -> list[SpecFault]:
    faults = list(_SHAPE(spec, ""))
    listed = shape.field(spec, "options")
    is_weighted = shape.field(spec, "rule") == "weighted"
    faults += options.check_keys(listed, "options", at_most=None if is_weighted else 1)
    for place, option in enumerate(shape.record_list(listed)):
        path = f"options.{shape.called(option, place)}.credit"
        if not is_weighted and "credit" in option:
            faults.append(SpecFault(path, "Only the rule “weighted” has credits."))
        elif is_weighted and "credit" not in option:
            faults.append(SpecFault(path, "This is missing."))
        elif is_weighted and (shape.decimal_of(option["credit"]) == 1) != option.get("is_key"):
            faults.append(SpecFault(path, "A key has credit 1, and no other option has."))
    return faults


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
    fields.check_names(raw, "choice")
    choice = fields.one(raw, "choice", options.codes(spec["options"], labels))
    return {"choice": choice} if choice else {}


def unparse(spec: Spec, response: Response, labels: Labels) -> dict[str, Any]:
    del spec
    return {"choice": labels.of(response["choice"])} if response else {}


def grade(spec: Spec, response: Response) -> Grade:
    option = options.find(spec["options"], response.get("choice"))
    if option is None:
        return Grade(Decimal(0))
    if scores.rule_of(spec, RULES) == "weighted":
        return Grade(Decimal(option["credit"]))
    return Grade(scores.whole(option["is_key"]))


def review(spec: Spec, response: Response) -> list[ReviewPart]:
    listed = spec["options"]
    chosen = options.find(listed, response.get("choice"))
    return [
        ReviewPart(
            answer=options.words(listed, "options", [response.get("choice")]),
            ratio=grade(spec, response).ratio,
            feedback=options.feedback(chosen, f"options.{chosen['id']}") if chosen else (),
            key=options.words(listed, "options", options.keys(listed)),
        )
    ]


def choices(spec: Spec) -> list[Choice]:
    return options.choices(spec["options"], "options")


def tally(spec: Spec, response: Response) -> list[str]:
    del spec
    return [response["choice"]] if response else []


def fix(spec: Spec) -> dict[str, Any]:
    return {"choice": options.keys(spec["options"])[0]}
