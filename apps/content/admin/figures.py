"""Figures: upload a picture, say what it shows."""

from __future__ import annotations

import base64
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.content import services
from apps.content.admin.base import ContentAdmin
from apps.content.admin.forms import ServiceForm
from apps.content.models import Figure
from apps.content.services.figures import MAX_BYTES
from apps.core.admin import ScopedRelatedFilter


class FigureForm(ServiceForm):
    picture = forms.FileField(
        label=_("Picture"),
        required=False,
        help_text=_("SVG, PNG, JPEG or WebP, at most 200 KB."),
        widget=forms.FileInput({"accept": ".svg,.png,.jpg,.webp"}),
    )

    class Meta:
        model = Figure
        fields = ["file", "alt", "credit"]
        widgets = {
            "alt": forms.Textarea({"rows": 4}),
            "credit": forms.Textarea({"rows": 2}),
        }
        help_texts = {
            "alt": _(
                "What the picture shows, for those who cannot see it: its content, not its looks."
            ),
            "credit": _("Who made it and under which licence."),
            "file": _("Small letters, digits and hyphens, with its ending: three-mechanisms.svg."),
        }

    def clean_picture(self) -> bytes | None:
        picture = self.cleaned_data.get("picture")
        if picture is None:
            return None
        if picture.size > MAX_BYTES:
            raise forms.ValidationError(_("The picture has more than 200 KB."))
        return bytes(picture.read())


@admin.register(Figure)
class FigureAdmin(ContentAdmin):
    shows_uses = True
    form = FigureForm
    list_display = ["file", "alt", "credit", "course"]
    list_filter = [("course", ScopedRelatedFilter)]
    list_select_related = ["course"]
    search_fields = ["file", "alt", "credit"]
    readonly_fields = ["shown"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("content")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return (
            ["shown", "picture", "alt", "credit"]
            if obj
            else ["course", "file", "picture", "alt", "credit"]
        )

    @admin.display(description=_("Now"))
    def shown(self, figure: Figure) -> str:
        """The bytes themselves: a draft's figure has no public address yet."""
        data = base64.b64encode(bytes(figure.content)).decode()
        return format_html(
            '<img class="figure-shown" src="data:{};base64,{}" alt="{}">',
            figure.media_type, data, figure.alt,
        )  # fmt: skip

    def store(self, row: Any, data: dict[str, Any], **writer: Any) -> Figure:
        return services.figure_save(
            course=row.course,
            file=row.file if row.pk else data["file"],
            alt=data["alt"],
            credit=data["credit"],
            content=data["picture"],
            **writer,
        )

    def histories(self, obj: Any) -> list[QuerySet[Any]]:
        return []

    def remove(self, row: Any, **writer: Any) -> None:
        services.figure_delete(figure=row, **writer)
