"""What every list does alike: filter, page, name its fields, and say where the next page is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django.db.models import QuerySet
from django_filters.rest_framework import FilterSet
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.v1.access import ApiView
from apps.api.v1.paging import page
from apps.api.v1.shapes import Json, Shape

PARAMETERS = ("cursor", "page_size", "fields")
Row = dict[str, Any]


class ListView(ApiView):
    """A list: rows of one shape, ordered by `keys`, which together are unique.

    more: JSON Schema of what it answers beside `results`.
    ordering: fields by which `?ordering=` may sort, with `-` downwards; none of them is ever NULL.
    expansions: what `?expand=` may add to a row, as {name: (shape, the relation to it)}.
    """

    shape: Shape
    keys: Sequence[str] = ("public_id",)
    filters: type[FilterSet] | None = None
    more: Mapping[str, Json] = {}
    ordering: Sequence[str] = ()
    expansions: Mapping[str, tuple[Shape, str]] = {}

    def answer(self, request: Request, rows: QuerySet[Any], **more: Any) -> Response:
        """One page of `rows`.  Raises: ValidationError.  Queries: 1."""
        return answer_list(
            request,
            rows,
            keys=self.keys,
            fields=self.shape.fields,
            filters=self.filters,
            others=self.parameters,
            present=self.present,
            complete=self.complete,
            ordering=self.ordering,
            expansions=self.expansions,
            **more,
        )

    @staticmethod
    def present(row: Row) -> Row:
        """A last hand on each row."""
        return row

    def complete(self, rows: list[Row]) -> list[Row]:
        """A last hand on all rows of a page at once, for what takes a query of its own."""
        return rows


def answer_list(  # noqa: PLR0913 - what a list may do, each by its name
    request: Request,
    rows: QuerySet[Any],
    *,
    keys: Sequence[str],
    fields: dict[str, str],
    filters: type[FilterSet] | None = None,
    others: Iterable[str] = (),
    present: Callable[[Row], Row] | None = None,
    complete: Callable[[list[Row]], list[Row]] | None = None,
    ordering: Sequence[str] = (),
    expansions: Mapping[str, tuple[Shape, str]] = MappingProxyType({}),
    **more: Any,
) -> Response:
    """One page of `rows` as {results, next, previous} and a Link header.

    fields: {public name: lookup}; `?fields=` picks among them.  keys: unique together.
    others: parameters that the view itself reads; any that nobody reads is refused, so that a
    mistyped filter never passes for none.  present: a last hand on each row; complete: on all.
    Raises: ValidationError.  Queries: 1, and those of `complete`.
    """
    known = [*PARAMETERS, *others, *(filters.base_filters if filters else ())]
    known += [*(["ordering"] if ordering else []), *(["expand"] if expansions else [])]
    check_parameters(request, known)
    if filters is not None:
        bound = filters(request.query_params, queryset=rows, request=request)
        if not bound.is_valid():
            raise ValidationError(
                {name: [str(fault) for fault in faults] for name, faults in bound.errors.items()}
            )
        rows = bound.qs
    names = names_asked(request, fields)
    sort = _sort_asked(request, ordering)
    if sort:
        keys = (fields[sort.lstrip("-")], *keys)
    expanded = {
        name: {inner: f"{relation}__{lookup}" for inner, lookup in shape.fields.items()}
        for name, (shape, relation) in _expansions_asked(request, expansions).items()
    }
    lookups = [*fields.values(), *(each for inner in expanded.values() for each in inner.values())]
    found = page(request, rows, keys, lookups, is_descending=sort.startswith("-"))
    whole = [{name: row[lookup] for name, lookup in fields.items()} for row in found.rows]
    shown = [present(row) for row in whole] if present else whole
    if complete and shown:
        shown = complete(shown)
    results = [{name: row[name] for name in names} for row in shown]
    for result, row in zip(results, found.rows, strict=True):
        for name, inner in expanded.items():
            result[name] = {each: row[lookup] for each, lookup in inner.items()}
    response = Response(
        {"results": results, "next": found.next, "previous": found.previous, **more}
    )
    if found.link:
        response["Link"] = found.link
    return response


def check_parameters(request: Request, known: Iterable[str]) -> None:
    """Raises: ValidationError for a parameter that nobody reads."""
    if unknown := sorted(set(request.query_params) - {*known}):
        raise ValidationError({name: ["There is no such parameter."] for name in unknown})


def names_asked(request: Request, fields: Iterable[str]) -> list[str]:
    """The fields that `?fields=` picks; all without it.  Raises: ValidationError."""
    asked = request.query_params.get("fields")
    if asked is None:
        return list(fields)
    names = asked.split(",")
    if not set(names) <= set(fields):
        raise ValidationError({"fields": ["There is no such field."]})
    return names


def _sort_asked(request: Request, allowed: Sequence[str]) -> str:
    """The field that `?ordering=` names, or "".  Raises: ValidationError."""
    sort = request.query_params.get("ordering", "")
    if sort and sort.removeprefix("-") not in allowed:
        raise ValidationError({"ordering": ["This list is not sorted by that."]})
    return sort


def _expansions_asked(
    request: Request, allowed: Mapping[str, tuple[Shape, str]]
) -> Mapping[str, tuple[Shape, str]]:
    """What `?expand=` names.  Raises: ValidationError."""
    names = [name for name in request.query_params.get("expand", "").split(",") if name]
    if not set(names) <= set(allowed):
        raise ValidationError({"expand": ["There is nothing of this name to add."]})
    return {name: allowed[name] for name in names}
