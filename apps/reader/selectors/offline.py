"""What a device fetches to keep a course: addresses, with how much each is, about."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Q
from django.db.models.functions import Length

from apps.content.models import (
    Actor,
    Figure,
    FigureVersion,
    GlossaryTerm,
    Lesson,
    Reference,
    SourceParagraph,
    TimelineEvent,
)
from apps.reader import downloads
from apps.reader.selectors.courses import CourseFrame, course_row, frame_of

# Bytes, measured on the bundled course: a page's frame, a row of a list, a page of one noun.
FRAME = 6_000
OUTLINE_ROW = 350
ROW = 900
NOUN = 2_500


@dataclass(frozen=True, slots=True)
class KeptPage:
    """The page `reader:<name>`; size_bytes is an estimate, before compression."""

    name: str
    kwargs: dict[str, str]
    version: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class KeptCourse:
    """figures: (address, bytes) of those that published lessons show."""

    frame: CourseFrame
    pages: list[KeptPage] = field(repr=False)
    figures: list[tuple[str, int]] = field(repr=False)


def kept_course(slug: str) -> KeptCourse:
    """Every page of a course that a device can keep: all but search, and lists that are filtered.

    Raises: NotFound.  Queries: 7, and 2 with figures, whatever the size of the course.
    """
    frame = frame_of(course_row(slug))
    lessons = list(
        Lesson.objects.published()
        .filter(unit__course=frame.pk)
        .order_by("unit__position", "position")
        .values_list("unit__slug", "slug", "published_edition", "published_edition__html")
    )
    sizes = {(unit, lesson): len(html.encode()) for unit, lesson, _edition, html in lessons}
    outline = FRAME + OUTLINE_ROW * len(frame.lessons)
    pages = [
        KeptPage(
            "lesson",
            {"course": slug, "unit": unit, "lesson": lesson},
            f"{frame.version}.{edition}",
            outline + sizes[unit, lesson],
        )
        for unit, lesson, edition, _html in lessons
    ]
    paragraphs = SourceParagraph.objects.filter(article__course=frame.pk).order_by("position")
    works = Reference.objects.filter(course=frame.pk).order_by("sort_key", "key")
    terms = GlossaryTerm.objects.filter(course=frame.pk).order_by("slug")
    actors = Actor.objects.filter(course=frame.pk).order_by("slug")
    nouns = (
        ("source", "paragraph", "number", paragraphs.values_list("number", flat=True)),
        ("bibliography", "reference", "key", works.values_list("key", flat=True)),
        ("glossary", "term", "slug", terms.values_list("slug", flat=True)),
        ("actors", "actor", "slug", actors.values_list("slug", flat=True)),
    )
    events = TimelineEvent.objects.filter(course=frame.pk).count()
    everything = [
        _page(frame, "course", outline),
        *pages,
        _page(frame, "timeline", FRAME + ROW * events),
        _page(frame, "map", FRAME + 60_000),
    ]
    for listing, name, argument, rows in nouns:
        values = list(rows)
        everything.append(_page(frame, listing, FRAME + ROW * len(values)))
        everything += [_page(frame, name, FRAME + NOUN, **{argument: value}) for value in values]
    wanted = {found for *_lesson, html in lessons for found in downloads.figures_of(html)}
    return KeptCourse(frame, everything, _figures(frame, wanted))


def _page(frame: CourseFrame, name: str, size_bytes: int, **kwargs: str) -> KeptPage:
    return KeptPage(name, {"course": frame.slug, **kwargs}, frame.version, size_bytes)


def _figures(frame: CourseFrame, wanted: set[tuple[str, str, str]]) -> list[tuple[str, int]]:
    """The figures as the editions show them; one that was replaced is among the versions."""
    if not wanted:
        return []
    any_of, any_version = Q(pk=None), Q(pk=None)
    for _address, checksum, file in wanted:
        any_of |= Q(file=file, checksum__startswith=checksum)
        any_version |= Q(figure__file=file, checksum__startswith=checksum)
    size = Length("content")
    rows = [
        *Figure.objects.filter(any_of, course=frame.pk).values_list("file", "checksum", size),
        *FigureVersion.objects.filter(any_version, figure__course=frame.pk).values_list(
            "figure__file", "checksum", size
        ),
    ]
    found = {(file, checksum[:16]): count for file, checksum, count in rows}
    return [
        (address, found[file, checksum])
        for address, checksum, file in sorted(wanted)
        if (file, checksum) in found
    ]
