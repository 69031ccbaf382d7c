"""Courses and what they hold, as anybody may read them on the site."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api import selectors
from apps.api.v1.details import DetailView
from apps.api.v1.lists import ListView
from apps.api.v1.shapes import OBJECT, STRINGS, Shape
from apps.content import models


def _named(*names: str) -> dict[str, str]:
    return {name: name for name in names}


COURSE = Shape(
    "Course",
    models.Course,
    _named("slug", "title", "summary", "language", "licence_name"),
    example={
        "slug": "pakistan-russia-sco",
        "title": "Pakistan and Russia in the SCO",
        "summary": "How two former opponents came to sit at one table.",
        "language": "en",
        "licence_name": "CC BY 4.0",
    },
)
UNIT = Shape(
    "Unit",
    models.Unit,
    _named("slug", "title", "summary", "position"),
    example={"slug": "history", "title": "History", "summary": "Before 2017.", "position": 1},
)
LESSON = Shape(
    "LessonSummary",
    models.Lesson,
    {
        "unit": "unit__slug",
        "slug": "slug",
        "title": "published_edition__title",
        "edition": "published_edition__number",
        "checksum": "published_edition__checksum",
        "words": "published_edition__word_count",
        "reading_minutes": "published_edition__reading_minutes",
        "published_at": "published_edition__published_at",
    },
    example={
        "unit": "history",
        "slug": "cold-war",
        "title": "The Cold War",
        "edition": 3,
        "checksum": "9f2c",
        "words": 812,
        "reading_minutes": 4,
        "published_at": "2026-08-20T10:00:00Z",
    },
)
EDITION = Shape(
    "Lesson",
    models.Lesson,
    {
        "unit": "unit__slug",
        "slug": "slug",
        "title": "published_edition__title",
        "edition": "published_edition__number",
        "checksum": "published_edition__checksum",
        "published_at": "published_edition__published_at",
        "document": "published_edition__document",
        "html": "published_edition__html",
    },
    others={"document": OBJECT},
    example={
        "unit": "history",
        "slug": "cold-war",
        "title": "The Cold War",
        "edition": 3,
        "checksum": "9f2c",
        "published_at": "2026-08-20T10:00:00Z",
        "document": {"sections": []},
        "html": "<p>…</p>",
    },
)
PARAGRAPH = Shape(
    "Paragraph",
    models.SourceParagraph,
    _named("number", "heading", "page", "gist", "note"),
    example={"number": "7", "heading": "Introduction", "page": 3, "gist": "…", "note": ""},
)
# What the routes of a course's nouns are made with: the relation, its shape, its order.
NOUNS: dict[str, dict[str, Any]] = {
    "references": {
        "relation": "references",
        "shape": Shape(
            "Reference",
            models.Reference,
            _named(
                "key",
                "title",
                "year",
                "authors_short",
                "kind",
                "status",
                "csl",
                "apa_html",
                "note",
            ),
            others={"csl": {**OBJECT, "description": "CSL-JSON."}},
            example={"key": "khan2021", "title": "A Work", "year": "2021", "csl": {"type": "book"}},
        ),
        "keys": ("key",),
    },
    "glossary": {
        "relation": "glossaryterms",
        "shape": Shape(
            "GlossaryTerm",
            models.GlossaryTerm,
            _named("slug", "term", "aliases", "definition", "html"),
            others={"aliases": STRINGS},
            example={"slug": "eurasia", "term": "Eurasia", "aliases": [], "definition": "…"},
        ),
        "keys": ("slug",),
    },
    "actors": {
        "relation": "actors",
        "shape": Shape(
            "Actor",
            models.Actor,
            _named("slug", "name", "kind", "aliases", "iso", "sco", "html"),
            others={"aliases": STRINGS},
            example={"slug": "pakistan", "name": "Pakistan", "iso": "PK"},
        ),
        "keys": ("slug",),
    },
    "timeline": {
        "relation": "timelineevents",
        "shape": Shape(
            "TimelineEvent",
            models.TimelineEvent,
            _named("slug", "date", "starts_on", "ends_on", "title", "html", "is_external"),
            example={"slug": "astana-2017", "date": "2017-06-09", "title": "Full members"},
        ),
        "keys": ("starts_on", "slug"),
    },
}


class Courses(ListView):
    """Published courses."""

    shape = COURSE
    keys = ("slug",)

    def get(self, request: Request) -> Response:
        return self.answer(request, selectors.courses())


class Units(ListView):
    """A course's units, in order."""

    shape = UNIT
    keys = ("position", "slug")

    def get(self, request: Request, course: str) -> Response:
        return self.answer(request, selectors.course_by_slug(course).units.all())


class Lessons(ListView):
    """A course's published lessons, in order, with edition and checksum."""

    shape = LESSON
    keys = ("unit__position", "unit__slug", "position", "slug")

    def get(self, request: Request, course: str) -> Response:
        return self.answer(request, selectors.lessons(selectors.course_by_slug(course)))


class Lesson(DetailView):
    """A lesson's published edition: the structured document and its HTML; 304 where it is known."""

    shape = EDITION
    has_fields = False

    def get(self, request: Request, course: str, unit: str, lesson: str) -> HttpResponseBase:
        row = selectors.lesson_by_address(course, unit, lesson)
        edition: Any = row.published_edition  # published, so that there is one
        tag = quote_etag(edition.checksum)
        if same := get_conditional_response(request, etag=tag):
            return same
        body = {
            "unit": row.unit.slug,
            "slug": row.slug,
            "title": edition.title,
            "edition": edition.number,
            "checksum": edition.checksum,
            "published_at": edition.published_at,
            "document": edition.document,
            "html": edition.html,
        }
        return Response(body, headers={"ETag": tag})


class Paragraphs(ListView):
    """The article's paragraphs, as gists in our words; never their published text."""

    shape = PARAGRAPH
    keys = ("number",)

    def get(self, request: Request, course: str) -> Response:
        return self.answer(request, selectors.paragraphs(selectors.course_by_slug(course)))


class Nouns(ListView):
    """What a course explains: works cited, terms, actors, events; one of these by its address."""

    shape = NOUNS["references"]["shape"]
    relation = ""

    def get(self, request: Request, course: str) -> Response:
        return self.answer(request, getattr(selectors.course_by_slug(course), self.relation).all())
