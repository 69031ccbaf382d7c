"""What a course explains beside its lessons: terms, actors, events, places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import django_filters
from django.db.models import Model
from django.http import HttpResponseBase
from django_filters.rest_framework import FilterSet
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api import selectors
from apps.api.v1.details import DetailView, answer_one, row_of
from apps.api.v1.lists import ListView, Row
from apps.api.v1.shapes import STRINGS, Json, Shape, named
from apps.content import models
from apps.content.enums import ActorKind, PlaceKind, ScoStatus

SOURCES: Json = {**STRINGS, "description": "Numbers of the paragraphs that it rests on."}
CITED: Json = {**STRINGS, "description": "Keys of the works that its text cites."}
RELATIONS = {"sources": "number", "references": "key"}
_EXAMPLE: Json = {
    "id": "4f0a93d5-8b67-4f0e-9f10-0b8f6d0e1f1f",
    "html": "<p>…</p>",
    "updated_at": "2026-08-20T10:00:00Z",
    "sources": ["P07"],
    "references": ["khan1961"],
}


def _shape(name: str, model: type[Model], *fields: str, example: Json, **others: Json) -> Shape:
    return Shape(
        name,
        model,
        {
            "id": "public_id",
            **named(*fields, "html", "updated_at"),
            "sources": "pk",
            "references": "pk",
        },
        others={"sources": SOURCES, "references": CITED, **others},
        example={**_EXAMPLE, **example},
    )


TERM = _shape(
    "GlossaryTerm",
    models.GlossaryTerm,
    *("slug", "term", "aliases", "definition"),
    aliases=STRINGS,
    example={"slug": "eurasia", "term": "Eurasia", "aliases": [], "definition": "…"},
)
ACTOR = _shape(
    "Actor",
    models.Actor,
    *("slug", "name", "kind", "aliases", "iso", "sco"),
    aliases=STRINGS,
    example={"slug": "pakistan", "name": "Pakistan", "kind": "state", "iso": "PK"},
)
EVENT = _shape(
    "TimelineEvent",
    models.TimelineEvent,
    *("slug", "date", "starts_on", "ends_on", "title", "is_external"),
    example={"slug": "astana-2017", "date": "2017-06-09", "title": "Full members"},
)
PLACE = _shape(
    "Place",
    models.Place,
    *("slug", "name", "kind", "latitude", "longitude"),
    example={"slug": "gwadar", "name": "Gwadar", "kind": "port", "latitude": 25.13},
)


class NounFilters(FilterSet):
    updated_since = django_filters.IsoDateTimeFilter("updated_at", "gte")
    source = django_filters.CharFilter("sources__number")


class TermFilters(NounFilters):
    class Meta:
        model = models.GlossaryTerm
        fields: tuple[str, ...] = ()


class ActorFilters(NounFilters):
    kind = django_filters.ChoiceFilter(choices=ActorKind.choices)
    sco = django_filters.ChoiceFilter(choices=ScoStatus.choices)

    class Meta:
        model = models.Actor
        fields: tuple[str, ...] = ()


class EventFilters(NounFilters):
    actor = django_filters.CharFilter("actors__slug")
    starts_after = django_filters.DateFilter("starts_on", "gte")
    starts_before = django_filters.DateFilter("starts_on", "lte")

    class Meta:
        model = models.TimelineEvent
        fields: tuple[str, ...] = ()


class PlaceFilters(NounFilters):
    kind = django_filters.ChoiceFilter(choices=PlaceKind.choices)

    class Meta:
        model = models.Place
        fields: tuple[str, ...] = ()


# What the routes of a course's nouns are made with: relation, shape, order, and how one goes.
NOUNS: dict[str, dict[str, Any]] = {
    "glossary": {
        "relation": "glossaryterms",
        "ordering": ("term", "updated_at"),
        "shape": TERM,
        "filters": TermFilters,
        "gone": ("glossaryterm.deleted",),
    },
    "actors": {
        "relation": "actors",
        "ordering": ("name", "updated_at"),
        "shape": ACTOR,
        "filters": ActorFilters,
        "gone": ("actor.deleted",),
    },
    "timeline": {
        "relation": "timelineevents",
        "ordering": ("starts_on", "title", "updated_at"),
        "shape": EVENT,
        "filters": EventFilters,
        "gone": ("timelineevent.deleted",),
        "keys": ("starts_on", "slug"),
    },
    "places": {
        "relation": "places",
        "ordering": ("name", "updated_at"),
        "shape": PLACE,
        "filters": PlaceFilters,
        "gone": ("place.deleted",),
    },
}


class Nouns(ListView):
    """What a course explains: terms, actors, events, places; one of these by its address."""

    shape = TERM
    keys = ("slug",)
    relation = ""

    def get(self, request: Request, course: str) -> Response:
        found = selectors.course_by_key(course)
        rows = getattr(found, self.relation).all()
        return self.answer(request, rows, within=found.public_id)

    def complete(self, rows: list[Row]) -> list[Row]:
        return with_related(rows, self.shape.model, RELATIONS)


class Noun(DetailView):
    """One term, actor, event or place of a course, by its slug."""

    shape = TERM
    relation = ""

    def get(self, request: Request, course: str, slug: str) -> HttpResponseBase:
        rows = getattr(selectors.course_by_key(course), self.relation).filter(slug=slug)
        row = row_of(rows, self.shape.fields)
        return answer_one(request, with_related([row], self.shape.model, RELATIONS)[0])


def with_related(rows: list[Row], model: type[Model], relations: Mapping[str, str]) -> list[Row]:
    """Rows with the keys of what they lead to, in place of their own.  Queries: 1."""
    first = next(iter(relations))
    found = selectors.related_keys(model, [row[first] for row in rows], relations)
    return [
        {**row, **{name: found[name].get(row[first], []) for name in relations}} for row in rows
    ]
