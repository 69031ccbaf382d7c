"""The lesson's page: one draft, edited in place, saved whole by services.lesson_save."""

from __future__ import annotations

from typing import Any

from adminsortable2.admin import SortableAdminBase, SortableInlineAdminMixin
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.forms import Script
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.content import services
from apps.content.admin import lesson_pages
from apps.content.admin.base import ContentAdmin
from apps.content.admin.lesson_forms import (
    FurtherReadingForm,
    FurtherReadingFormSet,
    LessonForm,
    SectionForm,
    SectionFormSet,
    draft_of_forms,
)
from apps.content.admin.lesson_texts import compare_drafts
from apps.content.errors import EditConflict
from apps.content.models import FurtherReading, Lesson, Section, SectionSource
from apps.core.admin import ScopedInline, ScopedRelatedFilter
from apps.core.errors import DomainError


class SectionInline(SortableInlineAdminMixin, ScopedInline):  # type: ignore[misc]
    model = Section
    form = SectionForm
    formset = SectionFormSet
    template = "admin/content/lesson/sections.html"
    fields = ["heading", "sources", "body", "anchor"]
    ordering = ["position"]
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Section]:
        sources = SectionSource.objects.select_related("paragraph").order_by("position")
        return super().get_queryset(request).prefetch_related(Prefetch("sources", sources))  # type: ignore[no-any-return]


class FurtherReadingInline(SortableInlineAdminMixin, ScopedInline):  # type: ignore[misc]
    model = FurtherReading
    form = FurtherReadingForm
    formset = FurtherReadingFormSet
    template = "admin/content/lesson/further_reading.html"
    fields = ["work", "note"]
    ordering = ["position"]
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[FurtherReading]:
        return super().get_queryset(request).select_related("reference")  # type: ignore[no-any-return]


class PublicationFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("published", _("Published")),
            ("unpublished", _("Not published")),
            ("scheduled", _("Scheduled")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted = {
            "published": {"published_edition__isnull": False},
            "unpublished": {"published_edition__isnull": True},
            "scheduled": {"publish_at__isnull": False},
        }
        return queryset.filter(**wanted.get(self.value() or "", {}))


@admin.register(Lesson)
class LessonAdmin(SortableAdminBase, ContentAdmin):  # type: ignore[misc]
    course_path = "unit__course"
    form = LessonForm
    inlines = [SectionInline, FurtherReadingInline]
    change_form_template = "admin/content/lesson/change_form.html"
    list_display = ["title", "unit", "state", "updated_at"]
    list_filter = [
        ("unit__course", ScopedRelatedFilter),
        ("unit", ScopedRelatedFilter),
        PublicationFilter,
    ]
    list_select_related = ["unit", "published_edition"]
    search_fields = ["title", "slug", "sections__heading", "sections__body"]
    ordering = ["unit__course", "unit__position", "position"]
    pages = {
        "preview": lesson_pages.preview,
        "publish": lesson_pages.publish,
        "editions": lesson_pages.editions,
        "compare": lesson_pages.compare,
        "restore": lesson_pages.restore,
    }

    class Media:
        css = {"all": ["css/tokens.css", "admin-ours/css/lesson.css"]}
        js = [
            Script("admin-ours/js/order.js", defer=True),
            Script("admin-ours/js/lesson.js", defer=True),
        ]

    @admin.display(description=_("state"), ordering="published_edition__published_at")
    def state(self, lesson: Lesson) -> str:
        if lesson.publish_at:
            return format_html('<span class="tag is-warning">{}</span>', _("Scheduled"))
        if lesson.published_edition:
            number = _("Edition %(number)s") % {"number": lesson.published_edition.number}
            return format_html('<span class="tag is-good">{}</span>', number)
        return format_html('<span class="tag">{}</span>', _("Not published"))

    # The form: a new lesson begins with its title and place; everything else follows.

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return [(None, {"fields": ["title", "unit", "slug"]})]
        return [
            (None, {"fields": ["title", "objectives"]}),
            (_("At the end"), {"fields": ["summary", "questions"]}),
        ]

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        return list(self.inlines) if obj else []

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """The draft is saved whole, with its sections: see save_related."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        draft = draft_of_forms(form, formsets)
        writer = {"editor": request.user, "now": timezone.now()}
        if change:
            saved = services.lesson_save(
                lesson=form.instance,
                draft=draft,
                expected_revision=form.revision_to_replace(),
                **writer,
            )
        else:
            saved = services.lesson_create(unit=form.cleaned_data["unit"], draft=draft, **writer)
        form.instance.pk = saved.pk
        form.instance.refresh_from_db()

    def bound_forms(self, request: HttpRequest, lesson: Lesson) -> tuple[Any, list[Any]]:
        """The posted form and its formsets, cleaned but not saved."""
        fields = flatten_fieldsets(self.get_fieldsets(request, lesson))
        form_class = self.get_form(request, lesson, change=True, fields=fields)
        form = form_class(request.POST, instance=lesson)
        formsets, _inlines = self._create_formsets(request, lesson, change=True)
        for part in (form, *formsets):
            part.is_valid()
        return form, formsets

    def refusal_context(
        self, request: HttpRequest, refusal: DomainError | ValidationError
    ) -> dict[str, Any]:
        if not isinstance(refusal, EditConflict):
            return {}
        bodies = {f"section:{one.anchor}": one.body for one in refusal.theirs.sections}
        fields = {
            f"section:{value}": f"id_{name.removesuffix('-anchor')}-body"
            for name, value in request.POST.items()
            if name.startswith("sections-") and name.endswith("-anchor")
        }
        fields |= {name: f"id_{name}" for name in ("title", "objectives", "summary", "questions")}
        return {
            "conflict": refusal,
            "conflict_parts": [
                {
                    "part": part,
                    "theirs": bodies.get(part.key, part.old),
                    "field": fields.get(part.key) if part.status != "added" else None,
                }
                for part in compare_drafts(refusal.theirs, refusal.yours)
                if part.status != "same"
            ],
        }

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        lesson = kwargs.get("obj")
        if lesson is not None and lesson.pk:
            context.update(lesson_pages.state_of(lesson))
        return super().render_change_form(request, context, *args, **kwargs)

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        self.message_user(request, _("The lesson is there. Now write its sections."))
        return HttpResponseRedirect(self.url_of(obj))

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        if "_publish" in request.POST:
            return HttpResponseRedirect(self.url_of(obj, "publish"))
        self.message_user(
            request, _("Saved as a draft. Students see it once you publish it."), "success"
        )
        return HttpResponseRedirect(self.url_of(obj))

    def histories(self, obj: Any) -> list[QuerySet[Any]]:
        return [obj.history.all(), Section.history.filter(lesson_id=obj.pk)]

    def remove(self, row: Any, **writer: Any) -> None:
        services.lesson_delete(lesson=row, **writer)
