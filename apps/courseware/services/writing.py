"""The created and changed objects of a load, each through the service that its admin page calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError

from apps.accounts.models import User
from apps.content import models, services
from apps.content import selectors as content
from apps.content.errors import InvalidContent, PublishingBlocked
from apps.content.markdown import RenderContext
from apps.courseware.checks.texts import lesson_draft, render_context
from apps.courseware.errors import CourseFaulty
from apps.courseware.format import CourseFiles, Where, records
from apps.courseware.plan import Action
from apps.courseware.services.bank import write_bank
from apps.courseware.services.debates import write_debates


def write(
    course: models.Course,
    files: CourseFiles,
    plan: Mapping[str, Action],
    *,
    editor: User | None,
    now: datetime,
) -> None:
    """Write what `plan` says is created or changed. What a text names is written before it.

    Raises: CourseFaulty, with the place of the record that a service refused.
    """
    writer = _Writer(course, plan, {"editor": editor, "now": now})
    writer.course_and_article(files.course)
    writer.units(files.course)
    writer.references(files)
    writer.paragraphs(files)
    writer.figures(files)
    context = _context(course, files)
    writer.terms(files, context)
    writer.actors(files, context)
    writer.events(files, context)
    writer.places(files, context)
    writer.lessons(files, context)
    writer.orders(files)
    write_bank(course, files, plan, editor=editor, now=now)
    write_debates(course, files, plan, editor=editor, now=now)


@contextmanager
def refusals_at(where: Where) -> Iterator[None]:
    """Turn what a service refuses into a fault at the record that caused it."""
    try:
        yield
    except ValidationError as error:
        raise CourseFaulty([where.fault(" ".join(error.messages), "Correct it.")]) from error
    except (InvalidContent, PublishingBlocked) as error:
        raise CourseFaulty([where.fault(error.message, "Correct it.")]) from error


def _context(course: models.Course, files: CourseFiles) -> RenderContext:
    """What texts may name once everything is written, though terms and lessons are not yet."""
    there = content.render_context(course)
    coming = render_context(files)
    return replace(
        there,
        terms={**there.terms, **coming.terms},
        lessons={**there.lessons, **coming.lessons},
    )


class _Writer:
    """One method a noun; `common` are the arguments that every service takes."""

    def __init__(
        self, course: models.Course, plan: Mapping[str, Action], common: dict[str, Any]
    ) -> None:
        self.course = course
        self.plan = plan
        self.common = common

    def is_due(self, key: str) -> bool:
        return self.plan.get(key) in {Action.CREATED, Action.CHANGED}

    def course_and_article(self, record: records.Course) -> None:
        if not self.is_due("course:"):
            return
        licence, article = record.licence, record.article
        with refusals_at(record.where):
            services.course_save(
                course=self.course,
                fields={
                    "title": record.title,
                    "summary": record.summary,
                    "language": record.language,
                    "licence_name": licence.name,
                    "licence_url": licence.url,
                    "licence_notice": licence.notice,
                },
                **self.common,
            )
        with refusals_at(article.where):
            services.article_save(
                course=self.course,
                fields={
                    "title": article.title,
                    "authors": list(article.authors),
                    "journal": article.journal,
                    "year": article.year,
                    "volume": article.volume,
                    "issue": article.issue,
                    "pages": article.pages,
                    "doi": article.doi,
                    "published": date.fromisoformat(article.published)
                    if article.published
                    else None,
                    "licence": article.licence,
                },
                **self.common,
            )

    def units(self, record: records.Course) -> None:
        rows = {row.slug: row for row in self.course.units.all()}
        for position, unit in enumerate(record.units):
            if not self.is_due(f"unit:{unit.slug}"):
                continue
            row = rows.get(unit.slug) or models.Unit(position=position)
            row.course = self.course
            fields = {"slug": unit.slug, "title": unit.title, "summary": unit.summary}
            with refusals_at(unit.where):
                services.unit_save(unit=row, fields=fields, **self.common)

    def references(self, files: CourseFiles) -> None:
        rows = {row.key: row for row in self.course.references.all()}
        for record in files.references:
            if not self.is_due(f"reference:{record.key}"):
                continue
            row = rows.get(record.key) or models.Reference()
            row.course = self.course
            with refusals_at(record.where):
                services.reference_save(
                    reference=row,
                    fields={
                        "key": record.key,
                        "csl": record.csl,
                        "kind": record.kind,
                        "is_listed": record.listed,
                        "note": record.note,
                        "status": record.status,
                    },
                    **self.common,
                )

    def paragraphs(self, files: CourseFiles) -> None:
        article = models.Article.objects.select_related("course__school").get(course=self.course)
        rows = {row.number: row for row in article.paragraphs.all()}
        for position, record in enumerate(files.paragraphs, 1):
            if not self.is_due(f"paragraph:{record.number}"):
                continue
            row = rows.get(record.number) or models.SourceParagraph()
            row.article = article
            with refusals_at(record.where):
                services.paragraph_save(
                    paragraph=row,
                    fields={
                        "number": record.number,
                        "position": position,
                        "heading": record.heading,
                        "page": record.page,
                        "gist": record.gist,
                        "note": record.note,
                    },
                    cites=record.cites,
                    **self.common,
                )

    def figures(self, files: CourseFiles) -> None:
        for record in files.figures:
            if self.is_due(f"figure:{record.file}"):
                with refusals_at(record.where):
                    services.figure_save(
                        course=self.course,
                        file=record.file,
                        alt=record.alt,
                        credit=record.credit,
                        content=record.content,
                        **self.common,
                    )

    def terms(self, files: CourseFiles, context: RenderContext) -> None:
        rows = {row.slug: row for row in self.course.glossaryterms.all()}
        for record in files.glossary:
            if not self.is_due(f"term:{record.slug}"):
                continue
            row = rows.get(record.slug) or models.GlossaryTerm()
            row.course = self.course
            with refusals_at(record.where):
                services.term_save(
                    term=row,
                    fields={
                        "slug": record.slug,
                        "term": record.term,
                        "aliases": list(record.aliases),
                        "definition": record.definition,
                    },
                    sources=record.sources,
                    context=context,
                    **self.common,
                )

    def actors(self, files: CourseFiles, context: RenderContext) -> None:
        rows = {row.slug: row for row in self.course.actors.all()}
        for record in files.actors:
            if not self.is_due(f"actor:{record.slug}"):
                continue
            row = rows.get(record.slug) or models.Actor()
            row.course = self.course
            with refusals_at(record.where):
                services.actor_save(
                    actor=row,
                    fields={
                        "slug": record.slug,
                        "name": record.name,
                        "kind": record.kind,
                        "aliases": list(record.aliases),
                        "description": record.description,
                        "iso": record.iso or "",
                        "sco": record.sco or "",
                        "sco_since": record.sco_since or "",
                    },
                    sources=record.sources,
                    context=context,
                    **self.common,
                )

    def events(self, files: CourseFiles, context: RenderContext) -> None:
        rows = {row.slug: row for row in self.course.timelineevents.all()}
        for record in files.timeline:
            if not self.is_due(f"event:{record.slug}"):
                continue
            row = rows.get(record.slug) or models.TimelineEvent()
            row.course = self.course
            with refusals_at(record.where):
                services.timeline_event_save(
                    event=row,
                    fields={
                        "slug": record.slug,
                        "date": record.date,
                        "title": record.title,
                        "description": record.description,
                        "is_external": record.external,
                    },
                    sources=record.sources,
                    actors=record.actors,
                    context=context,
                    **self.common,
                )

    def places(self, files: CourseFiles, context: RenderContext) -> None:
        rows = {row.slug: row for row in self.course.places.all()}
        for record in files.places:
            if not self.is_due(f"place:{record.slug}"):
                continue
            row = rows.get(record.slug) or models.Place()
            row.course = self.course
            with refusals_at(record.where):
                services.place_save(
                    place=row,
                    fields={
                        "slug": record.slug,
                        "name": record.name,
                        "kind": record.kind,
                        "latitude": record.latitude,
                        "longitude": record.longitude,
                        "description": record.description,
                    },
                    sources=record.sources,
                    context=context,
                    **self.common,
                )

    def lessons(self, files: CourseFiles, context: RenderContext) -> None:
        units = {unit.slug: unit for unit in self.course.units.all()}
        for record in files.lessons:
            action = self.plan.get(f"lesson:{record.path}")
            if action not in {Action.CREATED, Action.CHANGED}:
                continue
            unit = units.get(record.unit)
            if unit is None:
                raise CourseFaulty(
                    [
                        record.where.fault(
                            f"The unit “{record.unit}” was deleted on the site.",
                            "Load with --replace-edits to bring it back, or move the lesson.",
                        )
                    ]
                )
            unit.course = self.course
            draft = lesson_draft(record)
            with refusals_at(record.where):
                if action is Action.CREATED:
                    services.lesson_create(unit=unit, draft=draft, context=context, **self.common)
                else:
                    row = unit.lessons.get(slug=record.slug)
                    services.lesson_save(
                        lesson=row,
                        draft=draft,
                        expected_revision=row.revision,
                        context=context,
                        **self.common,
                    )

    def orders(self, files: CourseFiles) -> None:
        """Put units and lessons in the files' order, where an editor has not chosen another."""
        if self.plan.get("order:units") is not Action.EDITED:
            wanted = [unit.slug for unit in files.course.units]
            rows = self.course.units.order_by("position", "pk").values_list("slug", flat=True)
            if _differs(list(rows), wanted):
                services.units_reorder(course=self.course, slugs=wanted, **self.common)
        for unit in self.course.units.all():
            if self.plan.get(f"order:{unit.slug}/") is not Action.EDITED:
                wanted = [lesson.slug for lesson in files.lessons if lesson.unit == unit.slug]
                rows = unit.lessons.order_by("position", "pk").values_list("slug", flat=True)
                if _differs(list(rows), wanted):
                    services.lessons_reorder(unit=unit, slugs=wanted, **self.common)


def _differs(here: list[str], wanted: list[str]) -> bool:
    """Whether what is wanted does not stand first and in that order."""
    return here[: len(wanted)] != [slug for slug in wanted if slug in here]
