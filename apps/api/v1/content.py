"""Courses and their lessons, as anybody may read them on the site."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.http import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django_filters.rest_framework import FilterSet
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api import selectors
from apps.api.v1.details import DetailView, answer_one, row_of
from apps.api.v1.inputs import moment_asked
from apps.api.v1.lists import ListView, Row, check_parameters
from apps.api.v1.nouns import with_related
from apps.api.v1.shapes import MOMENT, STRING, STRINGS, Json, Shape, named
from apps.content import models

COURSE = Shape(
    "Course",
    models.Course,
    {
        "id": "public_id",
        **named("slug", "title", "summary", "language", "licence_name", "licence_url"),
        "updated_at": "updated_at",
    },
    example={
        "id": "4f0e93d5-8b67-4f0a-9f10-0b8f6d0e1f1f",
        "slug": "pakistan-russia-sco",
        "title": "Pakistan and Russia in the SCO",
        "summary": "How two former opponents came to sit at one table.",
        "language": "en",
        "licence_name": "CC BY 4.0",
        "licence_url": "https://creativecommons.org/licenses/by/4.0/",
        "updated_at": "2026-08-20T10:00:00Z",
    },
)
UNIT = Shape(
    "Unit",
    models.Unit,
    {"id": "public_id", **named("slug", "title", "summary", "position")},
    example={
        "id": "93d54f0e-8b67-4f0a-9f10-0b8f6d0e1f1f",
        "slug": "history",
        "title": "History",
        "summary": "Before 2017.",
        "position": 1,
    },
)
_LESSON_EXAMPLE: Json = {
    "id": "0b8f6d0e-93d5-4f0e-8b67-1f1f4f0a9f10",
    "unit": "history",
    "slug": "cold-war",
    "title": "The Cold War",
    "edition": 3,
    "checksum": "9f2c",
    "words": 812,
    "reading_minutes": 4,
    "published_at": "2026-08-20T10:00:00Z",
}
LESSON = Shape(
    "LessonSummary",
    models.Lesson,
    {
        "id": "public_id",
        "unit": "unit__slug",
        "slug": "slug",
        "status": "published_edition__number",  # by whether there is one
        "title": "published_edition__title",
        "edition": "published_edition__number",
        "checksum": "published_edition__checksum",
        "words": "published_edition__word_count",
        "reading_minutes": "published_edition__reading_minutes",
        "published_at": "published_edition__published_at",
    },
    others={"status": {"type": "string", "enum": ["published", "withdrawn"]}},
    example={**_LESSON_EXAMPLE, "status": "published"},
)
EDITION_LINE = Shape(
    "Edition",
    models.LessonEdition,
    {
        "number": "number",
        "title": "title",
        "checksum": "checksum",
        "words": "word_count",
        "reading_minutes": "reading_minutes",
        "published_at": "published_at",
    },
    example={
        "number": 3,
        "title": "The Cold War",
        "checksum": "9f2c",
        "words": 812,
        "reading_minutes": 4,
        "published_at": "2026-08-20T10:00:00Z",
    },
)


def _objects(*names: str, **others: Json) -> Json:
    properties = {**dict.fromkeys(names, STRING), **others}
    return {"type": "array", "items": {"type": "object", "properties": properties}}


DOCUMENT: Json = {
    "type": "object",
    "description": "The lesson as one value: its Markdown, the HTML of it, and what it rests on.",
    "properties": {
        "format": {"type": "integer"},
        **dict.fromkeys(("course", "slug", "title", "language"), STRING),
        "unit": {"type": "object", "properties": {"slug": STRING, "title": STRING}},
        "direction": {"type": "string", "enum": ["ltr", "rtl"]},
        "objectives": STRINGS,
        "objective_keys": {
            **STRINGS,
            "description": 'The key of each objective, which questions name; "" for none. '
            "Absent where none has one.",
        },
        "sections": _objects(
            *("id", "heading", "markdown", "html"),
            sources={**STRINGS, "description": "Numbers of the article's paragraphs."},
        ),
        "summary": STRINGS,
        "questions": STRINGS,
        "notes": _objects("id", "html", number={"type": "integer"}),
        "works": {
            **_objects("key", "html", "kind", "kind_label", "note", "status"),
            "description": "What the lesson cites, in the order of the bibliography.",
        },
        "terms": _objects("slug", "term", "html"),
        "further_reading": _objects("key", "note", "html"),
        "words": {"type": "integer"},
        "reading_minutes": {"type": "integer"},
    },
}
EDITION = Shape(
    "Lesson",
    models.Lesson,
    {
        "id": "public_id",
        "unit": "unit__slug",
        "slug": "slug",
        "title": "published_edition__title",
        "edition": "published_edition__number",
        "checksum": "published_edition__checksum",
        "published_at": "published_edition__published_at",
        "is_current": "published_edition__number",
        "document": "published_edition__document",
        "html": "published_edition__html",
    },
    others={"document": DOCUMENT, "is_current": {"type": "boolean"}},
    example={
        "id": "0b8f6d0e-93d5-4f0e-8b67-1f1f4f0a9f10",
        "unit": "history",
        "slug": "cold-war",
        "title": "The Cold War",
        "edition": 3,
        "checksum": "9f2c",
        "published_at": "2026-08-20T10:00:00Z",
        "is_current": True,
        "document": {"sections": [{"id": "crisis", "heading": "A crisis", "sources": ["P07"]}]},
        "html": "<p>…</p>",
    },
)
PARAGRAPH = Shape(
    "Paragraph",
    models.SourceParagraph,
    {**named("number", "heading", "page", "gist", "note", "updated_at"), "cites": "pk"},
    others={"cites": {**STRINGS, "description": "Keys of the works that it cites."}},
    example={
        "number": "P07",
        "heading": "Introduction",
        "page": 93,
        "gist": "An invitation came in 1949.",
        "note": "",
        "updated_at": "2026-08-20T10:00:00Z",
        "cites": ["khan1961"],
    },
)


class CourseFilters(FilterSet):
    language = django_filters.CharFilter()
    updated_since = django_filters.IsoDateTimeFilter("updated_at", "gte")

    class Meta:
        model = models.Course
        fields: tuple[str, ...] = ()


class LessonFilters(FilterSet):
    unit = django_filters.CharFilter("unit__slug")

    class Meta:
        model = models.Lesson
        fields: tuple[str, ...] = ()


class ParagraphFilters(FilterSet):
    cites = django_filters.CharFilter("cites__key")
    updated_since = django_filters.IsoDateTimeFilter("updated_at", "gte")

    class Meta:
        model = models.SourceParagraph
        fields: tuple[str, ...] = ()


class Courses(ListView):
    """Published courses."""

    shape = COURSE
    ordering = ("title", "updated_at")
    keys = ("slug",)
    filters = CourseFilters

    def get(self, request: Request) -> Response:
        return self.answer(request, selectors.courses())


class Course(DetailView):
    """One published course, by its slug or its id."""

    shape = COURSE

    def get(self, request: Request, course: str) -> HttpResponseBase:
        found = selectors.course_by_key(course)
        return answer_one(request, row_of(selectors.courses().filter(pk=found.pk), COURSE.fields))


class UnitFilters(FilterSet):
    slug = django_filters.CharFilter()

    class Meta:
        model = models.Unit
        fields: tuple[str, ...] = ()


class Units(ListView):
    """A course's units, in order."""

    shape = UNIT
    keys = ("position", "slug")
    filters = UnitFilters

    def get(self, request: Request, course: str) -> Response:
        return self.answer(request, selectors.course_by_key(course).units.all())


