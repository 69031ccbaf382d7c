"""What a download is made of. Readers take away published editions, never drafts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, Q
from django.utils import translation
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from apps.content.enums import ReferenceStatus
from apps.content.models import (
    Article,
    Course,
    Figure,
    FigureVersion,
    GlossaryTerm,
    Lesson,
    Reference,
    SourceParagraph,
)
from apps.core.errors import NotFound
from apps.reader import downloads
from apps.reader.selectors.courses import course_row, frame_of, page_version


def download_version(course: str, unit: str = "", lesson: str = "") -> str:
    """Changes whenever the download does.  Raises: NotFound.  Queries: 1."""
    if lesson:
        version = page_version("lesson", {"course": course, "unit": unit, "lesson": lesson})
    else:
        version = page_version("course", {"course": course})
    if version is None:
        raise NotFound(_("There is no such lesson."))
    return version


def course_material(slug: str) -> downloads.Material:
    """A whole course.  Raises: NotFound.  Queries: 8, whatever the number of lessons."""
    course = course_row(slug)
    lessons = _lessons(Lesson.objects.published().filter(unit__course=course))
    with translation.override(course.language):
        return _material(
            course,
            lessons,
            works=[_work(row) for row in Reference.objects.filter(course=course)],
            terms=[_term(row) for row in GlossaryTerm.objects.filter(course=course)],
            paragraphs=SourceParagraph.objects.all(),
            is_whole=True,
        )


def lesson_material(course: str, unit: str, slug: str) -> downloads.Material:
    """One lesson, with the paragraphs that it retells.  Raises: NotFound.  Queries: 6."""
    row = course_row(course)
    lessons = _lessons(
        Lesson.objects.published().filter(unit__course=row, unit__slug=unit, slug=slug)
    )
    if not lessons:
        raise NotFound(_("There is no such lesson."))
    with translation.override(row.language):
        return _material(
            row,
            lessons,
            works=[],
            terms=[],
            paragraphs=SourceParagraph.objects.filter(
                number__in=downloads.paragraphs_of(lessons[0].html)
            ),
            is_whole=False,
        )


def _material(
    course: Course,
    lessons: list[downloads.Lesson],
    *,
    works: list[downloads.Work],
    terms: list[downloads.Term],
    paragraphs: Any,
    is_whole: bool,
) -> downloads.Material:
    frame = frame_of(course)
    checksums = "".join(lesson.checksum for lesson in lessons)
    return downloads.Material(
        course_id=course.public_id,
        slug=course.slug,
        title=course.title,
        summary=course.summary,
        language=course.language,
        direction=frame.direction,
        licence_name=course.licence_name,
        licence_url=course.licence_url,
        licence_notice=course.licence_notice,
        article=_article(getattr(course, "article", None)),
        lessons=lessons,
        works=works,
        terms=terms,
        paragraphs=_paragraphs(paragraphs.filter(article__course=course)),
        pictures=_pictures(course, lessons),
        is_whole=is_whole,
        origin=settings.SITE_URL,
        version=f"{frame.version}.{checksums}",
    )


def _lessons(rows: Any) -> list[downloads.Lesson]:
    rows = rows.select_related("unit", "published_edition").defer("published_edition__document")
    return [
        downloads.Lesson(
            unit_slug=row.unit.slug,
            unit_title=row.unit.title,
            slug=row.slug,
            title=row.published_edition.title,
            html=row.published_edition.html,
            checksum=row.published_edition.checksum,
            edition=row.published_edition.number,
            published_at=row.published_edition.published_at,
        )
        for row in rows.order_by("unit__position", "position")
    ]


def _article(row: Article | None) -> downloads.Article | None:
    if row is None:
        return None
    issue = f"({row.issue})" if row.issue else ""
    parts = (row.journal, f"{row.volume}{issue}", row.pages)
    return downloads.Article(
        authors=get_text_list(row.authors, _("and")),
        year=row.year,
        title=row.title,
        journal=", ".join(filter(None, parts)),
        doi=row.doi,
    )


def _work(row: Reference) -> downloads.Work:
    return downloads.Work(
        key=row.key,
        html=row.apa_html,
        kind=row.get_kind_display(),
        note=row.note,
        status="" if row.status == ReferenceStatus.CURRENT else row.get_status_display(),
    )


def _term(row: GlossaryTerm) -> downloads.Term:
    return downloads.Term(slug=row.slug, term=row.term, aliases=row.aliases, html=row.html)


def _paragraphs(rows: Any) -> list[downloads.Paragraph]:
    cites = Prefetch("cites", Reference.objects.order_by("sort_key", "key"))
    return [
        downloads.Paragraph(
            number=row.number,
            gist=row.gist,
            note=row.note,
            cites=[(work.key, str(work)) for work in row.cites.all()],
        )
        for row in rows.defer("text").order_by("position").prefetch_related(cites)
    ]


def _pictures(course: Course, lessons: Iterable[downloads.Lesson]) -> list[downloads.Picture]:
    """The figures as the editions show them; one that was replaced is among the versions."""
    wanted = {found for lesson in lessons for found in downloads.figures_of(lesson.html)}
    if not wanted:
        return []
    columns = ("content", "media_type", "checksum")
    any_of, any_version = Q(pk=None), Q(pk=None)
    for _address, checksum, file in wanted:
        any_of |= Q(file=file, checksum__startswith=checksum)
        any_version |= Q(figure__file=file, checksum__startswith=checksum)
    rows = [
        *Figure.objects.filter(any_of, course=course).values_list("file", *columns),
        *FigureVersion.objects.filter(any_version, figure__course=course).values_list(
            "figure__file", *columns
        ),
    ]
    found = {(file, digest[:16]): (bytes(data), kind) for file, data, kind, digest in rows}
    return [
        downloads.Picture(address, file, found[file, checksum][1], found[file, checksum][0])
        for address, checksum, file in sorted(wanted)
        if (file, checksum) in found
    ]
