"""Courses and what they hold, as anybody may read them on the site."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api import selectors
from apps.api.v1.access import ApiView
from apps.api.v1.lists import answer_list

COURSE = {name: name for name in ("slug", "title", "summary", "language", "licence_name")}
UNIT = {name: name for name in ("slug", "title", "summary", "position")}
LESSON = {
    "unit": "unit__slug",
    "slug": "slug",
    "title": "published_edition__title",
    "edition": "published_edition__number",
    "checksum": "published_edition__checksum",
    "words": "published_edition__word_count",
    "reading_minutes": "published_edition__reading_minutes",
    "published_at": "published_edition__published_at",
}
# The relation of a course: what of each row is public, and the keys of its order.
NOUNS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "references": (
        "references",
        ("key", "title", "year", "authors_short", "kind", "status", "csl", "apa_html", "note"),
        ("key",),
    ),
    "glossary": ("glossaryterms", ("slug", "term", "aliases", "definition", "html"), ("slug",)),
    "actors": ("actors", ("slug", "name", "kind", "aliases", "iso", "sco", "html"), ("slug",)),
    "timeline": (
        "timelineevents",
        ("slug", "date", "starts_on", "ends_on", "title", "html", "is_external"),
        ("starts_on", "slug"),
    ),
}


class Courses(ApiView):
    def get(self, request: Request) -> Response:
        return answer_list(request, selectors.courses(), keys=["slug"], fields=COURSE)


class Units(ApiView):
    def get(self, request: Request, course: str) -> Response:
        rows = selectors.course_by_slug(course).units.all()
        return answer_list(request, rows, keys=["position", "slug"], fields=UNIT)


class Lessons(ApiView):
    def get(self, request: Request, course: str) -> Response:
        rows = selectors.lessons(selectors.course_by_slug(course))
        keys = ["unit__position", "unit__slug", "position", "slug"]
        return answer_list(request, rows, keys=keys, fields=LESSON)


class Lesson(ApiView):
    def get(self, request: Request, course: str, unit: str, lesson: str) -> HttpResponseBase:
        """The published edition; 304 where its checksum is known.  Queries: 1."""
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


class Paragraphs(ApiView):
    """The article's paragraphs; never their published text."""

    FIELDS: ClassVar[dict[str, str]] = {
        name: name for name in ("number", "heading", "page", "gist", "note")
    }

    def get(self, request: Request, course: str) -> Response:
        rows = selectors.paragraphs(selectors.course_by_slug(course))
        return answer_list(request, rows, keys=["number"], fields=self.FIELDS)


class Nouns(ApiView):
    def get(self, request: Request, course: str, noun: str) -> Response:
        relation, names, keys = NOUNS[noun]
        rows: Any = getattr(selectors.course_by_slug(course), relation).all()
        return answer_list(request, rows, keys=keys, fields={name: name for name in names})
