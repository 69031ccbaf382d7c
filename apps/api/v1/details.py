"""One thing: read it with its tag, and change it only as it was seen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.errors import PreconditionFailed, PreconditionRequired
from apps.api.v1.access import ApiView
from apps.api.v1.lists import Row, check_parameters, names_asked
from apps.core.errors import NotFound


class DetailView(ApiView):
    """One thing: GET answers it with its ETag, what changes it needs `If-Match`."""

    has_fields = True  # whether `?fields=` picks
    is_conditional = True  # whether what changes it needs `If-Match`


def row_of(rows: QuerySet[Any], fields: dict[str, str]) -> Row:
    """The public fields of the one row in `rows`.  Raises: NotFound.  Queries: 1."""
    found = next(iter(rows.values(*fields.values())), None)  # first() would sort, at a price
    if found is None:
        raise NotFound(_("There is no such thing."))
    return {name: found[lookup] for name, lookup in fields.items()}


def tag_of(row: Row) -> str:
    """A strong tag of all that is public of a thing, whichever fields are asked for."""
    text = json.dumps(row, cls=DjangoJSONEncoder, sort_keys=True)
    return quote_etag(hashlib.sha256(text.encode()).hexdigest()[:32])


def answer_one(request: Request, row: Row, others: Iterable[str] = ()) -> HttpResponseBase:
    """`row` with its ETag, or 304 where it is known; `?fields=` picks.

    others: parameters that the view itself reads.  Raises: ValidationError.  Queries: 0.
    """
    check_parameters(request, ["fields", *others])
    tag = tag_of(row)
    if same := get_conditional_response(request, etag=tag):
        return same
    body = {name: row[name] for name in names_asked(request, row)}
    return Response(body, headers={"ETag": tag})


def answer_written(row: Row, status: int = 200) -> Response:
    """What a write left: `row` as it is now, with the ETag that the next one needs.  Queries: 0."""
    return Response(row, status=status, headers={"ETag": tag_of(row)})


@contextmanager
def unchanged(request: Request, *, lock: QuerySet[Any], read: Callable[[], Row]) -> Iterator[None]:
    """Run the block while the thing is as the caller's `If-Match` says they saw it.

    lock: the row that every writer of the thing locks first, such as its class; it is held to
    the end of the block.  read: the thing's public fields, as they are now.
    Raises: PreconditionRequired, PreconditionFailed.  Locks: `lock`.  Queries: 1, and `read`.
    """
    header = request.headers.get("If-Match")
    if not header:
        raise PreconditionRequired(_("Send the ETag that you saw as If-Match."))
    with transaction.atomic():
        lock.select_for_update(of=("self",), no_key=True).get()
        tags = parse_etags(header)
        if tags != ["*"] and tag_of(read()) not in tags:
            raise PreconditionFailed(_("It has changed since you read it; read it again."))
        yield
