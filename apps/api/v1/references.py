"""The works that a course cites: as rows, and as files for reference managers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django_filters.rest_framework import FilterSet
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api import selectors
from apps.api.v1.access import ApiView
from apps.api.v1.details import DetailView, answer_one, row_of, tag_of
from apps.api.v1.lists import ListView, Row, check_parameters
from apps.api.v1.nouns import with_related
from apps.api.v1.shapes import OBJECT, STRING, STRINGS, Shape, named
from apps.content.citations import to_bibtex, to_csl_item, to_csl_json, to_ris
from apps.content.enums import EvidenceKind, ReferenceStatus
from apps.content.models import Reference as Work

REFERENCE = Shape(
    "Reference",
    Work,
    {
        "id": "public_id",
        **named("key", "title", "year", "authors_short", "kind", "status", "is_listed"),
        **named("csl", "apa_html", "note", "updated_at"),
        "cited_by_paragraphs": "pk",
    },
    others={
        "csl": {**OBJECT, "description": "CSL-JSON."},
        "cited_by_paragraphs": {**STRINGS, "description": "Numbers of paragraphs."},
    },
    example={
        "id": "5b0a4a0c-70f2-4f35-bd0e-7a0c5ed9a1d3",
        "key": "khan2021",
        "title": "A Work",
        "year": "2021",
        "authors_short": "Khan",
        "kind": "book",
        "status": "current",
        "is_listed": True,
        "csl": {"type": "book"},
        "apa_html": "Khan (2021). <i>A Work</i>.",
        "note": "",
        "updated_at": "2026-08-20T10:00:00Z",
        "cited_by_paragraphs": ["P07"],
    },
)


class Format(NamedTuple):
    media_type: str
    write: Callable[[Iterable[Work]], str]


def _items(rows: Iterable[Work]) -> list[dict[str, Any]]:
    return [to_csl_item(row) for row in rows]


FORMATS = {
    "csl": Format("application/vnd.citationstyles.csl+json", to_csl_json),
    "bibtex": Format("application/x-bibtex", lambda rows: to_bibtex(_items(rows))),
    "ris": Format("application/x-research-info-systems", lambda rows: to_ris(_items(rows))),
}


class ReferenceFilters(FilterSet):
    kind = django_filters.ChoiceFilter(choices=EvidenceKind.choices)
    status = django_filters.ChoiceFilter(choices=ReferenceStatus.choices)
    year = django_filters.CharFilter()
    updated_since = django_filters.IsoDateTimeFilter("updated_at", "gte")

    class Meta:
        model = Work
        fields: tuple[str, ...] = ()


class References(ListView):
    """The works that a course cites, each with its CSL-JSON."""

    shape = REFERENCE
    ordering = ("key", "title", "year", "updated_at")
    keys = ("key",)
    filters = ReferenceFilters
    gone = ("reference.deleted",)

    def get(self, request: Request, course: str) -> Response:
        found = selectors.course_by_key(course)
        return self.answer(request, found.references.all(), within=found.public_id)

    def complete(self, rows: list[Row]) -> list[Row]:
        return with_related(rows, Work, {"cited_by_paragraphs": "number"})


class Reference(DetailView):
    """One work by its key, such as `khan2021`."""

    shape = REFERENCE

    def get(self, request: Request, course: str, reference: str) -> HttpResponseBase:
        rows = selectors.course_by_key(course).references.filter(key=reference)
        row = row_of(rows, REFERENCE.fields)
        return answer_one(request, with_related([row], Work, {"cited_by_paragraphs": "number"})[0])


class _FileView(ApiView):
    body = STRING
    media_types = tuple(each.media_type for each in FORMATS.values())

    def answer(self, request: Request, rows: QuerySet[Work], form: str) -> HttpResponseBase:
        check_parameters(request, [])
        chosen = FORMATS.get(form)
        found = list(rows)
        if chosen is None or not found:
            raise NotFound
        text = chosen.write(found)
        tag = tag_of({"text": text})
        if same := get_conditional_response(request, etag=tag):
            return same
        media_type = f"{chosen.media_type}; charset=utf-8"
        return HttpResponse(text, content_type=media_type, headers={"ETag": tag})


class ReferenceFile(_FileView):
    """One work as `csl` (CSL-JSON), `bibtex` or `ris`."""

    def get(self, request: Request, course: str, reference: str, form: str) -> HttpResponseBase:
        rows = selectors.course_by_key(course).references.filter(key=reference)
        return self.answer(request, rows, form)


class Bibliography(_FileView):
    """All works of a course as `csl` (CSL-JSON), `bibtex` or `ris`, in the bibliography's order."""

    def get(self, request: Request, course: str, form: str) -> HttpResponseBase:
        works = selectors.course_by_key(course).references.order_by("sort_key", "key")
        return self.answer(request, works, form)