class Unit(DetailView):
    """One unit of a course."""

    shape = UNIT

    def get(self, request: Request, course: str, unit: str) -> HttpResponseBase:
        rows = selectors.course_by_key(course).units.filter(slug=unit)
        return answer_one(request, row_of(rows, UNIT.fields))


class Lessons(ListView):
    """A course's published lessons, in order, with edition and checksum.

    With `updated_since` those that changed for readers since, and tombstones: a lesson that
    was taken from them comes with `withdrawn` and nothing but its address; one that was
    deleted is in `deleted`.
    """

    shape = LESSON
    ordering = ("title", "published_at")
    keys = ("unit__position", "unit__slug", "position", "slug")
    filters = LessonFilters
    gone = ("lesson.deleted",)
    parameters = {"updated_since": (MOMENT, "Only what readers see changed, withdrawn too.")}

    def get(self, request: Request, course: str) -> Response:
        since = moment_asked(request, "updated_since")
        found = selectors.course_by_key(course)
        rows = selectors.lessons(found, since)
        return self.answer(request, rows, within=found.public_id, known_by="lesson.published")

    @staticmethod
    def present(row: Row) -> Row:
        return {**row, "status": "withdrawn" if row["edition"] is None else "published"}


class _LessonView(DetailView):
    shape = EDITION
    has_fields = False
    parameters = {"edition": ({"type": "integer", "minimum": 1}, "An earlier edition.")}

    def answer(self, request: Request, lesson: models.Lesson) -> HttpResponseBase:
        check_parameters(request, ["edition"])
        current: Any = lesson.published_edition  # published, so that there is one
        wish = request.query_params.get("edition")
        edition = current if wish is None else selectors.edition_of(lesson, wish)
        # Whether it is the current one is a part of what is answered.
        is_current = edition.pk == current.pk
        tag = quote_etag(f"{edition.checksum}{'' if is_current else '-old'}")
        if same := get_conditional_response(request, etag=tag):
            return same
        body = {
            "id": lesson.public_id,
            "unit": lesson.unit.slug,
            "slug": lesson.slug,
            "title": edition.title,
            "edition": edition.number,
            "checksum": edition.checksum,
            "published_at": edition.published_at,
            "is_current": is_current,
            "document": edition.document,
            "html": edition.html,
        }
        return Response(body, headers={"ETag": tag})


