"""What operations of the OpenAPI document say alike is written once, and referred to."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from apps.api.v1.shapes import Json

# Where a part stands: what holds it, and under which key or index.
Spot = tuple[Any, Any]


def with_shared_parts(result: Json, **_more: Any) -> Json:
    """Move headers, parameters and refusals that repeat into the document's components."""
    operations = [one for methods in result["paths"].values() for one in methods.values()]
    answers = [(each["responses"], status) for each in operations for status in each["responses"]]
    headers = [
        (answer[status]["headers"], name)
        for answer, status in answers
        for name in answer[status].get("headers", ())
    ]
    parameters = [
        (each["parameters"], place)
        for each in operations
        for place in range(len(each.get("parameters", ())))
    ]
    refusals = [(answer, status) for answer, status in answers if status >= "3"]
    _share(result, "headers", headers, lambda spot: str(spot[1]))
    _share(result, "parameters", parameters, lambda spot: str(spot[0][spot[1]]["name"]))
    _share(result, "responses", refusals, lambda spot: f"Status{spot[1]}")
    return result


def _share(result: Json, kind: str, spots: Iterable[Spot], name_of: Callable[[Spot], str]) -> None:
    """Of the parts with one name, the one that is written most often is shared."""
    texts = [(name_of(spot), json.dumps(spot[0][spot[1]]), spot) for spot in spots]
    shared: dict[str, str] = {}
    for (name, text), times in Counter((name, text) for name, text, _spot in texts).most_common():
        if times > 1:
            shared.setdefault(name, text)
    for name, text, (holder, key) in texts:
        if shared.get(name) == text:
            holder[key] = {"$ref": f"#/components/{kind}/{name}"}
    result["components"][kind] = {name: json.loads(shared[name]) for name in sorted(shared)}
