"""What templates take to ask a question, and to show what became of an answer.

Built of what a type's `view` and `review` allow; a spec, and the author's ids, stay behind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from apps.content.mapping import Site
from apps.quizzes import plots, words
from apps.quizzes.types import marks
from apps.quizzes.types.contract import ReviewPart, Words
from apps.quizzes.types.earth import LIMITS, degrees


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A contract.ReviewPart in HTML. feedback: (html, paragraph that decides), "" for none."""

    label: SafeString
    answer: tuple[SafeString, ...]
    ratio: Decimal | None
    feedback: tuple[tuple[SafeString, str], ...]
    key: tuple[SafeString, ...]


def shown(view: Any, html: Mapping[str, str]) -> Any:
    """A type's view with every {"path": ...} replaced by {"html": ...}: it may leave the server.

    html: of the question's version, {path: sanitised HTML}.
    """
    if isinstance(view, list):
        return [shown(each, html) for each in view]
    if not isinstance(view, Mapping):
        return view
    if set(view) == {"path"}:
        return {"html": _safe(html[view["path"]])}
    return {name: shown(value, html) for name, value in view.items()}


def shown_words(said: Words, html: Mapping[str, str]) -> SafeString:
    """Words of a review as HTML: rendered, in the reader's language, or escaped."""
    if said.path:
        return _safe(html[said.path])
    return escape(words.CODES[said.code] if said.code else said.text)


def shown_part(part: ReviewPart, html: Mapping[str, str]) -> ShownPart:
    """Everything of a part: which of it may be shown is for quizzes.disclosure to say."""
    return ShownPart(
        label=shown_words(part.label, html) if part.label else SafeString(""),
        answer=tuple(shown_words(each, html) for each in part.answer),
        ratio=part.ratio,
        feedback=tuple((shown_words(each, html), source) for each, source in part.feedback),
        key=tuple(shown_words(each, html) for each in part.key),
    )


def rule_sentence(code: str) -> str:
    """How points are earned, for students.  code: from a type's `rule_text`."""
    return str(words.RULES[code])


def widget(
    view: Mapping[str, Any], raw: Mapping[str, Any], *, prefix: str, is_readonly: bool = False
) -> dict[str, Any]:
    """What templates/quizzes/types/<type>.html takes as `item`.

    view: as `shown` gives it.  raw: the saved answer, from a type's `unparse`.
    prefix: of the names of its fields, as fields.raw_from_form reads them. The page shows the
    question itself in an element with the id "<prefix>-stem", which names the fields.
    """
    item: dict[str, Any] = {
        "template": f"quizzes/types/{view['type']}.html",
        "view": view,
        "raw": raw,
        "prefix": prefix,
        "is_readonly": is_readonly,
    }
    prepare = _PREPARED.get(view["type"])
    return item | prepare(view, raw) if prepare else item


def _safe(html: str) -> SafeString:
    return mark_safe(html)


def _gaps(view: Mapping[str, Any], raw: Mapping[str, Any]) -> dict[str, Any]:
    """The text in pieces, each with the gap after it; the last one has none."""
    given = raw.get("gaps", {})
    gaps = {gap["gap"]: {**gap, "given": given.get(gap["gap"], "")} for gap in view["gaps"]}
    pieces = marks.split(view["text"]["html"])
    return {"segments": [{"html": _safe(html), "gap": gaps.get(gap)} for html, gap in pieces]}


def _positions(view: Mapping[str, Any], raw: Mapping[str, Any]) -> dict[str, Any]:
    """Items in the order that was given, else as they were shuffled, each with its position."""
    order = raw.get("order", [])
    positions = {label: str(place) for place, label in enumerate(order, 1)}
    positions |= raw.get("positions", {})
    rows = [{**item, "given": positions.get(item["label"], "")} for item in view["items"]]
    if order:
        rows.sort(key=lambda row: int(row["given"]))
    return {"rows": rows, "numbers": [str(place) for place in range(1, len(rows) + 1)]}


def _pairs(view: Mapping[str, Any], raw: Mapping[str, Any]) -> dict[str, Any]:
    given = raw.get("pairs", {})
    return {"rows": [{**row, "given": given.get(row["label"], "")} for row in view["prompts"]]}


def _categories(view: Mapping[str, Any], raw: Mapping[str, Any]) -> dict[str, Any]:
    given = raw.get("items", {})
    return {"rows": [{**row, "given": given.get(row["label"], "")} for row in view["items"]]}


def _map(view: Mapping[str, Any], raw: Mapping[str, Any]) -> dict[str, Any]:
    """The lettered marks on the part of the map that holds them; or the point on the whole map."""
    if view["form"] == "mark":
        marked = [
            _site(mark["label"], mark["letter"], mark["longitude"], mark["latitude"])
            for mark in view["marks"]
        ]
        return {"plot": plots.around(marked)}
    latitude, longitude = (degrees(raw.get(name, ""), name) for name in LIMITS)
    is_point = latitude is not None and longitude is not None
    return {"plot": plots.whole([_site("point", "", longitude, latitude)] if is_point else [])}


def _site(label: str, name: str, longitude: Any, latitude: Any) -> Site:
    return Site(label, name, "", "", float(longitude), float(latitude))


# What a type's template needs beside its view: an answer beside each part that asks for one.
_PREPARED: dict[str, Callable[[Mapping[str, Any], Mapping[str, Any]], dict[str, Any]]] = {
    "ordering": _positions,
    "matching": _pairs,
    "gap_fill": _gaps,
    "categorise": _categories,
    "locate": _map,
}
