"""Matching: an answer for every prompt, among them some that match nothing.

Raw answer: {"pairs": {prompt label: answer label}}.
Stored: {"pairs": {pair id: id of the answer's pair, or of a distractor}}, without open ones.

each_pair       right pairs / pairs.
all_or_nothing  1 when every pair is right, otherwise 0.

A prompt and its answer share an id, so their labels come from different codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apps.quizzes.types import fields, options, pairing, scores, shape
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

NAME = "matching"
RULES = ("each_pair", "all_or_nothing")

_PAIR = shape.record(
    {"id": shape.IDENT, "prompt": shape.LINE, "answer": shape.LINE, "source": shape.SOURCE},
    {"feedback": shape.FEEDBACK},
)
_DISTRACTOR = shape.record(
    {"id": shape.IDENT, "text": shape.LINE, "source": shape.SOURCE}, {"feedback": shape.FEEDBACK}
)
_SHAPE = shape.record(
    {"pairs": shape.rows(_PAIR, 2, 12)},
    {"rule": shape.one_of(*RULES), "distractors": shape.rows(_DISTRACTOR, 0, 8)},
)


def check_spec(spec: Spec) -> list[SpecFault]:
    pairs = shape.record_list(shape.field(spec, "pairs"))
    others = shape.record_list(shape.field(spec, "distractors"))
    prompts = list(shape.column(pairs, "pairs", "prompt"))
    answers = list(shape.column(pairs, "pairs", "answer"))
    wrong = list(shape.column(others, "distractors", "text"))
    known = [row.get("id") for row in pairs]
    shared = [
        SpecFault(f"distractors.{row['id']}", "A pair has this id.")
        for row in others
        if isinstance(row.get("id"), str) and row["id"] in known
    ]
    return [
        *_SHAPE(spec, ""),
        *shape.check_distinct(prompts),
        *shape.check_distinct([*answers, *wrong]),
        *shared,
    ]


def texts(spec: Spec) -> list[Text]:
    found = []
    for pair in spec["pairs"]:
        path = f"pairs.{pair['id']}"
        found += [Text(f"{path}.{name}", pair[name]) for name in ("prompt", "answer")]
        found += options.feedback_text(pair, path)
    return [*found, *options.texts(spec.get("distractors", ()), "distractors")]


def sources(spec: Spec) -> list[str]:
    return options.sources([*spec["pairs"], *spec.get("distractors", ())])


def view(spec: Spec, labels: Labels) -> dict[str, Any]:
    return {
        "type": NAME,
        "prompts": [
            {"label": labels.of(code), "text": {"path": f"pairs.{ident}.prompt"}}
            for ident, code in ((pair["id"], f"prompt.{pair['id']}") for pair in spec["pairs"])
        ],
        "answers": [
            {"label": labels.of(code), "text": {"path": _answer_path(spec, ident)}}
            for code in labels.shuffled(f"answer.{ident}" for ident in _answers(spec))
            for ident in [code.removeprefix("answer.")]
        ],
    }


def rule_text(spec: Spec) -> str:
    return f"{NAME}.{scores.rule_of(spec, RULES)}"


def parse(spec: Spec, raw: Mapping[str, Any], labels: Labels) -> dict[str, Any]:
    fields.check_names(raw, "pairs")
    prompts = {labels.of(f"prompt.{pair['id']}"): pair["id"] for pair in spec["pairs"]}
    answers = {labels.of(f"answer.{ident}"): ident for ident in _answers(spec)}
    pairs = fields.assigned(raw, "pairs", prompts, answers)
    return {"pairs": pairs} if pairs else {}


def unparse(spec: Spec, response: Response, labels: Labels) -> dict[str, Any]:
    del spec
    pairs = response.get("pairs", {})
    raw = {labels.of(f"prompt.{a}"): labels.of(f"answer.{b}") for a, b in pairs.items()}
    return {"pairs": raw} if raw else {}


def grade(spec: Spec, response: Response) -> Grade:
    is_all = scores.rule_of(spec, RULES) == "all_or_nothing"
    return pairing.grade(_key(spec), response.get("pairs", {}), is_all_or_nothing=is_all)


def review(spec: Spec, response: Response) -> list[ReviewPart]:
    """One part for each pair; a distractor tells its own feedback, another's answer the pair's."""
    given, known = response.get("pairs", {}), _answers(spec)
    parts = []
    for pair in spec["pairs"]:
        answer = given.get(pair["id"])
        wrong = options.find(spec.get("distractors", ()), answer)
        feedback: tuple[tuple[Words, str], ...] = ()
        if wrong:
            feedback = options.feedback(wrong, f"distractors.{wrong['id']}")
        elif answer:
            feedback = options.feedback(pair, f"pairs.{pair['id']}")
        parts.append(
            ReviewPart(
                label=Words(f"pairs.{pair['id']}.prompt"),
                answer=(Words(_answer_path(spec, answer)),) if answer in known else (),
                ratio=scores.whole(answer == pair["id"]),
                feedback=feedback,
                key=(Words(f"pairs.{pair['id']}.answer"),),
            )
        )
    return parts


def choices(spec: Spec) -> list[Choice]:
    return [
        Choice(
            f"{pair['id']}.{ident}",
            Words(_answer_path(spec, ident)),
            is_key=ident == pair["id"],
            part=f"pairs.{pair['id']}.prompt",
        )
        for pair in spec["pairs"]
        for ident in _answers(spec)
    ]


def tally(spec: Spec, response: Response) -> list[str]:
    del spec
    return [f"{part}.{answer}" for part, answer in response.get("pairs", {}).items()]


def fix(spec: Spec) -> dict[str, Any]:
    return {"pairs": _key(spec)}


def _key(spec: Spec) -> dict[str, str]:
    return {pair["id"]: pair["id"] for pair in spec["pairs"]}


def _answers(spec: Spec) -> list[str]:
    return [*options.ids(spec["pairs"]), *options.ids(spec.get("distractors", ()))]


def _answer_path(spec: Spec, ident: str) -> str:
    if ident in options.ids(spec["pairs"]):
        return f"pairs.{ident}.answer"
    return f"distractors.{ident}.text"
