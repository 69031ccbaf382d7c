"""A CSL-JSON item as fields that a person can fill in, and back without loss. Pure.

What the fields cannot say (a date range, a dropped particle, a rare variable) stays in the rest,
which is shown as CSL-JSON beside them; nothing is ever in both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

TEXTS = (
    "type", "title", "container-title", "volume", "issue", "page", "publisher",
    "publisher-place", "genre", "DOI", "URL",
)  # fmt: skip
NAMES = ("author", "editor")
DATES = ("issued",)
FIELDS = (*TEXTS, *NAMES, *DATES)

_DATE = re.compile(r"^(-?\d{1,4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$")


def split(csl: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, Any]]:
    """Field texts and the rest of the item; `merge` of both gives the item back."""
    fields: dict[str, str] = {}
    rest: dict[str, Any] = {}
    for key, value in csl.items():
        text = _to_text(key, value)
        if text is None:
            rest[key] = value
        else:
            fields[key] = text
    return fields, rest


def merge(fields: Mapping[str, str], rest: Mapping[str, Any]) -> dict[str, Any]:
    """The CSL-JSON item of both.  Raises: FieldError, naming the field that is wrong or doubled."""
    item: dict[str, Any] = {}
    for key in FIELDS:
        text = fields.get(key, "").strip()
        if not text:
            continue
        if key in rest:
            raise FieldError(key, f"“{key}” is also in the other CSL fields; leave one of them.")
        item[key] = _from_text(key, text)
    return {**item, **rest}


class FieldError(ValueError):
    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


def _to_text(key: str, value: Any) -> str | None:
    """The text of the field `key`, or None where it would not come back the same."""
    text = None
    if key in TEXTS and isinstance(value, str | int):
        text = str(value)
        return text if text == text.strip() and text else None
    if key in NAMES and isinstance(value, list):
        text = "\n".join(_name_text(name) for name in value if isinstance(name, dict))
    elif key in DATES and isinstance(value, dict):
        parts = value.get("date-parts") or [[]]
        text = "-".join(
            str(part) if i == 0 else f"{part:02d}"
            for i, part in enumerate(parts[0])
            if isinstance(part, int)
        )
    try:
        return text if text and _from_text(key, text) == value else None
    except FieldError:
        return None


def _from_text(key: str, text: str) -> Any:
    if key in NAMES:
        return [_name(line.strip()) for line in text.splitlines() if line.strip()]
    if key in DATES:
        match = _DATE.match(text)
        if not match:
            raise FieldError(key, f"“{text}” is not a date; write 2021, 2021-03 or 2021-03-15.")
        return {"date-parts": [[int(part) for part in match.groups() if part]]}
    return text


def _name_text(name: Mapping[str, str]) -> str:
    if "literal" in name:
        literal = str(name["literal"])
        return f"{{{literal}}}" if "," in literal else literal
    parts = [str(name.get(key, "")) for key in ("family", "given", "suffix")]
    return ", ".join(parts).rstrip(" ,") + ("," if not any(parts[1:]) else "")


def _name(line: str) -> dict[str, str]:
    if line.startswith("{") and line.endswith("}"):
        return {"literal": line[1:-1].strip()}
    if "," not in line:
        return {"literal": line}
    parts = [part.strip() for part in line.split(",", 2)]
    return {
        key: part for key, part in zip(("family", "given", "suffix"), parts, strict=False) if part
    }
