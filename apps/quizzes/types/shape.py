"""What a spec must look like: small checks that are put together, and report instead of raising.

A check takes any JSON and its path, and yields every fault. Whoever asks about a spec that may be
faulty (are there two keys?) reads it through `record_list` and `words_of`, which never raise.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

from apps.quizzes.types.contract import SpecFault
from apps.quizzes.types.texts import is_storable, normalise

Check: TypeAlias = Callable[[object, str], Iterator[SpecFault]]

MAX_LINE, MAX_BLOCK = 2_000, 20_000
_DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,10})?")
_IDENT = re.compile(r"[A-Za-z0-9_-]{1,32}")
_PARAGRAPH = re.compile(r"P[0-9]{2,3}")


def under(path: str, name: object) -> str:
    return f"{path}.{name}" if path else str(name)


def _prose(maximum: int, *, may_be_empty: bool) -> Check:
    def check(value: object, path: str) -> Iterator[SpecFault]:
        if not isinstance(value, str):
            yield SpecFault(path, "Write a text.")
        elif not is_storable(value):
            yield SpecFault(path, "This text holds a character that cannot be stored.")
        elif len(value) > maximum:
            yield SpecFault(path, f"Keep this under {maximum} characters.")
        elif not may_be_empty and not value.strip():
            yield SpecFault(path, "Write something here.")

    return check


LINE = _prose(MAX_LINE, may_be_empty=False)
BLOCK = _prose(MAX_BLOCK, may_be_empty=False)
FEEDBACK = _prose(MAX_LINE, may_be_empty=True)


def _pattern(pattern: re.Pattern[str], message: str) -> Check:
    def check(value: object, path: str) -> Iterator[SpecFault]:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            yield SpecFault(path, message)

    return check


IDENT = _pattern(_IDENT, "An id is made of letters, digits, hyphens: a.")
SOURCE = _pattern(_PARAGRAPH, "Name the paragraph that decides this: P06.")
SLUG = _pattern(re.compile(r"[a-z0-9-]{1,100}"), "Write a slug: gwadar.")


def boolean(value: object, path: str) -> Iterator[SpecFault]:
    if not isinstance(value, bool):
        yield SpecFault(path, "Say true or false.")


def one_of(*names: str) -> Check:
    def check(value: object, path: str) -> Iterator[SpecFault]:
        if value not in names:
            yield SpecFault(path, f"Choose one of: {', '.join(names)}.")

    return check


def some_of(*names: str) -> Check:
    def check(value: object, path: str) -> Iterator[SpecFault]:
        if not isinstance(value, list) or not all(each in names for each in value):
            yield SpecFault(path, f"List any of: {', '.join(names)}.")

    return check


def whole(low: int, high: int) -> Check:
    def check(value: object, path: str) -> Iterator[SpecFault]:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            yield SpecFault(path, f"Write a whole number from {low} to {high}.")

    return check


def decimal(low: str | None = None, high: str | None = None, *, above: str | None = None) -> Check:
    """A number in a string; low and high may be reached, `above` may not."""

    def check(value: object, path: str) -> Iterator[SpecFault]:
        number = decimal_of(value)
        if number is None:
            yield SpecFault(path, 'Write a number in quotes: "0.5".')
        elif (
            (low is not None and number < Decimal(low))
            or (high is not None and number > Decimal(high))
            or (above is not None and number <= Decimal(above))
        ):
            yield SpecFault(path, "This number is out of range.")

    return check


CREDIT = decimal("0", "1")


def record(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """A mapping with these names and no others."""
    known = {**required, **(optional or {})}

    def check(value: object, path: str) -> Iterator[SpecFault]:
        if not isinstance(value, Mapping):
            yield SpecFault(path, "Write names with values here.")
            return
        for name in required.keys() - value.keys():
            yield SpecFault(under(path, name), "This is missing.")
        for name in value:
            if name in known:
                yield from known[name](value[name], under(path, name))
            else:
                yield SpecFault(under(path, name), "This name means nothing here.")

    return check


def rows(each: Check, low: int, high: int) -> Check:
    """A list of low to high records. One with an id is called by it in paths; ids are unique."""

    def check(value: object, path: str) -> Iterator[SpecFault]:
        if not isinstance(value, list):
            yield SpecFault(path, "Write a list here.")
            return
        if not low <= len(value) <= high:
            yield SpecFault(path, f"Give {low} to {high} of these; there are {len(value)}.")
        for place, row in enumerate(value):
            yield from each(row, under(path, called(row, place)))
        ids = Counter(row["id"] for row in record_list(value) if isinstance(row.get("id"), str))
        for ident, count in ids.items():
            if count > 1:
                yield SpecFault(under(path, ident), "This id stands more than once.")

    return check


def called(row: object, place: int) -> str:
    """A row's id, or its place in the list where it has none: how paths name it."""
    ident = row.get("id") if isinstance(row, Mapping) else None
    return ident if isinstance(ident, str) and _IDENT.fullmatch(ident) else str(place)


def record_list(value: object) -> list[Mapping[str, Any]]:
    """The mappings of a list that may be anything."""
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def field(spec: object, name: str) -> Any:
    """spec[name], or None where there is none."""
    return spec.get(name) if isinstance(spec, Mapping) else None


def column(value: object, path: str, name: str) -> Iterator[tuple[str, object]]:
    """(path, what stands under `name`) for every row of a list that may be anything."""
    for place, row in enumerate(record_list(value)):
        yield f"{path}.{called(row, place)}.{name}", row.get(name)


def decimal_of(value: object) -> Decimal | None:
    """A number that a spec holds as a string; None for anything else."""
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        return Decimal(value)
    return None


def check_distinct(
    rows_: Iterable[tuple[str, object]], ignore: Iterable[str] = ("case",)
) -> Iterator[SpecFault]:
    """No two of these (path, text) read the same."""
    seen: set[str] = set()
    for path, text in rows_:
        if isinstance(text, str) and text.strip():
            plain = normalise(text, ignore)
            if plain in seen:
                yield SpecFault(path, "This stands here already.")
            seen.add(plain)
