"""What every page of the content's admin shares: scope by course, own pages, history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import update_wrapper
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from apps.content import selectors
from apps.content.admin import history
from apps.content.models import Course, Section
from apps.core.admin import ScopedAdmin
from apps.core.errors import DomainError

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

UNUSED_SCRIPTS = {
    "admin/js/urlify.js",
    "admin/js/prepopulate.js",
    "admin/js/vendor/xregexp/xregexp.js",
    "admin/js/vendor/xregexp/xregexp.min.js",
}
type_of_page = Callable[[Any, HttpRequest, Any], HttpResponse]


@dataclass(frozen=True, slots=True)
class ListedUse:
    kind: str
    name: str
    url: str  # empty where no page of the admin edits it


def list_uses(uses: list[selectors.Use]) -> list[ListedUse]:
    """Each use with the page that edits it: a section is edited in its lesson.  Queries: 0."""
    listed = []
    for use in uses:
        row, lesson = use.row, use.lesson
        name = f"{lesson}: {row}" if isinstance(row, Section) else str(lesson or row)
        target = lesson or row
        url = ""
        if admin.site.is_registered(type(target)):
            url = reverse(f"admin:content_{target._meta.model_name}_change", args=[target.pk])
        listed.append(ListedUse(str(capfirst(use.kind)), name, url))
    return listed


class ContentAdmin(ScopedAdmin):
    """Rows that belong to a course; a person sees those of the courses they may edit."""

    # The lookup from a row to its course.
    course_path = "course"
    # {end of the address: page}: pages of one row, which get it fetched and authorised.
    pages: dict[str, type_of_page] = {}
    change_form_template = "admin/content/change_form.html"
    # Whether “where is this used?” has an answer for these rows.
    shows_uses = False

    def scope(self, queryset: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        courses = Course.objects.editable_by(request.user)
        return queryset.filter(**{f"{self.course_path}__in": courses.values("pk")})

    def course_of(self, obj: Any) -> Course:
        for step in self.course_path.split("__"):
            obj = obj if step == "pk" else getattr(obj, step)
        return obj  # type: ignore[no-any-return]

    @property
    def media(self) -> forms.Media:
        """Without what the stock prefilling of addresses needs (170 KB); SlugInput does that."""
        stock = super().media
        kept = [js for js in stock._js if js not in UNUSED_SCRIPTS]  # noqa: SLF001 - no public name
        return forms.Media(css=stock._css, js=kept)  # noqa: SLF001

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
                "change_url": self.url_of(obj) if obj else "",
                **context,
            },
        )

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        course = self.course_of(obj) if obj is not None and obj.pk else None
        context.update(self.picker_context(course))
        if course is not None:
            context["title"], context["subtitle"] = str(obj), None
            if self.shows_uses:
                context["uses"] = list_uses(selectors.where_used(obj))
        return super().render_change_form(request, context, *args, **kwargs)

    def picker_context(self, course: Course | None) -> dict[str, str]:
        """What admin/content/_picker.html needs: where the choices of `course` are.

        Without a course yet, the script reads it from the form's own field.
        """
        return {
            "choices_url": reverse(
                "admin:content_course_choices", args=[course.pk if course else 0]
            ),
            "choices_course_field": "" if course else "id_course",
        }

    # Saving: a service writes; what it refuses comes back in the form.

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (DomainError, ValidationError) as refusal:
            request.refusal = refusal  # type: ignore[attr-defined]
            context = {**(extra_context or {}), **self.refusal_context(request, refusal)}
            return super().changeform_view(request, object_id, form_url, context)

    def refusal_context(
        self, request: HttpRequest, refusal: DomainError | ValidationError
    ) -> dict[str, Any]:
        return {}

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        return form

    def store(self, row: Any, data: dict[str, Any], *, editor: Any, now: datetime) -> Any:
        """Give the form's values to the service that saves `row`; returns the saved row."""
        raise NotImplementedError

    def blank(self, obj: Any) -> Any:
        """A new row, with what the form decided once and for all."""
        return self.model(course=obj.course)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        # The form has written on `obj`; the service compares with what is stored.
        row = self.get_queryset(request).get(pk=obj.pk) if change else self.blank(obj)
        saved = self.store(row, form.cleaned_data, editor=request.user, now=timezone.now())
        obj.pk = saved.pk
        obj.refresh_from_db()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Related rows are saved by the same service."""

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> list[dict[str, Any]]:
        verb = "added" if add else "changed"
        return [{verb: {"fields": form.changed_data} if form.changed_data and not add else {}}]

    # Deleting: the service says whether anything still needs the row.

    def remove(self, row: Any, *, editor: Any, now: datetime) -> None:
        """Give `row` to the service that deletes it."""
        raise NotImplementedError

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """One row at a time: what else rests on it should be looked at each time."""
        return {}

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """The row alone: what goes with it, or forbids it, only the service knows."""
        return [str(obj) for obj in objs], {self.opts.verbose_name: len(objs)}, set(), []

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return HttpResponseRedirect(self.url_of(self.get_object(request, object_id)))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.remove(obj, editor=request.user, now=timezone.now())

    # Who changed what

    def histories(self, obj: Any) -> list[QuerySet[Any]]:
        """The historical rows that tell of `obj`: its own, and those of what is edited with it."""
        return [obj.history.all()]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self.get_object(request, object_id)
        return self.render_history(request, obj, self.histories(obj), **(extra_context or {}))

    def render_history(
        self, request: HttpRequest, obj: Any, tables: list[QuerySet[Any]], **context: Any
    ) -> HttpResponse:
        try:
            before = parse_datetime(request.GET.get("before", ""))
        except ValueError:
            before = None
        page = history.history_page(tables, before=before)
        return self.render_page(
            request,
            "history.html",
            obj,
            title=_("History of %(name)s") % {"name": obj},
            entries=page.entries,
            older=page.older.isoformat() if page.older else "",
            **context,
        )
