"""Categorise: a category for every item.

Raw answer: {"items": {item label: category label}}.
Stored: {"items": {item id: category id}}, without open ones.

each_item       items in their category / items.
all_or_nothing  1 when every item is in its category, otherwise 0.
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

NAME = "categorise"
RULES = ("each_item", "all_or_nothing")

_CATEGORY = shape.record({"id": shape.IDENT, "text": shape.LINE})
_ITEM = shape.record(
    {"id": shape.IDENT, "text": shape.LINE, "category": shape.IDENT, "source": shape.SOURCE},
    {"feedback": shape.FEEDBACK},
)
_SHAPE = shape.record(
    {"categories": shape.rows(_CATEGORY, 2, 8), "items": shape.rows(_ITEM, 2, 20)},
    {"rule": shape.one_of(*RULES)},
)


def check_spec(spec: Spec) -> list[SpecFault]:
    faults = list(_SHAPE(spec, ""))
    known = [row.get("id") for row in shape.record_list(shape.field(spec, "categories"))]
    for name in ("categories", "items"):
        faults += shape.check_distinct(shape.column(shape.field(spec, name), name, "text"))
    faults += [
        SpecFault(path, "There is no such category.")
        for path, category in shape.column(shape.field(spec, "items"), "items", "category")
        if isinstance(category, str) and category not in known
    ]
    return faults


def texts(spec: Spec) -> list[Text]:
    categories = options.texts(spec["categories"], "categories")
    return [*categories, *options.texts(spec["items"], "items")]


def sources(spec: Spec) -> list[str]:
    return options.sources(spec["items"])


def view(spec: Spec, labels: Labels) -> dict[str, Any]:
    """Categories stand in their author's order: often one of time or of degree."""
    return {
        "type": NAME,
        "categories": options.view(
            spec["categories"], "categories", labels, is_shuffled=False, scope="category."
        ),
        "items": options.view(spec["items"], "items", labels, scope="item."),
    }


def rule_text(spec: Spec) -> str:
    return f"{NAME}.{scores.rule_of(spec, RULES)}"


def parse(spec: Spec, raw: Mapping[str, Any], labels: Labels) -> dict[str, Any]:
    fields.check_names(raw, "items")
    items = options.codes(spec["items"], labels, "item.")
    categories = options.codes(spec["categories"], labels, "category.")
    found = fields.assigned(raw, "items", items, categories)
    return {"items": found} if found else {}


def unparse(spec: Spec, response: Response, labels: Labels) -> dict[str, Any]:
    del spec
    given = response.get("items", {})
    raw = {labels.of(f"item.{a}"): labels.of(f"category.{b}") for a, b in given.items()}
    return {"items": raw} if raw else {}


def grade(spec: Spec, response: Response) -> Grade:
    is_all = scores.rule_of(spec, RULES) == "all_or_nothing"
    return pairing.grade(_key(spec), response.get("items", {}), is_all_or_nothing=is_all)


def review(spec: Spec, response: Response) -> list[ReviewPart]:
    given, categories = response.get("items", {}), spec["categories"]
    return [
        ReviewPart(
            label=Words(f"items.{item['id']}.text"),
            answer=options.words(categories, "categories", [given.get(item["id"])]),
            ratio=scores.whole(given.get(item["id"]) == item["category"]),
            feedback=options.feedback(item, f"items.{item['id']}") if item["id"] in given else (),
            key=options.words(categories, "categories", [item["category"]]),
        )
        for item in spec["items"]
    ]


def choices(spec: Spec) -> list[Choice]:
    return [
        Choice(
            f"{item['id']}.{category['id']}",
            Words(f"categories.{category['id']}.text"),
            is_key=category["id"] == item["category"],
            part=f"items.{item['id']}.text",
        )
        for item in spec["items"]
        for category in spec["categories"]
    ]


def tally(spec: Spec, response: Response) -> list[str]:
    del spec
    return [f"{item}.{category}" for item, category in response.get("items", {}).items()]


def fix(spec: Spec) -> dict[str, Any]:
    return {"items": _key(spec)}


def _key(spec: Spec) -> dict[str, str]:
    return {item["id"]: item["category"] for item in spec["items"]}
