"""Courses, their outline and their lessons; and the version of every page, in one row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connections, router
from django.db.models.fields.json import KeyTransform
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from apps.content.document import RIGHT_TO_LEFT
from apps.content.models import Article, Course, Lesson
from apps.content.outline import OutlineUnit
from apps.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class CourseFrame:
    """What stands around every page of a course; `version` changes when any of its pages does."""

    pk: int
    slug: str
    title: str
    language: str
    units: list[OutlineUnit] = field(repr=False)
    version: str

    @property
    def direction(self) -> str:
        return "rtl" if self.language.split("-")[0] in RIGHT_TO_LEFT else "ltr"

    @property
    def lessons(self) -> list[LessonLink]:
        """Every published lesson in reading order."""
        return [
            LessonLink(unit["slug"], unit["title"], lesson["slug"], lesson["title"])
            for unit in self.units
            for lesson in unit["lessons"]
        ]

    @property
    def minutes(self) -> int:
        return sum(lesson["minutes"] for unit in self.units for lesson in unit["lessons"])


@dataclass(frozen=True, slots=True)
class LessonLink:
    unit_slug: str
    unit_title: str
    slug: str
    title: str


@dataclass(frozen=True, slots=True)
class CoursePage:
    """A course's title page. `article` is None where a course retells none."""

    frame: CourseFrame
    summary: str
    licence_name: str
    licence_url: str
    licence_notice: str
    article: Article | None

    @property
    def authors(self) -> str:
        """The article's authors in a sentence: "A, B and C"."""
        return get_text_list(self.article.authors, _("and")) if self.article else ""


@dataclass(frozen=True, slots=True)
class HomePage:
    courses: list[CoursePage]
    version: str


@dataclass(frozen=True, slots=True)
class SectionHeading:
    id: str
    heading: str


@dataclass(frozen=True, slots=True)
class LessonPage:
    """A published edition in its frame. `html` was sanitised when the edition was published.

    number: the lesson's place in the course, from 1.  previous, next: None at either end.
    """

    frame: CourseFrame
    unit: OutlineUnit
    unit_number: int
    slug: str
    title: str
    sections: list[SectionHeading]
    html: str
    minutes: int
    edition: int
    published_at: datetime
    number: int
    previous: LessonLink | None
    next: LessonLink | None
    version: str


def home_page() -> HomePage:
    """Every course that a reader can open: at least one lesson is published.  Queries: 1."""
    rows = list(Course.objects.select_related("article").defer("loaded_manifest").order_by("title"))
    return HomePage(
        courses=[_course_page(course) for course in rows if course.outline.get("units")],
        version=_home_version((course.public_id, course.outline_version) for course in rows),
    )


def course_frame(slug: str) -> CourseFrame:
    """Raises: NotFound, also for a course without a published lesson.  Queries: 1."""
    return frame_of(course_row(slug))


def course_row(slug: str) -> Course:
    """A course that a reader can open, with its article.  Raises: NotFound.  Queries: 1."""
    courses = Course.objects.filter(slug=slug).select_related("article").defer("loaded_manifest")
    course: Course | None = courses.first()
    if course is None or not course.outline.get("units"):
        raise NotFound(_("There is no such course."))
    return course


def course_page(slug: str) -> CoursePage:
    """Raises: NotFound.  Queries: 1."""
    return _course_page(course_row(slug))


def lesson_page(course_slug: str, unit_slug: str, slug: str) -> LessonPage:
    """The published edition of a lesson and all that its page's frame needs.

    Raises: NotFound.  Queries: 1, whatever the number of lessons.
    """
    lesson = (
        Lesson.objects.published()
        .filter(unit__course__slug=course_slug, unit__slug=unit_slug, slug=slug)
        .select_related("unit__course", "published_edition")
        .defer("unit__course__loaded_manifest", "published_edition__document")
        .annotate(section_parts=KeyTransform("sections", "published_edition__document"))
        .first()
    )
    if lesson is None:
        raise NotFound(_("There is no such lesson."))
    edition = lesson.published_edition
    course = lesson.unit.course
    frame = frame_of(course)
    links = frame.lessons
    index = next(
        i for i, link in enumerate(links) if (link.unit_slug, link.slug) == (unit_slug, slug)
    )
    unit_index, unit = next(
        (i, unit) for i, unit in enumerate(frame.units) if unit["slug"] == unit_slug
    )
    return LessonPage(
        frame=frame,
        unit=unit,
        unit_number=unit_index + 1,
        slug=slug,
        title=edition.title,
        sections=[
            SectionHeading(section["id"], section["heading"]) for section in lesson.section_parts
        ],
        html=edition.html,
        minutes=edition.reading_minutes,
        edition=edition.number,
        published_at=edition.published_at,
        number=index + 1,
        previous=links[index - 1] if index else None,
        next=links[index + 1] if index + 1 < len(links) else None,
        version=_lesson_version(course.public_id, course.outline_version, edition.pk),
    )


def page_version(name: str, kwargs: Mapping[str, Any]) -> str | None:
    """The version under which the page `reader:<name>` would be shown now; None: not found.

    The same string as the page's own selector gives, without reading the page.  Queries: 1.
    """
    if name == "home":
        return _home_version(_rows(HOME_VERSION))
    if name == "lesson":
        rows = _rows(LESSON_VERSION, kwargs["course"], kwargs["unit"], kwargs["lesson"])
        return _lesson_version(*rows[0]) if rows else None
    rows = _rows(COURSE_VERSION, kwargs["course"])
    return _course_version(*rows[0]) if rows else None


# This is all that most pages cost. To compile the same statements from querysets takes ten times
# as long as to run them.
COURSE_VERSION = "SELECT public_id, outline_version FROM content_course WHERE slug = %s"
HOME_VERSION = "SELECT public_id, outline_version FROM content_course"
LESSON_VERSION = """
    SELECT course.public_id, course.outline_version, lesson.published_edition_id
    FROM content_lesson lesson
    JOIN content_unit unit ON unit.id = lesson.unit_id
    JOIN content_course course ON course.id = unit.course_id
    WHERE course.slug = %s AND unit.slug = %s AND lesson.slug = %s
    AND lesson.published_edition_id IS NOT NULL
"""


def _rows(statement: str, *parameters: str) -> list[tuple[Any, ...]]:
    with connections[router.db_for_read(Course)].cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def _home_version(rows: Iterable[tuple[Any, ...]]) -> str:
    return ",".join(sorted(_course_version(*row) for row in rows))


def _course_version(public_id: UUID | str, outline_version: int) -> str:
    """Unique across databases too: a course that is made anew counts from 1 again.

    public_id: as text where the database has no such type, with or without hyphens.
    """
    return f"{str(public_id).replace('-', '')}.{outline_version}"


def _lesson_version(public_id: UUID | str, outline_version: int, edition_pk: int) -> str:
    """An edition never changes, so its key says as much as its checksum, and lies in the row."""
    return f"{_course_version(public_id, outline_version)}.{edition_pk}"


def frame_of(course: Course) -> CourseFrame:
    return CourseFrame(
        pk=course.pk,
        slug=course.slug,
        title=course.title,
        language=course.language,
        units=course.outline["units"],
        version=_course_version(course.public_id, course.outline_version),
    )


def _course_page(course: Course) -> CoursePage:
    return CoursePage(
        frame=frame_of(course),
        summary=course.summary,
        licence_name=course.licence_name,
        licence_url=course.licence_url,
        licence_notice=course.licence_notice,
        article=getattr(course, "article", None),
    )
