"""What uses each paragraph of the article and each reference, and what nothing uses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Count

from apps.content.models import Course, Reference, Section, SourceParagraph
from apps.content.selectors import Use, pointers, use_of
from apps.quizzes.models import QuestionSource


def use_label(use: Use) -> str:
    """Where to find it: unit/lesson#anchor, unit/lesson, a slug or a number."""
    row, lesson = use.row, use.lesson
    path = f"{lesson.unit.slug}/{lesson.slug}" if lesson else ""
    if isinstance(row, Section):
        return f"{path}#{row.anchor}"
    return path or getattr(row, "slug", "") or str(row)


@dataclass(frozen=True, slots=True)
class Covered:
    """A paragraph or reference (`row`), by its number or key, and all that points to it."""

    name: str
    row: Any
    uses: tuple[Use, ...]

    @property
    def labels(self) -> list[str]:
        """Each use in a few words, sections by their address."""
        return [f"{use.kind} {use_label(use)}" for use in self.uses]

    @property
    def sections(self) -> tuple[Use, ...]:
        """The sections that teach the paragraph, or cite the work."""
        return tuple(use for use in self.uses if isinstance(use.row, Section))


@dataclass(frozen=True, slots=True)
class Coverage:
    """paragraphs: in the order of the article.  references: in the order of the bibliography.

    tests: {paragraph's primary key: how many questions that are offered have a key it decides}.
    """

    paragraphs: tuple[Covered, ...]
    references: tuple[Covered, ...]
    tests: Mapping[int, int] = field(default_factory=dict)

    @property
    def untaught(self) -> tuple[Covered, ...]:
        """Paragraphs that no section names."""
        return tuple(each for each in self.paragraphs if not each.sections)

    @property
    def untested(self) -> tuple[Covered, ...]:
        """Taught paragraphs that decide no question's key; none before the bank is begun."""
        if not self.tests:
            return ()
        return tuple(
            each for each in self.paragraphs if each.sections and each.row.pk not in self.tests
        )

    @property
    def unused(self) -> tuple[Covered, ...]:
        """References that nothing cites or recommends."""
        return tuple(each for each in self.references if not each.uses)

    @property
    def is_complete(self) -> bool:
        return not self.untaught and not self.unused


def coverage(course: Course) -> Coverage:
    """For each paragraph and each reference of `course`, what uses it.

    Walks the reverse relations of both models, so that what an app above adds (items, debates)
    is found without being imported.  Queries: 3, and at most 2 a relation, whatever the number
    of rows.
    """
    paragraphs = SourceParagraph.objects.filter(article__course=course).order_by("position", "pk")
    references = Reference.objects.filter(course=course).order_by("sort_key", "key")
    keyed = QuestionSource.objects.filter(
        is_key=True, paragraph__article__course=course, question__retired_at__isnull=True
    )
    tests = keyed.values_list("paragraph").annotate(questions=Count("question", distinct=True))
    return Coverage(
        paragraphs=_covered(paragraphs, "number"),
        references=_covered(references, "key"),
        tests=dict(tests),
    )


def _covered(things: models.QuerySet[Any], name: str) -> tuple[Covered, ...]:
    uses: defaultdict[int, dict[tuple[type[models.Model], int], Use]] = defaultdict(dict)
    for model, link in pointers(things.model):
        target = f"{link}_id" if model._meta.get_field(link).many_to_one else link
        pairs = list(
            model.objects.filter(**{f"{link}__in": things.order_by().values("pk")})
            .order_by("pk")
            .values_list("pk", target)
        )
        rows = _rows(model, {pk for pk, _thing in pairs})
        for pk, thing in pairs:
            uses[thing].setdefault((model, pk), use_of(rows[pk]))
    return tuple(
        Covered(getattr(thing, name), thing, tuple(uses[thing.pk].values())) for thing in things
    )


def _rows(model: Any, keys: set[int]) -> dict[int, Any]:
    """The rows with what their labels need."""
    if not keys:
        return {}
    rows = model.objects.all()
    if any(field.name == "lesson" for field in model._meta.get_fields()):
        rows = rows.select_related("lesson__unit")
    found: dict[int, Any] = rows.in_bulk(keys)
    return found
