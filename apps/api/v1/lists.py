"""What every list does alike: filter, page, name its fields, and say where the next page is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
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
    """

    shape: Shape
    keys: Sequence[str] = ("public_id",)
    filters: type[FilterSet] | None = None
    more: Mapping[str, Json] = {}

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
            **more,
        )

    @staticmethod
    def present(row: Row) -> Row:
        """A last hand on each row."""
        return row

    def complete(self, rows: list[Row]) -> list[Row]:
        """A last hand on all rows of a page at once, for what takes a query of its own."""
        return rows


def answer_list(
    request: Request,
    rows: QuerySet[Any],
    *,
    keys: Sequence[str],
    fields: dict[str, str],
    filters: type[FilterSet] | None = None,
    others: Iterable[str] = (),
    present: Callable[[Row], Row] | None = None,
    complete: Callable[[list[Row]], list[Row]] | None = None,
    **more: Any,
) -> Response:
    """One page of `rows` as {results, next, previous} and a Link header.

    fields: {public name: lookup}; `?fields=` picks among them.  keys: unique together.
    others: parameters that the view itself reads; any that nobody reads is refused, so that a
    mistyped filter never passes for none.  present: a last hand on each row; complete: on all.
    Raises: ValidationError.  Queries: 1, and those of `complete`.
    """
    check_parameters(request, [*PARAMETERS, *others, *(filters.base_filters if filters else ())])
    if filters is not None:
        bound = filters(request.query_params, queryset=rows, request=request)
        if not bound.is_valid():
            raise ValidationError(
                {name: [str(fault) for fault in faults] for name, faults in bound.errors.items()}
            )
        rows = bound.qs
    names = names_asked(request, fields)
    found = page(request, rows, keys, list(fields.values()))
    whole = [{name: row[lookup] for name, lookup in fields.items()} for row in found.rows]
    shown = [present(row) for row in whole] if present else whole
    if complete and shown:
        shown = complete(shown)
    results = [{name: row[name] for name in names} for row in shown]
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
