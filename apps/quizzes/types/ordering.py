"""Ordering: items in their right order, such as that of events.

Raw answer: {"order": [label, ...]}, all of them; or {"positions": {label: "1"}}, as the page
without script sends it, where an item may have no position, or two may share one.
Stored: {"order": [id, ...]} when every item has a position of its own, else {"positions": {...}}.

pairs           s = pairs in the right order / pairs; s when s is at least a half, otherwise 0.
                A pair counts when both items have positions, the earlier one the smaller.
positions       items at their own position / items.
all_or_nothing  1 for the right order, otherwise 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import combinations
from typing import Any

from apps.quizzes.types import fields, options, scores, shape
from apps.quizzes.types.contract import (
    BadResponse,
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

NAME = "ordering"
RULES = ("pairs", "positions", "all_or_nothing")

_ITEM = shape.record(
    {"id": shape.IDENT, "text": shape.LINE, "source": shape.SOURCE}, {"feedback": shape.FEEDBACK}
)
_SHAPE = shape.record(
    {"first": shape.LINE, "last": shape.LINE, "items": shape.rows(_ITEM, 2, 12)},
    {"rule": shape.one_of(*RULES)},
)


def check_spec(spec: Spec) -> list[SpecFault]:
    twins = shape.check_distinct(shape.column(shape.field(spec, "items"), "items", "text"))
    return [*_SHAPE(spec, ""), *twins]


def texts(spec: Spec) -> list[Text]:
    ends = [Text(name, spec[name]) for name in ("first", "last")]
    return [*ends, *options.texts(spec["items"], "items")]


def sources(spec: Spec) -> list[str]:
    return options.sources(spec["items"])


def view(spec: Spec, labels: Labels) -> dict[str, Any]:
    return {
        "type": NAME,
        "first": {"path": "first"},
        "last": {"path": "last"},
        "items": options.view(spec["items"], "items", labels),
    }


def rule_text(spec: Spec) -> str:
    return f"{NAME}.{scores.rule_of(spec, RULES)}"


def parse(spec: Spec, raw: Mapping[str, Any], labels: Labels) -> dict[str, Any]:
    fields.check_names(raw, "order", "positions")
    codes = options.codes(spec["items"], labels)
    order = fields.several(raw, "order", codes)
    if order:
        if len(order) < len(codes):
            raise BadResponse("order", "An order names every item.")
        return {"order": order}
    numbers = {str(place + 1): place + 1 for place in range(len(codes))}
    given = fields.labelled(raw, "positions", codes)
    positions = {codes[label]: fields.one(given, label, numbers) for label in given}
    placed = {each: positions[each] for each in codes.values() if positions.get(each)}
    if len(placed) == len(set(placed.values())) == len(codes):
        return {"order": sorted(placed, key=lambda each: placed[each] or 0)}
    return {"positions": {each: str(number) for each, number in placed.items()}} if placed else {}


def unparse(spec: Spec, response: Response, labels: Labels) -> dict[str, Any]:
    del spec
    if "order" in response:
        return {"order": [labels.of(each) for each in response["order"]]}
    given = response.get("positions", {})
    return {"positions": {labels.of(each): given[each] for each in given}} if given else {}


def grade(spec: Spec, response: Response) -> Grade:
    right, given = options.ids(spec["items"]), _positions(response)
    exact = sum(given.get(each) == place for place, each in enumerate(right, 1))
    match scores.rule_of(spec, RULES):
        case "positions":
            share = Fraction(exact, len(right))
        case "all_or_nothing":
            share = Fraction(int(exact == len(right)))
        case _:
            pairs = list(combinations(right, 2))
            kept = sum(a in given and b in given and given[a] < given[b] for a, b in pairs)
            share = Fraction(kept, len(pairs))
            share = share if share >= Fraction(1, 2) else Fraction(0)
    return scores.graded(share)


def review(spec: Spec, response: Response) -> list[ReviewPart]:
    """One part for each item, in the right order: at which position it was put."""
    given = _positions(response)
    return [
        ReviewPart(
            label=Words(f"items.{item['id']}.text"),
            answer=(Words(text=str(given[item["id"]])),) if item["id"] in given else (),
            ratio=scores.whole(given.get(item["id"]) == place),
            feedback=options.feedback(item, f"items.{item['id']}") if given else (),
            key=(Words(text=str(place)),),
        )
        for place, item in enumerate(spec["items"], 1)
    ]


def choices(spec: Spec) -> list[Choice]:
    numbers = range(1, len(spec["items"]) + 1)
    return [
        Choice(
            f"{item['id']}.{number}",
            Words(text=str(number)),
            is_key=number == place,
            part=f"items.{item['id']}.text",
        )
        for place, item in enumerate(spec["items"], 1)
        for number in numbers
    ]


def tally(spec: Spec, response: Response) -> list[str]:
    del spec
    return [f"{each}.{number}" for each, number in _positions(response).items()]


def fix(spec: Spec) -> dict[str, Any]:
    return {"order": options.ids(spec["items"])}


def _positions(response: Response) -> dict[str, int]:
    if "order" in response:
        return {each: place for place, each in enumerate(response["order"], 1)}
    return {each: int(number) for each, number in response.get("positions", {}).items()}
