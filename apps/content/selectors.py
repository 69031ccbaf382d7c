from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import override

from apps.content import citations, objectives
from apps.content.document import Document, Frame, TermPart, WorkPart, build
from apps.content.drafts import LessonDraft, ReadingDraft, SectionDraft
from apps.content.enums import ReferenceStatus
from apps.content.markdown import FigureLabel, ReferenceLabel, RenderContext, TermLabel
from apps.content.models import (
    Course,
    Figure,
    GlossaryTerm,
    Lesson,
    Reference,
    Section,
    SourceParagraph,
)
from apps.content.problems import Problem


def render_context(course: Course) -> RenderContext:
    """Everything that a text of `course` may name, drafts included.  Queries: 6."""
    lessons: dict[str, set[str]] = {}
    unpublished = set()
    rows = Lesson.objects.filter(unit__course=course)
    aims = {}
    named = rows.values_list("unit__slug", "slug", "published_edition", "objectives")
    for unit, slug, edition, lines in named:
        lessons[f"{unit}/{slug}"] = set()
        # One row that is damaged holds up no other lesson.
        known = lines if isinstance(lines, list) else ()
        aims[f"{unit}/{slug}"] = frozenset(objectives.keys_of(known))
        if edition is None:
            unpublished.add(f"{unit}/{slug}")
    anchors = Section.objects.filter(lesson__unit__course=course)
    for unit, slug, anchor in anchors.values_list("lesson__unit__slug", "lesson__slug", "anchor"):
        lessons[f"{unit}/{slug}"].add(anchor)
    paragraphs = SourceParagraph.objects.filter(article__course=course)
    return RenderContext(
        course_slug=course.slug,
        references=_reference_labels(course),
        terms=_term_labels(course),
        paragraphs=frozenset(paragraphs.values_list("number", flat=True)),
        lessons={path: frozenset(known) for path, known in lessons.items()},
        unpublished=frozenset(unpublished),
        objectives=aims,
        figures=_figure_labels(course),
    )


def _reference_labels(course: Course) -> dict[str, ReferenceLabel]:
    works = Reference.objects.filter(course=course)
    return {
        key: ReferenceLabel(
            key,
            citations.short_authors(csl),
            year,
            citations.narrative_authors(csl),
            is_retracted=status == ReferenceStatus.RETRACTED,
        )
        for key, csl, year, status in works.values_list("key", "csl", "year", "status")
    }


def _term_labels(course: Course) -> dict[str, TermLabel]:
    labels: dict[str, TermLabel] = {}
    for slug, term, aliases in GlossaryTerm.objects.filter(course=course).values_list(
        "slug", "term", "aliases"
    ):
        label = TermLabel(slug, term)
        for name in (slug, *aliases, term):
            labels[name.casefold()] = label
    return labels


def _figure_labels(course: Course) -> dict[str, FigureLabel]:
    rows = Figure.objects.filter(course=course).values_list(
        "file", "checksum", "alt", "credit", "width", "height"
    )
    return {
        file: FigureLabel(figure_url(course.slug, checksum, file), alt, credit, width, height)
        for file, checksum, alt, credit, width, height in rows
    }


def figure_url(course_slug: str, checksum: str, file: str) -> str:
    """The address of a figure's bytes; it changes with them, so it may be kept for ever."""
    return f"/courses/{course_slug}/figures/{checksum[:16]}/{file}"


def lesson_draft(lesson: Lesson) -> LessonDraft:
    """The draft rows of a lesson as one value.  Queries: 4."""
    sections = lesson.sections.order_by("position", "pk").prefetch_related(
        models.Prefetch("sources__paragraph", SourceParagraph.objects.only("number"))
    )
    readings = lesson.further_reading.order_by("position").values_list("reference__key", "note")
    return LessonDraft(
        title=lesson.title,
        slug=lesson.slug,
        objectives=tuple(lesson.objectives),
        summary=tuple(lesson.summary),
        questions=tuple(lesson.questions),
        sections=tuple(
            SectionDraft(
                anchor=section.anchor,
                heading=section.heading,
                body=section.body,
                paragraphs=tuple(source.paragraph.number for source in section.sources.all()),
                public_id=section.public_id,
            )
            for section in sections
        ),
        further_reading=tuple(ReadingDraft(key, note) for key, note in readings),
    )


def lost_objectives(lesson: Lesson, draft: LessonDraft) -> list[Problem]:
    """A warning for each objective that questions of the lesson test and `draft` lacks.

    Queries: 1.
    """
    tested = lesson.bank.filter(retired_at=None).values_list("objectives", flat=True)
    lost = {key for keys in tested for key in keys} - set(objectives.keys_of(draft.objectives))
    return [Problem("lost-objective", subject=key) for key in sorted(lost)]


