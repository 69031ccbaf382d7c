"""Short text: a word, a name, a phrase.

Raw answer: {"text": str}.  Stored: the same.

The first answer of the list that reads the same, once `ignore` has made its differences none, gives
its credit; otherwise a whole-answer match of `pattern` (letter case as `ignore` says) earns 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from apps.quizzes.types import fields, options, scores, shape, written
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
from apps.quizzes.types.texts import normalise

NAME = "short_text"
RULES = ("best_match",)

DEFAULT_LENGTH = 80

_SHAPE = shape.record(
    {"answers": written.ANSWERS},
    {
        "ignore": written.IGNORE,
        "pattern": written.check_pattern,
        "feedback_other": shape.FEEDBACK,
        "max_length": shape.whole(1, written.MAX_ANSWER),
    },
)


def check_spec(spec: Spec) -> list[SpecFault]:
    answers, ignore = shape.field(spec, "answers"), shape.field(spec, "ignore")
    faults = [*_SHAPE(spec, ""), *written.check_answers(answers, "answers", ignore)]
    room = shape.field(spec, "max_length")
    room = room if isinstance(room, int) else DEFAULT_LENGTH
    for place, answer in enumerate(shape.record_list(answers)):
        if isinstance(answer.get("text"), str) and len(answer["text"]) > room:
            faults.append(SpecFault(f"answers.{place}.text", f"Longer than {room} characters."))
    return faults


def texts(spec: Spec) -> list[Text]:
    other = options.feedback_text(spec, "", "feedback_other")
    return [*written.texts(spec["answers"], "answers"), *other]


def sources(spec: Spec) -> list[str]:
    return options.sources(spec["answers"])


def view(spec: Spec, labels: Labels) -> dict[str, Any]:
    del labels
    return {"type": NAME, "max_length": _room(spec)}


def rule_text(spec: Spec) -> str:
    return f"{NAME}.{scores.rule_of(spec, RULES)}"


def parse(spec: Spec, raw: Mapping[str, Any], labels: Labels) -> dict[str, Any]:
    del labels
    fields.check_names(raw, "text")
    text = fields.text(raw, "text", _room(spec))
    return {"text": text} if text else {}


def unparse(spec: Spec, response: Response, labels: Labels) -> dict[str, Any]:
    del spec, labels
    return dict(response)


def grade(spec: Spec, response: Response) -> Grade:
    text = response.get("text", "")
    place = written.match(spec["answers"], _ignored(spec), text)
    if place is not None:
        return Grade(Decimal(spec["answers"][place]["credit"]))
    return Grade(scores.whole(written.fits(spec.get("pattern", ""), _ignored(spec), text)))


def review(spec: Spec, response: Response) -> list[ReviewPart]:
    text = response.get("text", "")
    ratio = grade(spec, response).ratio
    place = written.match(spec["answers"], _ignored(spec), text)
    is_other = text and not ratio
    other = options.feedback(spec, "", "feedback_other") if is_other else ()
    return [
        ReviewPart(
            answer=(Words(text=text),) if text else (),
            ratio=ratio,
            feedback=written.feedback(spec["answers"], "answers", place, other),
            key=written.keys(spec["answers"]),
        )
    ]


def choices(spec: Spec) -> list[Choice]:
    del spec
    return []


def tally(spec: Spec, response: Response) -> list[str]:
    return [normalise(response["text"], _ignored(spec))] if response else []


def fix(spec: Spec) -> dict[str, Any]:
    return {"text": written.keys(spec["answers"])[0].text}


def _ignored(spec: Spec) -> list[str]:
    return list(spec.get("ignore", ()))


def _room(spec: Spec) -> int:
    return int(spec.get("max_length", DEFAULT_LENGTH))
