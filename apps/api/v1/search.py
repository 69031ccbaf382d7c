"""Full-text search of what readers of a course see."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from django.http import HttpResponseBase
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from apps.api import selectors
from apps.api.v1.details import DetailView, answer_one
from apps.api.v1.shapes import STRING, Json, or_null
from apps.content import search

PAGE_SIZE, MAX_PAGES = 20, 1000
_ADDRESS = or_null({"type": "string", "format": "uri"})
_COUNTS: Json = {"type": "object", "additionalProperties": {"type": "integer"}}
_HIT: Json = {
    "type": "object",
    "required": ["kind", "key", "title", "title_html", "context", "snippet_html"],
    "properties": {
        "kind": {"type": "string", "enum": list(search.KINDS)},
        "key": {
            **STRING,
            "description": "`unit/lesson#anchor` of a section, else a slug or a citation key.",
        },
        "title": STRING,
        "title_html": {**STRING, "description": "Escaped; `<mark>` is its only tag."},
        "context": STRING,
        "snippet_html": {**STRING, "description": "Escaped; `<mark>` is its only tag."},
    },
}


class Search(DetailView):
    """What answers a query, best first: lessons, terms, works, events, actors, places.

    All words must be there, in any inflection; "a phrase" as written. Where no text has them
    all, texts with some are found, and `has_all_words` says so.
    """

    has_fields = False
    body = {
        "type": "object",
        "required": ["results", "next", "previous", "count", "counts", "has_all_words"],
        "properties": {
            "results": {"type": "array", "items": _HIT},
            "next": _ADDRESS,
            "previous": _ADDRESS,
            "count": {"type": "integer"},
            "counts": {**_COUNTS, "description": "Of each kind that has any."},
            "has_all_words": {"type": "boolean"},
        },
    }
    parameters = {
        "q": (STRING, "What to look for; up to 200 characters count."),
        "kind": ({"type": "string", "enum": list(search.KINDS)}, "Only this kind."),
        "cursor": (STRING, "Where the page begins: taken from `next` or `previous`."),
    }

    def get(self, request: Request, course: str) -> HttpResponseBase:
        wish = request.query_params
        if wish.get("kind", search.KINDS[0]) not in search.KINDS:
            raise ValidationError({"kind": ["This is not a valid value."]})
        found = search.search(
            course=selectors.course_by_key(course),
            query=wish.get("q", ""),
            kinds=[wish["kind"]] if "kind" in wish else (),
            page=_page_of(wish.get("cursor", "")),
            page_size=PAGE_SIZE,
        )
        names = ("kind", "key", "title", "title_html", "context", "snippet_html")
        has_next = found.page < found.page_count
        return answer_one(
            request,
            {
                "results": [{name: getattr(hit, name) for name in names} for hit in found.hits],
                "next": _address(request, found.page + 1) if has_next else None,
                "previous": _address(request, found.page - 1) if found.page > 1 else None,
                "count": found.count,
                "counts": found.counts,
                "has_all_words": found.has_all_words,
            },
            self.parameters,
        )


def _page_of(cursor: str) -> int:
    if not cursor:
        return 1
    try:
        number = int(urlsafe_b64decode(cursor.encode()).decode().removeprefix("page "))
    except ValueError as error:
        raise ValidationError({"cursor": ["This is not a valid value."]}) from error
    return min(max(number, 1), MAX_PAGES)


def _address(request: Request, page: int) -> str:
    query: Any = request.query_params.copy()
    query["cursor"] = urlsafe_b64encode(f"page {page}".encode()).decode()
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
