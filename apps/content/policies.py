"""When a change may happen; each check raises a DomainError that says what to do instead."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from apps.content.errors import InvalidContent
from apps.content.models import Course, Lesson, LessonEdition, Unit


def check_course_address(course: Course, slug: str) -> None:
    """Every edition names its course in its links, and an edition cannot change.  Queries: 0, 1.

    Raises: InvalidContent when `slug` differs and the course has editions.
    """
    if course.pk and course.slug != slug:
        editions = LessonEdition.objects.filter(lesson__unit__course=course)
        if editions.exists():
            raise InvalidContent(
                _("Lessons of this course have been published under its address; it stays."),
                field="slug",
            )


def check_unit_address(unit: Unit, slug: str) -> None:
    """Links lead to published lessons under their unit.  Queries: 0 or 1.

    Raises: InvalidContent when `slug` differs and a lesson of the unit is published.
    """
    if unit.pk and unit.slug != slug and unit.lessons.published().exists():
        raise InvalidContent(
            _("Lessons of this unit are published under its address; withdraw them first."),
            field="slug",
        )


def check_lesson_address(lesson: Lesson, slug: str) -> None:
    """Raises: InvalidContent when `slug` differs and the lesson is published."""
    if lesson.pk and lesson.slug != slug and lesson.published_edition_id is not None:
        raise InvalidContent(
            _("The lesson is published under its address; withdraw it first."), field="slug"
        )


def check_is_future(moment: datetime, now: datetime) -> None:
    """Raises: InvalidContent when `moment` has passed."""
    if moment <= now:
        raise InvalidContent(_("This moment has passed; choose a later one."), field="publish_at")
