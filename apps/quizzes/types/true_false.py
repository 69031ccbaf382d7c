"""True or false, and why: a reason is chosen, or written and marked by a person, or not asked.

Raw answer: {"answer": "true" | "false", "reason": label | "text": str}.
Stored: the same with the reason's id; a reason may stand without an answer, and earns nothing then.

both         1 when answer and reason are right, otherwise 0.
half_each    half for the answer; half for the reason, which counts only with the right answer.
answer_only  1 for the answer, whatever the reason.
A written reason is a person's to mark, where it can still earn anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
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
    Words,
)

NAME = "true_false"
RULES = ("both", "half_each", "answer_only")

ANSWERS = {"true": True, "false": False}
_WORDS = {True: Words(text="True", code="true"), False: Words(text="False", code="false")}
_ANSWER, _REASON = Words(text="Answer", code="answer"), Words(text="Reason", code="reason")

_SHAPE = shape.record(
    {
        "is_true": shape.boolean,
        "source": shape.SOURCE,
        "justification": shape.one_of("choose", "write", "none"),
    },
    {
        "rule": shape.one_of(*RULES),
        "feedback_true": shape.FEEDBACK,
        "feedback_false": shape.FEEDBACK,
        "reasons": shape.rows(options.OPTION, 2, 8),
    },
)


def check_spec(spec: Spec) -> list[SpecFault]:
    faults = list(_SHAPE(spec, ""))
    justification, reasons = shape.field(spec, "justification"), shape.field(spec, "reasons")
    faults += options.check_keys(reasons, "reasons")
    if justification == "choose" and reasons is None:
        faults.append(SpecFault("reasons", "This is missing."))
    if justification in ("write", "none") and reasons is not None:
        faults.append(SpecFault("reasons", "Only with the justification “choose”."))
    if justification == "none" and shape.field(spec, "rule") != "answer_only":
        faults.append(SpecFault("rule", "Without a justification this is answer_only."))
    return faults


def texts(spec: Spec) -> list[Text]:
    return [
        *options.feedback_text(spec, "", "feedback_true"),
        *options.feedback_text(spec, "", "feedback_false"),
        *options.texts(spec.get("reasons", ()), "reasons"),
    ]


def sources(spec: Spec) -> list[str]:
    return options.sources([spec, *spec.get("reasons", ())])


def view(spec: Spec, labels: Labels) -> dict[str, Any]:
    shown: dict[str, Any] = {"type": NAME, "justification": spec["justification"]}
    if spec["justification"] == "choose":
        shown["reasons"] = options.view(spec["reasons"], "reasons", labels)
    elif spec["justification"] == "write":
        shown["max_length"] = fields.MAX_TEXT
    return shown


def rule_text(spec: Spec) -> str:
    rule = scores.rule_of(spec, RULES)
    is_written = spec["justification"] == "write" and rule != "answer_only"
    return f"{NAME}.{rule}" + (".written" if is_written else "")


def parse(spec: Spec, raw: Mapping[str, Any], labels: Labels) -> dict[str, Any]:
    names = {"choose": ["reason"], "write": ["text"], "none": []}[spec["justification"]]
    fields.check_names(raw, "answer", *names)
    reasons = options.codes(spec.get("reasons", ()), labels)
    found = {
        "answer": fields.one(raw, "answer", {name: name for name in ANSWERS}),
        "reason": fields.one(raw, "reason", reasons),
        "text": fields.text(raw, "text"),
    }
    return {name: value for name, value in found.items() if value}


def unparse(spec: Spec, response: Response, labels: Labels) -> dict[str, Any]:
    del spec
    raw = dict(response)
    if "reason" in raw:
        raw["reason"] = labels.of(raw["reason"])
    return raw


def grade(spec: Spec, response: Response) -> Grade:
    rule = scores.rule_of(spec, RULES)
    if not _is_right(spec, response):
        return Grade(Decimal(0))
    if rule == "answer_only":
        return Grade(Decimal(1))
    answer = Fraction(1, 2) if rule == "half_each" else Fraction(0)
    if spec["justification"] == "write":
        return Grade(scores.ratio(answer), needs_marking=bool(response.get("text")))
    return scores.graded(Fraction(1) if _has_reason(spec, response) else answer)


def review(spec: Spec, response: Response) -> list[ReviewPart]:
    answer = ANSWERS.get(response.get("answer", ""))
    answered = ReviewPart(
        label=_ANSWER,
        answer=() if answer is None else (_WORDS[answer],),
        ratio=scores.whole(_is_right(spec, response)),
        feedback=()
        if answer is None
        else options.feedback(spec, "", f"feedback_{response['answer']}"),
        key=(_WORDS[spec["is_true"]],),
    )
    if spec["justification"] == "none":
        return [answered]
    if spec["justification"] == "write":
        text = response.get("text", "")
        written = (Words(text=text),) if text else ()
        return [answered, ReviewPart(label=_REASON, answer=written, ratio=None)]
    reasons = spec["reasons"]
    chosen = options.find(reasons, response.get("reason"))
    reason = ReviewPart(
        label=_REASON,
        answer=options.words(reasons, "reasons", [response.get("reason")]),
        ratio=scores.whole(_has_reason(spec, response)),
        feedback=options.feedback(chosen, f"reasons.{chosen['id']}") if chosen else (),
        key=options.words(reasons, "reasons", options.keys(reasons)),
    )
    return [answered, reason]


def choices(spec: Spec) -> list[Choice]:
    answers = [
        Choice(name, _WORDS[value], is_key=value is spec["is_true"], part="answer")
        for name, value in ANSWERS.items()
    ]
    reasons = options.choices(spec.get("reasons", ()), "reasons", prefix="reason.", part="reason")
    return answers + reasons


def tally(spec: Spec, response: Response) -> list[str]:
    del spec
    answer = [response["answer"]] if "answer" in response else []
    return answer + ([f"reason.{response['reason']}"] if "reason" in response else [])


def fix(spec: Spec) -> dict[str, Any]:
    answer = "true" if spec["is_true"] else "false"
    if spec["justification"] == "choose":
        return {"answer": answer, "reason": options.keys(spec["reasons"])[0]}
    is_enough = scores.rule_of(spec, RULES) == "answer_only"
    return {"answer": answer} if is_enough else {}


def _is_right(spec: Spec, response: Response) -> bool:
    return ANSWERS.get(response.get("answer", "")) is spec["is_true"]


def _has_reason(spec: Spec, response: Response) -> bool:
    return response.get("reason") in options.keys(spec["reasons"])
