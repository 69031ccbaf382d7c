"""Gap fill: a text with gaps to write in, or to choose for.

Raw answer: {"gaps": {number: text or label}}.
Stored: {"gaps": {number: text or option id}}, without empty ones.

each_gap        sum of the gaps' credits / gaps: an answer's credit, as in short text; 1 for a key.
all_or_nothing  1 when every gap earns everything, otherwise 0.

A gap's id is a number, so that the text, {{1}}, tells nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from apps.quizzes.types import fields, marks, options, scores, shape, written
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

NAME = "gap_fill"
RULES = ("each_gap", "all_or_nothing")

MAX_LENGTH = 80
Gap = Mapping[str, Any]

_NUMBER = shape.one_of(*(str(number) for number in range(1, 100)))
_WRITTEN = shape.record(
    {"id": _NUMBER, "form": shape.one_of("text"), "answers": written.ANSWERS},
    {"feedback_other": shape.FEEDBACK},
)
_CHOSEN = shape.record(
    {"id": _NUMBER, "form": shape.one_of("choice"), "options": shape.rows(options.OPTION, 2, 12)}
)
_SHAPE = shape.record(
    {
        "text": shape.BLOCK,
        "gaps": shape.rows(
            lambda value, path: (_CHOSEN if shape.field(value, "form") == "choice" else _WRITTEN)(
                value, path
            ),
            1,
            12,
        ),
    },
    {"rule": shape.one_of(*RULES), "ignore": written.IGNORE},
)


def check_spec(spec: Spec) -> list[SpecFault]:
    gaps = shape.record_list(shape.field(spec, "gaps"))
    faults = list(_SHAPE(spec, ""))
    for place, gap in enumerate(gaps):
        path = f"gaps.{shape.called(gap, place)}"
        if gap.get("form") == "choice":
            faults += options.check_keys(gap.get("options"), f"{path}.options")
        else:
            ignore = shape.field(spec, "ignore")
            faults += written.check_answers(gap.get("answers"), f"{path}.answers", ignore)
    ids = [gap["id"] for gap in gaps if isinstance(gap.get("id"), str)]
    return [*faults, *marks.check(shape.field(spec, "text"), ids)]


def texts(spec: Spec) -> list[Text]:
    found = [Text("text", spec["text"], is_block=True)]
    for gap in spec["gaps"]:
        path = f"gaps.{gap['id']}"
        found += options.texts(gap.get("options", ()), f"{path}.options")
        found += written.texts(gap.get("answers", ()), f"{path}.answers")
        found += options.feedback_text(gap, path, "feedback_other")
    return found


def sources(spec: Spec) -> list[str]:
    return options.sources(
        row for gap in spec["gaps"] for row in gap.get("options", gap.get("answers", ()))
    )


def view(spec: Spec, labels: Labels) -> dict[str, Any]:
    gaps = []
    for gap in spec["gaps"]:
        shown: dict[str, Any] = {"gap": gap["id"], "form": gap["form"]}
        if gap["form"] == "choice":
            path, scope = f"gaps.{gap['id']}.options", f"{gap['id']}."
            shown["options"] = options.view(gap["options"], path, labels, scope=scope)
        else:
            shown["max_length"] = MAX_LENGTH
        gaps.append(shown)
    return {"type": NAME, "text": {"path": "text"}, "gaps": gaps}


def rule_text(spec: Spec) -> str:
    return f"{NAME}.{scores.rule_of(spec, RULES)}"


def parse(spec: Spec, raw: Mapping[str, Any], labels: Labels) -> dict[str, Any]:
    fields.check_names(raw, "gaps")
    given = fields.labelled(raw, "gaps", options.ids(spec["gaps"]))
    found: dict[str, str | None] = {}
    for gap in spec["gaps"]:
        if gap["form"] == "choice":
            codes = options.codes(gap["options"], labels, scope=f"{gap['id']}.")
            found[gap["id"]] = fields.one(given, gap["id"], codes)
        else:
            found[gap["id"]] = fields.text(given, gap["id"], MAX_LENGTH)
    kept = {ident: value for ident, value in found.items() if value}
    return {"gaps": kept} if kept else {}


def unparse(spec: Spec, response: Response, labels: Labels) -> dict[str, Any]:
    given = response.get("gaps", {})
    forms = {gap["id"]: gap["form"] for gap in spec["gaps"]}
    raw = {
        ident: labels.of(f"{ident}.{value}") if forms.get(ident) == "choice" else value
        for ident, value in given.items()
    }
    return {"gaps": raw} if raw else {}


def grade(spec: Spec, response: Response) -> Grade:
    given = response.get("gaps", {})
    shares = [_share(spec, gap, given.get(gap["id"], "")) for gap in spec["gaps"]]
    if scores.rule_of(spec, RULES) == "all_or_nothing":
        return scores.graded(Fraction(int(all(share == 1 for share in shares))))
    return scores.graded(Fraction(sum(shares), len(shares)))


def review(spec: Spec, response: Response) -> list[ReviewPart]:
    given = response.get("gaps", {})
    return [_review(spec, gap, given.get(gap["id"], "")) for gap in spec["gaps"]]


def choices(spec: Spec) -> list[Choice]:
    return [
        choice
        for gap in spec["gaps"]
        for choice in options.choices(
            gap.get("options", ()),
            f"gaps.{gap['id']}.options",
            prefix=f"{gap['id']}.",
            part=gap["id"],
        )
    ]


def tally(spec: Spec, response: Response) -> list[str]:
    given = response.get("gaps", {})
    ignore = spec.get("ignore", ())
    return [
        f"{gap['id']}."
        + (given[gap["id"]] if gap["form"] == "choice" else normalise(given[gap["id"]], ignore))
        for gap in spec["gaps"]
        if gap["id"] in given
    ]


def fix(spec: Spec) -> dict[str, Any]:
    return {
        "gaps": {
            gap["id"]: options.keys(gap["options"])[0]
            if gap["form"] == "choice"
            else written.keys(gap["answers"])[0].text
            for gap in spec["gaps"]
        }
    }


def _share(spec: Spec, gap: Gap, given: str) -> Fraction:
    if gap["form"] == "choice":
        return Fraction(int(given in options.keys(gap["options"])))
    place = written.match(gap["answers"], spec.get("ignore", ()), given)
    return Fraction(0) if place is None else Fraction(gap["answers"][place]["credit"])


def _review(spec: Spec, gap: Gap, given: str) -> ReviewPart:
    path = f"gaps.{gap['id']}"
    label, ratio = Words(text=gap["id"]), scores.ratio(_share(spec, gap, given))
    if gap["form"] == "choice":
        listed, chosen = gap["options"], options.find(gap["options"], given)
        return ReviewPart(
            label=label,
            answer=options.words(listed, f"{path}.options", [given]),
            ratio=ratio,
            feedback=options.feedback(chosen, f"{path}.options.{given}") if chosen else (),
            key=options.words(listed, f"{path}.options", options.keys(listed)),
        )
    place = written.match(gap["answers"], spec.get("ignore", ()), given)
    other = options.feedback(gap, path, "feedback_other") if given else ()
    return ReviewPart(
        label=label,
        answer=(Words(text=given),) if given else (),
        ratio=ratio,
        feedback=written.feedback(gap["answers"], f"{path}.answers", place, other),
        key=written.keys(gap["answers"]),
    )