def lesson_document(
    lesson: Lesson, context: RenderContext, draft: LessonDraft | None = None
) -> Document:
    """The document of a lesson's draft, or of `draft` in its place (a preview).

    Queries: 2, and 4 for the draft.
    """
    course = lesson.unit.course
    frame = Frame(course.slug, course.language, lesson.unit.slug, lesson.unit.title)
    with override(course.language):  # its few fixed words are the course's, not the editor's
        return build(
            draft or lesson_draft(lesson), context, frame, _work_parts(course), _term_parts(course)
        )


def _work_parts(course: Course) -> dict[str, WorkPart]:
    works = Reference.objects.filter(course=course).order_by("sort_key", "key")
    return {
        work.key: {
            "key": work.key,
            "html": work.apa_html,
            "kind": work.kind,
            "kind_label": work.get_kind_display(),
            "note": work.note,
            "status": work.status,
        }
        for work in works
    }


def _term_parts(course: Course) -> dict[str, TermPart]:
    terms = GlossaryTerm.objects.filter(course=course).order_by("term")
    return {term.slug: {"slug": term.slug, "term": term.term, "html": term.html} for term in terms}


def paragraph_citations(course: Course, numbers: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """{paragraph's number: keys of the works it cites}.  Queries: 1."""
    found: dict[str, tuple[str, ...]] = {}
    rows = SourceParagraph.objects.filter(
        article__course=course, number__in=list(numbers), cites__isnull=False
    ).values_list("number", "cites__key")
    for number, key in rows.order_by("position", "cites__sort_key"):
        found[number] = (*found.get(number, ()), key)
    return found


@dataclass(frozen=True, slots=True)
class Use:
    """One row that uses something; `lesson` where the row is a part of one."""

    kind: str
    row: Any
    lesson: Lesson | None


def where_used(thing: models.Model) -> list[Use]:
    """Everything that points to a reference, paragraph, term, actor or figure, whoever owns it.

    Walks the model's reverse relations, so that a relation of an app above is found without
    being imported. A row that reaches it by two ways stands once.  Queries: one a relation.
    """
    if isinstance(thing, Figure):
        sections = Section.objects.filter(
            lesson__unit__course=thing.course, body__contains=f"(figure:{thing.file}"
        )
        lessons = Lesson.objects.filter(
            unit__course=thing.course,
            published_edition__html__contains=f'/{thing.file}"',
        ).exclude(sections__in=sections)
        return [
            use_of(row)
            for row in (
                *sections.select_related("lesson__unit"),
                *lessons.select_related("unit"),
            )
        ]
    uses: dict[tuple[type[models.Model], Any], Use] = {}
    for model, field in pointers(type(thing)):
        rows = model.objects.filter(**{field: thing})
        if any(each.name == "lesson" for each in model._meta.get_fields()):
            rows = rows.select_related("lesson__unit")
        for row in rows:
            uses.setdefault((model, row.pk), use_of(row))
    return list(uses.values())


def pointers(model: type[models.Model]) -> list[tuple[Any, str]]:
    """(model, field) of each relation to `model`, without history and many-to-many tables."""
    relations = [
        relation
        for relation in model._meta.related_objects
        if not hasattr(relation.related_model, "history_id")
    ]
    between = {getattr(relation, "through", None) for relation in relations}
    return [
        (relation.related_model, relation.field.name)
        for relation in relations
        if relation.related_model not in between
    ]


def use_of(row: Any) -> Use:
    lesson = row if isinstance(row, Lesson) else getattr(row, "lesson", None)
    return Use(str(row._meta.verbose_name), row, lesson)


def recheck_list(reference: Reference) -> list[Use]:
    """What to look at again when a work is corrected or retracted.

    Every use, and each lesson whose published edition cites it though its draft no longer does.
    Queries: one a relation, and 1.
    """
    uses = where_used(reference)
    seen = {use.lesson.pk for use in uses if use.lesson}
    published = Lesson.objects.published().filter(unit__course=reference.course)
    for lesson in published.exclude(pk__in=seen).select_related("unit", "published_edition"):
        edition = lesson.published_edition
        works = (*edition.document["works"], *edition.document["further_reading"])
        if any(work["key"] == reference.key for work in works):
            uses.append(use_of(lesson))
    return uses


def usage_counts(uses: Iterable[Use]) -> dict[str, int]:
    """{kind: how many}, most first."""
    return dict(Counter(use.kind for use in uses).most_common())
