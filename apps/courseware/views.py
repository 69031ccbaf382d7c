from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.content.models import Course
from apps.courseware import selectors


@require_safe
def coverage(request: HttpRequest, slug: str) -> HttpResponse:
    """For an instructor: what uses each paragraph and work of a course, and what nothing uses."""
    course = Course.objects.editable_by(request.user).filter(slug=slug).first()
    if course is None:
        raise Http404
    return TemplateResponse(
        request,
        "admin/courseware/coverage.html",
        {
            **admin.site.each_context(request),
            "title": _("Coverage of “%(course)s”") % {"course": course},
            "course": course,
            "coverage": selectors.coverage(course),
        },
    )
