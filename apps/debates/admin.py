"""Motions and their sides; a motion alone is enough."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.content.models import Course
from apps.core.admin import ScopedAdmin, ScopedInline, ScopedRelatedFilter
from apps.debates import services
from apps.debates.models import Debate, Side


class SideInline(ScopedInline, admin.StackedInline):  # type: ignore[type-arg]
    model = Side
    extra = 0
    fields = ["key", "label", "actor", "leaning", "opening", "position"]


@admin.register(Debate)
class DebateAdmin(ScopedAdmin):
    list_display = ["motion", "course", "position"]
    list_filter = [("course", ScopedRelatedFilter)]
    list_select_related = ["course"]
    search_fields = ["motion", "slug"]
    inlines = [SideInline]
    fieldsets = [
        (None, {"fields": ["course", "motion", "background", "position"]}),
        (
            _("Rules of its runs, unless a class sets others"),
            {
                "fields": [
                    "evidence_rule",
                    "side_rule",
                    ("min_words", "max_words"),
                    ("arguments_owed", "rebuttals_owed"),
                    "is_anonymous",
                    "posts_first",
                ]
            },
        ),
    ]

    def scope(self, queryset: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        return queryset.filter(course__in=Course.objects.editable_by(request.user).values("pk"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["course"] if obj else []

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        services.debate_save(debate=obj, editor=request.user, now=timezone.now())  # type: ignore[arg-type]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        services.sides_complete(debate=form.instance)
