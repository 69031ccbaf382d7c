"""Motions and their sides; a motion alone is enough."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.forms.formsets import all_valid
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import School
from apps.content.models import Course, Reference
from apps.core.admin import ScopedAdmin, ScopedInline, ScopedRelatedFilter
from apps.debates import services
from apps.debates.forms import OpeningForm
from apps.debates.models import Debate, DebateRun, Side, SideSource
from apps.debates.services import SideWork

LOCATOR = 60  # characters


class SideForm(forms.ModelForm):  # type: ignore[type-arg]
    source_lines = forms.CharField(
        label=gettext_lazy("sources"),
        help_text=gettext_lazy(
            "In each line the key of a work, then the pages if you like, then | and why to read it:"
            " kuznetsov2020, pp. 3-5 | The case from the Russian side."
        ),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["source_lines"] = "\n".join(
                _line(source) for source in self.instance.sources.select_related("reference")
            )

    def sources_in(self, course: Course) -> list[SideWork]:
        """What the lines name.  Raises: ValidationError at the first that names nothing."""
        sources: dict[str, SideWork] = {}
        for line in self.cleaned_data.get("source_lines", "").splitlines():
            place, _bar, note = (part.strip() for part in line.partition("|"))
            key, _comma, locator = (part.strip() for part in place.partition(","))
            work = Reference.objects.filter(course=course, key=key).first() if key else None
            if key and work is None:
                raise ValidationError(_("This course has no work “%(key)s”.") % {"key": key})
            if len(locator) > LOCATOR:
                raise ValidationError(_("Give the pages in at most 60 characters."))
            if work is not None:
                sources[key] = SideWork(work, note, locator)
        return list(sources.values())


def _line(source: SideSource) -> str:
    place = ", ".join(filter(None, [source.reference.key, source.locator]))
    return f"{place} | {source.note}".removesuffix(" | ")


class SideFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            if form.is_valid() and self.instance.course_id:
                try:
                    form.sources_in(self.instance.course)
                except ValidationError as error:
                    form.add_error("source_lines", error)


class SideInline(ScopedInline, admin.StackedInline):  # type: ignore[type-arg]
    model = Side
    form = SideForm
    formset = SideFormSet
    extra = 0
    fields = ["key", "label", "actor", "leaning", "source_lines", "opening", "position"]

    # What a class argues does not go, or lean otherwise, under it.
    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_held = obj is not None and obj.runs.exists()
        return not is_held and super().has_delete_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["key", "leaning"] if obj is not None and obj.runs.exists() else []


@admin.register(Debate)
class DebateAdmin(ScopedAdmin):
    list_display = ["motion", "course", "position", "preview_link"]
    list_filter = [("course", ScopedRelatedFilter)]
    list_select_related = ["course"]
    search_fields = ["motion", "slug"]
    actions = ["copy_chosen"]
    inlines = [SideInline]
    change_form_template = "admin/debates/debate_form.html"
    fieldsets = [
        (None, {"fields": ["course", "motion", "background", "position", "preview_link"]}),
        (
            gettext_lazy("Rules of its runs, unless a class sets others"),
            {
                "fields": [
                    "evidence_rule",
                    "side_rule",
                    ("min_words", "max_words"),
                    ("arguments_owed", "rebuttals_owed", "peer_reviews_owed"),
                    "is_anonymous",
                    "posts_first",
                    "shows_openings",
                ]
            },
        ),
    ]

    def scope(self, queryset: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        courses = Course.objects.editable_by(request.user).values("pk")
        if request.user.is_superuser:
            return queryset.filter(course__in=courses)
        # What a school wrote for itself, even on a shared course, is its own instructors' alone.
        schools = School.objects.filter(instructorships__user=request.user).values("pk")
        return queryset.filter(Q(school=None, course__in=courses) | Q(school__in=schools))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["course", "preview_link"] if obj else ["preview_link"]

    def get_urls(self) -> list[URLPattern]:
        preview = self.admin_site.admin_view(self.preview)
        return [
            path("preview/", preview, name="debates_debate_preview_new"),
            path("<int:pk>/preview/", preview, name="debates_debate_preview"),
            *super().get_urls(),
        ]

    @admin.display(description=gettext_lazy("preview"))
    def preview_link(self, obj: Any) -> SafeString | str:
        if obj is None or obj.pk is None:
            return _("once it is saved")
        address = reverse("admin:debates_debate_preview", args=[obj.pk])
        return format_html('<a href="{}">{}</a>', address, _("as a student first sees it"))

    def preview(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """What a student sees before the opening stance: stored, or (POST) as the form says."""
        debate = self.get_queryset(request).filter(pk=pk).first() if pk else None
        if (pk and debate is None) or not self.has_add_permission(request):
            raise Http404
        if request.method != "POST":
            if debate is None:
                raise Http404
            return self._preview_page(request, debate)
        # Saved as the form would save it, looked at, and taken back: a preview cannot differ.
        with transaction.atomic():
            try:
                return self._preview_unsaved(request, debate)
            finally:
                transaction.set_rollback(True)

    def _preview_unsaved(self, request: HttpRequest, debate: Debate | None) -> HttpResponse:
        is_change = debate is not None
        form_class = self.get_form(request, debate, change=is_change)
        form = form_class(request.POST, instance=debate)
        is_valid = form.is_valid()
        written = self.save_form(request, form, change=is_change) if is_valid else form.instance
        formsets, _inlines = self._create_formsets(request, written, change=is_change)
        if not (is_valid and all_valid(formsets)):
            forms_sent = [form, *(each for formset in formsets for each in formset.forms)]
            lines = [
                f"{each.fields[name].label}: {text}" if name in each.fields else text
                for each in forms_sent
                for name, texts in each.errors.items()
                for text in texts
            ]
            return self._preview_page(request, written, lines)
        self.save_model(request, written, form, change=is_change)
        self.save_related(request, form, formsets, change=is_change)
        return self._preview_page(request, Debate.objects.get(pk=written.pk), is_unsaved=True)

    @staticmethod
    def _preview_page(
        request: HttpRequest,
        debate: Debate,
        faults: Sequence[str] = (),
        *,
        is_unsaved: bool = False,
    ) -> HttpResponse:
        run = DebateRun(debate=debate, motion=debate.motion, side_rule=debate.side_rule)
        form = None if faults else OpeningForm(run=run)
        context = {"debate": debate, "form": form, "faults": faults, "is_unsaved": is_unsaved}
        return render(request, "debates/preview.html", context)

    @admin.action(description=gettext_lazy("Copy the chosen debates"))
    def copy_chosen(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        now = timezone.now()
        copies = [
            services.debate_copy(debate=debate, editor=request.user, now=now)  # type: ignore[arg-type]
            for debate in queryset.select_related("course__school")
        ]
        messages.success(request, _("Copied; change what is to be otherwise."))
        if len(copies) == 1:
            return redirect("admin:debates_debate_change", copies[0].pk)
        return None

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        services.debate_save(debate=obj, editor=request.user, now=timezone.now())  # type: ignore[arg-type]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        for formset in formsets:
            for each in formset.forms:
                if each.instance.pk and each not in formset.deleted_forms:
                    sources = each.sources_in(form.instance.course)
                    services.side_sources_write(side=each.instance, sources=sources)
        services.sides_complete(debate=form.instance)
