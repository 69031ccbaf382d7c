"""Raw answers: from the fields of an HTML form, and read with suspicion. Pure.

A form names its fields "<prefix>.choice" or "<prefix>.pairs.<label>"; no type has code for it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from apps.quizzes.types.contract import BadResponse
from apps.quizzes.types.texts import is_storable

Value = TypeVar("Value")

_POINT = ("latitude", "longitude")
SINGLE = frozenset(
    ("choice", "answer", "reason", "text", "value", "unit", "start", "end", "mark", *_POINT)
)
REPEATED = frozenset(["choices", "passages", "order"])
LABELLED = frozenset(["positions", "pairs", "gaps", "items"])
MAX_TEXT = 10_000
MAX_TYPED = 100  # a number, a year, a unit


def raw_from_form(data: Mapping[str, list[str]], prefix: str) -> dict[str, Any]:
    """What one item's fields say, as raw JSON; other fields are left alone.

    data: every field of the form with all its values, in order.
    """
    raw: dict[str, Any] = {}
    for name, values in data.items():
        if not values or not name.startswith(f"{prefix}."):
            continue
        field, _dot, label = name.removeprefix(f"{prefix}.").partition(".")
        if label and field in LABELLED:
            raw.setdefault(field, {})[label] = values[-1]
        elif not label and field in REPEATED:
            raw[field] = list(values)
        elif not label and field in SINGLE:
            raw[field] = values[-1]
    return raw


def check_names(raw: object, *names: str) -> None:
    """Raises: BadResponse, for what is no mapping, or has other fields than these."""
    if not isinstance(raw, Mapping):
        raise BadResponse("", "An answer is a mapping of fields.")
    for name in raw:
        if name not in names:
            raise BadResponse("", "This question has no such field.")


def text(raw: Mapping[str, Any], name: str, maximum: int = MAX_TEXT) -> str:
    """A text as typed, "" when there is none or only spaces.  Raises: BadResponse."""
    value = raw.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadResponse(name, "This is not a text.")
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    if not is_storable(value):
        raise BadResponse(name, "This text holds a character that cannot be stored.")
    if len(value) > maximum:
        raise BadResponse(name, f"This text is longer than {maximum} characters.")
    return value if value.strip() else ""


def one(raw: Mapping[str, Any], name: str, codes: Mapping[str, Value]) -> Value | None:
    """What a label stands for; None when nothing is chosen.  Raises: BadResponse."""
    return _known(raw.get(name), name, codes)


def several(raw: Mapping[str, Any], name: str, codes: Mapping[str, str]) -> list[str]:
    """What labels stand for, each once, as they came.  Raises: BadResponse."""
    value = raw.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise BadResponse(name, "This is not a list.")
    found = [code for each in value if (code := _known(each, name, codes)) is not None]
    if len(set(found)) < len(found):
        raise BadResponse(name, "This names something more than once.")
    return found


def labelled(raw: Mapping[str, Any], name: str, codes: Collection[str]) -> Mapping[str, Any]:
    """A mapping whose names are all labels of this question.  Raises: BadResponse."""
    value = raw.get(name)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise BadResponse(name, "This is not a mapping.")
    for label in value:
        if label not in codes:
            raise BadResponse(name, "This names something that is not there.")
    return value


def assigned(
    raw: Mapping[str, Any], name: str, parts: Mapping[str, str], values: Mapping[str, str]
) -> dict[str, str]:
    """{part: value} by labels on both sides, without those left open.  Raises: BadResponse."""
    given = labelled(raw, name, parts)
    found = {parts[label]: one(given, label, values) for label in given}
    in_order = {part: found.get(part) for part in parts.values()}
    return {part: value for part, value in in_order.items() if value is not None}


def _known(value: object, name: str, codes: Mapping[str, Value]) -> Value | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str) or value not in codes:
        raise BadResponse(name, "This names something that is not there.")
    return codes[value]
