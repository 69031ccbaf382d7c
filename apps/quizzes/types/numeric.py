"""Numeric: a number with or without a unit, a year, or the first and last year of a span.

Raw answer: {"value": str, "unit": str} or {"start": str, "end": str}.  Stored: the same, as typed;
what is no number earns nothing and is not refused.

number, year  the credit of the first answer whose bounds, both included, hold the value in the
              base unit: value ± tolerance, value ± tolerance * |value| (relative), or low to
              high. With the unit rule "required" a missing unit halves it; an unknown unit
              earns 0.
year_range    half an answer's credit for the start and half for the end, each within the
              tolerance; the first answer that fits at both ends decides, otherwise the best one.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from apps.quizzes.types import fields, options, quantities, scores
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

NAME = "numeric"
RULES = ("first_match",)

_START, _END = Words(text="Start", code="start"), Words(text="End", code="end")


def check_spec(spec: Spec) -> list[SpecFault]:
    return list(quantities.check(spec))


def texts(spec: Spec) -> list[Text]:
    return [
        *(
            text
            for place, answer in enumerate(spec["answers"])
            for text in options.feedback_text(answer, f"answers.{place}")
        ),
        *options.feedback_text(spec, "", "feedback_other"),
    ]


def sources(spec: Spec) -> list[str]:
    return options.sources(spec["answers"])


def view(spec: Spec, labels: Labels) -> dict[str, Any]:
    del labels
    units = [unit["name"] for unit in quantities.units(spec)]
    return {"type": NAME, "form": spec["form"], "units": units}


def rule_text(spec: Spec) -> str:
    if spec["form"] == "year_range":
        return f"{NAME}.year_range"
    return f"{NAME}.unit_required" if quantities.is_unit_required(spec) else f"{NAME}.first_match"


def parse(spec: Spec, raw: Mapping[str, Any], labels: Labels) -> dict[str, Any]:
    del labels
    names = ("start", "end") if spec["form"] == "year_range" else ("value", "unit")
    fields.check_names(raw, *names)
    found = {name: fields.text(raw, name, fields.MAX_TYPED).strip() for name in names}
    return {name: value for name, value in found.items() if value}


def unparse(spec: Spec, response: Response, labels: Labels) -> dict[str, Any]:
    del spec, labels
    return dict(response)


def grade(spec: Spec, response: Response) -> Grade:
    return scores.graded(_verdict(spec, response)[0])


def review(spec: Spec, response: Response) -> list[ReviewPart]:
    share, place = _verdict(spec, response)
    feedback: tuple[tuple[Words, str], ...] = ()
    if place is not None:
        feedback = options.feedback(spec["answers"][place], f"answers.{place}")
    elif response:
        feedback = options.feedback(spec, "", "feedback_other")
    if spec["form"] != "year_range":
        typed = " ".join(response[name] for name in ("value", "unit") if name in response)
        answer = (Words(text=typed),) if typed else ()
        key = tuple(Words(text=text) for text in quantities.keys(spec))
        return [ReviewPart(answer=answer, ratio=scores.ratio(share), feedback=feedback, key=key)]
    best = spec["answers"][_key_place(spec) if place is None else place]
    parts = [
        ReviewPart(
            label=label,
            answer=(Words(text=response[name]),) if name in response else (),
            ratio=scores.ratio(
                Fraction(best["credit"]) * quantities.is_near(best, name, response.get(name, ""))
            ),
            key=(Words(text=spec["answers"][_key_place(spec)][name]),),
        )
        for name, label in (("start", _START), ("end", _END))
    ]
    return [*parts, ReviewPart(feedback=feedback)] if feedback else parts


def choices(spec: Spec) -> list[Choice]:
    del spec
    return []


def tally(spec: Spec, response: Response) -> list[str]:
    if not response:
        return []
    if spec["form"] == "year_range":
        return ["–".join(response.get(name, "?") for name in ("start", "end"))]
    value = quantities.in_base_unit(spec, response)
    typed = " ".join(response[name] for name in ("value", "unit") if name in response)
    return [typed if value is None else f"{value.normalize():f}"]


def fix(spec: Spec) -> dict[str, Any]:
    answer = spec["answers"][_key_place(spec)]
    if spec["form"] == "year_range":
        return {"start": answer["start"], "end": answer["end"]}
    value = answer["value"] if "value" in answer else answer["low"]
    units = quantities.units(spec)
    return {"value": value, "unit": units[0]["name"]} if units else {"value": value}


def _key_place(spec: Spec) -> int:
    """The first answer that earns everything."""
    credits_ = [Decimal(answer["credit"]) for answer in spec["answers"]]
    return credits_.index(Decimal(1))


def _verdict(spec: Spec, response: Response) -> tuple[Fraction, int | None]:
    """What an answer earns, and which of the foreseen ones it is, by its place in the list."""
    if spec["form"] == "year_range":
        return _range_verdict(spec, response)
    value = quantities.in_base_unit(spec, response)
    for place, answer in enumerate(spec["answers"]):
        if value is not None and quantities.holds(answer, value):
            share = Fraction(answer["credit"])
            is_halved = quantities.is_unit_required(spec) and not quantities.has_unit(response)
            return (share / 2 if is_halved else share), place
    return Fraction(0), None


def _range_verdict(spec: Spec, response: Response) -> tuple[Fraction, int | None]:
    best: tuple[Fraction, int | None] = (Fraction(0), None)
    for place, answer in enumerate(spec["answers"]):
        near = sum(
            quantities.is_near(answer, name, response.get(name, "")) for name in ("start", "end")
        )
        share = Fraction(near, 2) * Fraction(answer["credit"])
        if near == 2:
            return share, place
        if share > best[0]:
            best = (share, place)
    return best
