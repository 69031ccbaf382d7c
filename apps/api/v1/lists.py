"""What every list does alike: filter, page, name its fields, and say where the next page is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django_filters.rest_framework import CharFilter, FilterSet
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api import selectors
from apps.api.selectors import following
from apps.api.v1.access import ApiView
from apps.api.v1.inputs import moment_asked
from apps.api.v1.paging import page, sorted_by
from apps.api.v1.shapes import Json, Shape

PARAMETERS = ("cursor", "page_size", "fields")
SINCE, DELETED = "updated_since", "deleted"
MAX_GONE = 2000  # of what is gone, in one answer
Row = dict[str, Any]


class ListView(ApiView):
    """A list: rows of one shape, ordered by `keys`, which together are unique.

    more: JSON Schema of what it answers beside `results`.
    gone: the events by which something leaves the list; the view says which class or course it is
    `within`, and `known_by` which event it came to be seen.
    ordering: fields by which `?ordering=` may sort, with `-` downwards; what is empty
        comes last.  Never what a caller may not read: the order would tell it.
    expansions: what `?expand=` may add to a row, as {name: (shape, the relation to it)}.
    """

    shape: Shape
    keys: Sequence[str] = ("public_id",)
    filters: type[FilterSet] | None = None
    more: Mapping[str, Json] = {}
    gone: Sequence[str] = ()
    ordering: Sequence[str] = ()
    expansions: Mapping[str, tuple[Shape, str]] = {}

    def answer(
        self,
        request: Request,
        rows: QuerySet[Any],
        *,
        within: UUID | None = None,
        known_by: str = "",
        **more: Any,
    ) -> Response:
        """One page of `rows`.

        Raises: ValidationError.  Queries: 1, and 1 for what is gone, on the first page of what
        changed since a moment.
        """
        if self.tells_changes():
            more["watermark"] = timezone.now() - selectors.OVERLAP
        response = self._page(request, rows, **more)
        since = self._since(request) if within and "cursor" not in request.query_params else None
        if within and since:
            gone = following.gone(within, self.gone, since, rows, known_by)[: MAX_GONE + 1]
            told = [{"id": row["subject_id"], "deleted_at": row["gone_at"]} for row in gone]
            response.data[DELETED] = told if len(told) <= MAX_GONE else None
        return response

    def tells_changes(self) -> bool:
        """Whether it can be asked what changed since a moment."""
        return SINCE in self.parameters or SINCE in getattr(self.filters, "base_filters", ())

    def _since(self, request: Request) -> datetime | None:
        """The moment that was asked for; call it when the filters have accepted it."""
        if SINCE in self.parameters:
            return moment_asked(request, SINCE)
        text = request.query_params.get(SINCE, "")
        asked: datetime | None = self.filters.base_filters[SINCE].field.clean(text)  # type: ignore[union-attr]
        return asked

    def _page(self, request: Request, rows: QuerySet[Any], **more: Any) -> Response:
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
        """A last hand on all rows of a page at once, for what takes a query of its own.

        It may leave some out, and the page is shorter.
        """
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
        check_not_empty(request, filters)
        bound = filters(request.query_params, queryset=rows, request=request)
        if not bound.is_valid():
            raise ValidationError(
                {name: [str(fault) for fault in faults] for name, faults in bound.errors.items()}
            )
        rows = bound.qs
    names = names_asked(request, fields)
    sort = _sort_asked(request, ordering)
    if sort:
        rows, keys = sorted_by(rows, fields[sort.lstrip("-")], keys)
    expanded = {
        name: {inner: f"{relation}__{lookup}" for inner, lookup in shape.fields.items()}
        for name, (shape, relation) in _expansions_asked(request, expansions).items()
    }
    lookups = [*fields.values(), *(each for inner in expanded.values() for each in inner.values())]
    found = page(request, rows, keys, lookups, is_descending=sort.startswith("-"))
    whole = [{name: row[lookup] for name, lookup in fields.items()} for row in found.rows]
    for name, inner in expanded.items():
        for full, row in zip(whole, found.rows, strict=True):
            full[name] = {each: row[lookup] for each, lookup in inner.items()}
    shown = [present(row) for row in whole] if present else whole
    if complete and shown:
        shown = complete(shown)
    names += expanded
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


def check_not_empty(request: Request, filters: type[FilterSet]) -> None:
    """Raises: ValidationError for a filter without a value, which would filter nothing."""
    empty = [
        name
        for name, each in filters.base_filters.items()
        if not isinstance(each, CharFilter) and request.query_params.get(name) == ""
    ]
    if empty:
        raise ValidationError(
            {name: ["It is empty: give a value or leave it out."] for name in empty}
        )


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
    sort = request.query_params.get("ordering")
    if sort is None:
        return ""
    if sort.removeprefix("-") not in allowed:
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
