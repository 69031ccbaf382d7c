"""What every page of the content's admin shares: scope by course, own pages, history."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from apps.content.models import Course
from apps.core.admin import ScopedAdmin

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

type_of_page = Callable[[Any, HttpRequest, Any], HttpResponse]


class ContentAdmin(ScopedAdmin):
    """Rows that belong to a course; a person sees those of the courses they may edit."""

    # The lookup from a row to its course.
    course_path = "course"
    # {end of the address: page}: pages of one row, which get it fetched and authorised.
    pages: dict[str, type_of_page] = {}
    change_form_template = "admin/content/change_form.html"

    def scope(self, queryset: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        courses = Course.objects.editable_by(request.user)
        return queryset.filter(**{f"{self.course_path}__in": courses.values("pk")})

    def course_of(self, obj: Any) -> Course:
        for step in self.course_path.split("__"):
            obj = obj if step == "pk" else getattr(obj, step)
        return obj  # type: ignore[no-any-return]

    # Pages of our own

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                f"<path:object_id>/{end}/",
                self.admin_site.admin_view(self._page(page)),
                name=self.url_name(end),
            )
            for end, page in self.pages.items()
        ]
        return own + super().get_urls()

    def _page(self, page: type_of_page) -> Callable[..., HttpResponse]:
        def view(request: HttpRequest, object_id: str, **kwargs: Any) -> HttpResponse:
            request.current_app = self.admin_site.name  # type: ignore[attr-defined]
            return page(self, request, self.get_object(request, object_id), **kwargs)

        return update_wrapper(view, page)

    def url_name(self, end: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{end}"

    def url_of(self, obj: Model, end: str = "change") -> str:
        return reverse(f"admin:{self.url_name(end)}", args=[obj.pk])

    def render_page(
        self, request: HttpRequest, template: str, obj: Any, *, title: Any, **context: Any
    ) -> TemplateResponse:
        return TemplateResponse(
            request,
            f"admin/content/{template}",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "original": obj,
                "title": title,
                "change_url": self.url_of(obj),
                **context,
            },
        )


def admin_for(model: type[Model]) -> Any:
    return admin.site.get_model_admin(model)
