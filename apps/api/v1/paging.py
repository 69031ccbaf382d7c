"""Keyset paging: the price of a page does not grow with its place in the list."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.core.exceptions import ValidationError as InvalidValue
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import (
    Case,
    CharField,
    DateField,
    DateTimeField,
    F,
    Field,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from apps.api.v1.shapes import column_at

PAGE_SIZE, MAX_PAGE_SIZE = 50, 200
# What stands for an empty value while rows are sorted; which one does not matter.
FILLINGS: tuple[tuple[type[Field[Any, Any]], object], ...] = (
    (DateTimeField, datetime(1970, 1, 1, tzinfo=UTC)),
    (DateField, date(1970, 1, 1)),
    (CharField, ""),
    (IntegerField, 0),
)


@dataclass(frozen=True, slots=True)
class Page:
    """rows: plain dictionaries.  next, previous: addresses; None where the list ends."""

    rows: list[dict[str, Any]]
    next: str | None
    previous: str | None

    @property
    def link(self) -> str:
        """The value of the Link header (RFC 8288); "" for a list of one page."""
        pairs = (("next", self.next), ("prev", self.previous))
        return ", ".join(f'<{address}>; rel="{rel}"' for rel, address in pairs if address)


def page(
    request: Request,
    rows: QuerySet[Any],
    keys: Sequence[str],
    fields: Sequence[str],
    *,
    is_descending: bool = False,
) -> Page:
    """One page of `rows` by `keys`, which together are unique and never NULL; each has `fields`.

    Raises: ValidationError for a page_size or cursor that is none.  Queries: 1.
    """
    size = _size(request)
    is_back, start = _read(request.query_params.get("cursor", ""), len(keys))
    is_down = is_back != is_descending
    marks = [f"-{key}" for key in keys] if is_down else list(keys)
    try:
        if start:
            rows = rows.filter(_beyond(keys, start, "lt" if is_down else "gt"))
        found = list(rows.order_by(*marks).values(*dict.fromkeys([*fields, *keys]))[: size + 1])
    except (InvalidValue, ValueError, TypeError, OverflowError) as error:
        raise _refused("cursor") from error
    has_more = len(found) > size
    found = found[:size][::-1] if is_back else found[:size]
    if not found:
        return Page([], None, None)
    last, first = (([row[key] for key in keys]) for row in (found[-1], found[0]))
    return Page(
        rows=found,
        next=_address(request, "n", last) if has_more or is_back else None,
        previous=_address(request, "p", first) if (has_more if is_back else start) else None,
    )


def sorted_by(
    rows: QuerySet[Any], lookup: str, keys: Sequence[str]
) -> tuple[QuerySet[Any], Sequence[str]]:
    """`rows` with the keys that page them by `lookup` first, then by `keys`.

    What is empty comes after everything else: NULL is no key, so a flag stands before it.
    """
    first: tuple[str, ...] = (lookup,)
    try:
        column, may_be_empty = column_at(rows.model, lookup)
    except FieldDoesNotExist:  # computed, and never NULL
        may_be_empty = False
    if may_be_empty:
        filling = next(value for kind, value in FILLINGS if isinstance(column, kind))
        kind = type(column)()
        rows = rows.annotate(
            sort_is_empty=Case(
                When(**{f"{lookup}__isnull": True}, then=1), default=0, output_field=IntegerField()
            ),
            sort_value=Coalesce(F(lookup), Value(filling, output_field=kind), output_field=kind),
        )
        first = ("sort_is_empty", "sort_value")
    return rows, (*first, *(key for key in keys if key not in first))


def _beyond(keys: Sequence[str], start: Sequence[Any], side: str) -> Q:
    """(a > x) or (a = x and b > y) …, and a >= x, by which an index is entered where x stands."""
    beyond = Q()
    for place, key in enumerate(keys):
        same = Q(**dict(zip(keys[:place], start[:place], strict=True)))
        beyond |= same & Q(**{f"{key}__{side}": start[place]})
    return beyond & Q(**{f"{keys[0]}__{side}e": start[0]})


def _size(request: Request) -> int:
    text = request.query_params.get("page_size", str(PAGE_SIZE))
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MAX_PAGE_SIZE):
        raise _refused("page_size")
    return int(text)


def _address(request: Request, side: str, values: list[Any]) -> str:
    text = json.dumps([side, *(_exact(value) for value in values)], cls=DjangoJSONEncoder)
    query = request.query_params.copy()
    query["cursor"] = urlsafe_b64encode(text.encode()).decode()
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def _exact(value: Any) -> Any:
    """Moments to the microsecond: the encoder cuts them to milliseconds."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def _read(cursor: str, length: int) -> tuple[bool, list[Any]]:
    if not cursor:
        return False, []
    try:
        side, *values = json.loads(urlsafe_b64decode(cursor.encode()))
    except (ValueError, TypeError) as error:
        raise _refused("cursor") from error
    is_plain = all(isinstance(value, str | int) for value in values)
    if side not in ("n", "p") or len(values) != length or not is_plain:
        raise _refused("cursor")
    return side == "p", values


def _refused(field: str) -> ValidationError:
    return ValidationError({field: ["This is not a valid value."]})
