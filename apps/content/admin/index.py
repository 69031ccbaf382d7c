"""The admin's first page: the courses a person may edit, before the lists of everything."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from apps.content.models import Course

_stock_index = admin.site.index


def index(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
    courses = Course.objects.editable_by(request.user).order_by("title")
    return _stock_index(request, {"courses": courses, **(extra_context or {})})


# The site's own instance, as the other apps use it; its addresses are made after this.
admin.site.index = index  # type: ignore[method-assign,assignment]
admin.site.index_template = "admin/content/index.html"
