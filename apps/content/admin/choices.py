"""What the picker offers: every work, paragraph, term, figure, actor and lesson of a course."""

from __future__ import annotations

from typing import Any, TypedDict

from django.db.models import Model

from apps.content.models import (
    Actor,
    Course,
    Figure,
    GlossaryTerm,
    Lesson,
    Reference,
    SourceParagraph,
)


class Choice(TypedDict):
    key: str
    label: str
    about: str


def course_choices(course: Course) -> dict[str, list[Choice]]:
    """{kind: choices in reading order}.  Queries: 6."""
    lessons = Lesson.objects.filter(unit__course=course).select_related("unit")
    return {
        "references": [
            _choice(work.key, str(work), work.title)
            for work in _rows(Reference, course, "key", "authors_short", "year", "title")
        ],
        "paragraphs": [
            _choice(paragraph.number, paragraph.number, paragraph.gist)
            for paragraph in SourceParagraph.objects.filter(article__course=course)
            .only("number", "gist")
            .order_by("position")
        ],
        "terms": [
            _choice(term.slug, term.term, _about(term))
            for term in _rows(GlossaryTerm, course, "slug", "term", "aliases", "definition")
        ],
        "figures": [
            _choice(figure.file, figure.file, figure.alt)
            for figure in _rows(Figure, course, "file", "alt")
        ],
        "actors": [
            _choice(actor.slug, actor.name, actor.description)
            for actor in _rows(Actor, course, "slug", "name", "description")
        ],
        "lessons": [
            _choice(f"{lesson.unit.slug}/{lesson.slug}", lesson.title, lesson.unit.title)
            for lesson in lessons.order_by("unit__position", "position")
        ],
    }


def _rows(model: type[Model], course: Course, *columns: str) -> Any:
    return model._default_manager.filter(course=course).only(*columns)  # noqa: SLF001 - Django's name


def _about(term: GlossaryTerm) -> str:
    return " · ".join([*term.aliases, term.definition])


def _choice(key: str, label: str, about: str) -> Choice:
    return {"key": key, "label": label, "about": about[:300]}