class Lesson(_LessonView):
    """A lesson's published edition: the structured document and its HTML; 304 where it is known."""

    def get(self, request: Request, course: str, unit: str, lesson: str) -> HttpResponseBase:
        return self.answer(request, selectors.lesson_by_address(course, unit, lesson))


class LessonById(_LessonView):
    """The same by its id, which stays when a lesson is given another address."""

    def get(self, request: Request, lesson_id: UUID) -> HttpResponseBase:
        return self.answer(request, selectors.lesson_by_id(lesson_id))


class EditionFilters(FilterSet):
    published_since = django_filters.IsoDateTimeFilter("published_at", "gte")

    class Meta:
        model = models.LessonEdition
        fields: tuple[str, ...] = ()


class Editions(ListView):
    """Every edition of a published lesson, oldest first; each stays as it was published."""

    shape = EDITION_LINE
    ordering = ("number",)
    filters = EditionFilters
    keys = ("number",)

    def get(self, request: Request, course: str, unit: str, lesson: str) -> Response:
        return self.answer(
            request, selectors.lesson_by_address(course, unit, lesson).editions.all()
        )


class Paragraphs(ListView):
    """The article's paragraphs, as gists in our words; never their published text."""

    shape = PARAGRAPH
    ordering = ("number", "page", "updated_at")
    keys = ("number",)
    filters = ParagraphFilters

    def get(self, request: Request, course: str) -> Response:
        return self.answer(request, selectors.paragraphs(selectors.course_by_key(course)))

    def complete(self, rows: list[Row]) -> list[Row]:
        return with_works(rows)


class Paragraph(DetailView):
    """One paragraph by its number, such as `P07`."""

    shape = PARAGRAPH

    def get(self, request: Request, course: str, number: str) -> HttpResponseBase:
        rows = selectors.paragraphs(selectors.course_by_key(course)).filter(number=number)
        return answer_one(request, with_works([row_of(rows, PARAGRAPH.fields)])[0])


def with_works(rows: list[Row]) -> list[Row]:
    """Paragraphs with the keys of the works that they cite.  Queries: 1."""
    return with_related(rows, models.SourceParagraph, {"cites": "key"})
