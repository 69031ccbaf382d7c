"""The course's other pages: its outline, the picker's choices, who changed what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, Prefetch
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from apps.content import selectors
from apps.content.admin.base import list_uses
from apps.content.admin.choices import course_choices
from apps.content.enums import ReferenceStatus
from apps.content.models import (
    Actor,
    Course,
    Figure,
    GlossaryTerm,
    Lesson,
    Place,
    Reference,
    Section,
    SourceParagraph,
    TimelineEvent,
    Unit,
)

if TYPE_CHECKING:
    from apps.content.admin.course import CourseAdmin

NOUNS = {
    Reference: "course",
    SourceParagraph: "article__course",
    GlossaryTerm: "course",
    TimelineEvent: "course",
    Actor: "course",
    Place: "course",
    Figure: "course",
}


def outline(course_admin: CourseAdmin, request: HttpRequest, course: Course) -> HttpResponse:
    """Where an instructor begins: every lesson with its state, and everything beside them.

    Queries: 3, and one for each kind of thing beside the lessons.
    """
    lessons = Lesson.objects.select_related("published_edition").defer(
        "published_edition__document", "published_edition__html"
    )
    units = course.units.prefetch_related(
        Prefetch("lessons", lessons.annotate(sections_count=Count("sections")).order_by("position"))
    )
    return course_admin.render_page(
        request,
        "course/outline.html",
        course,
        title=course.title,
        units=units.order_by("position"),
        nouns=[_noun(course, model, path) for model, path in NOUNS.items()],
        coverage_url=_coverage_url(course),
        recheck_count=course.references.exclude(status=ReferenceStatus.CURRENT).count(),
    )


def _coverage_url(course: Course) -> str:
    """The page belongs to an app above; it is linked where that app is installed."""
    try:
        return reverse("courseware:coverage", args=[course.slug])
    except NoReverseMatch:
        return ""


def _noun(course: Course, model: Any, path: str) -> dict[str, Any]:
    address = reverse(f"admin:content_{model._meta.model_name}_changelist")
    return {
        "name": capfirst(model._meta.verbose_name_plural),
        "count": model.objects.filter(**{path: course}).count(),
        "url": f"{address}?{path}__id__exact={course.pk}",
    }


def choices(_course_admin: CourseAdmin, _request: HttpRequest, course: Course) -> HttpResponse:
    return JsonResponse(course_choices(course))


def changes(course_admin: CourseAdmin, request: HttpRequest, course: Course) -> HttpResponse:
    """Every change in the course, whoever made it, newest first."""
    tables = [
        course.history.all(),
        Unit.history.filter(course=course),
        Lesson.history.filter(unit__course=course),
        Section.history.filter(lesson__unit__course=course),
        SourceParagraph.history.filter(article__course=course),
        *(
            model.history.filter(course=course)
            for model in (Reference, GlossaryTerm, TimelineEvent, Actor, Place)
        ),
    ]
    return course_admin.render_history(request, course, tables)


def recheck(course_admin: CourseAdmin, request: HttpRequest, course: Course) -> HttpResponse:
    """Everything that rests on a work which has been corrected or retracted since."""
    works = course.references.exclude(status=ReferenceStatus.CURRENT)
    return course_admin.render_page(
        request,
        "course/recheck.html",
        course,
        title=_("To recheck"),
        works=[(work, list_uses(selectors.recheck_list(work))) for work in works],
    )
