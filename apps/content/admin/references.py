"""References: the work as fields that a person knows, with its APA entry as they type."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.forms import Script
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.content import citations, selectors, services
from apps.content.admin import csl_fields
from apps.content.admin.formats import BibTeX, CslJson, Csv, Xlsx
from apps.content.admin.forms import ServiceForm
from apps.content.admin.transfer import TransferAdmin
from apps.content.enums import EvidenceKind, ReferenceStatus
from apps.content.models import Course, Reference
from apps.content.services.references import REFERENCE_FIELDS
from apps.core.admin import ScopedRelatedFilter

# What a new work most likely is, where a file of works does not say.
KIND_OF_TYPE = {
    "article-journal": EvidenceKind.PEER_REVIEWED,
    "paper-conference": EvidenceKind.PEER_REVIEWED,
    "book": EvidenceKind.BOOK,
    "chapter": EvidenceKind.CHAPTER,
    "thesis": EvidenceKind.THESIS,
    "report": EvidenceKind.THINK_TANK,
    "article-newspaper": EvidenceKind.PRESS,
    "article-magazine": EvidenceKind.PRESS,
    "treaty": EvidenceKind.TREATY,
    "speech": EvidenceKind.OFFICIAL,
}

TYPES = [
    ("article-journal", _("Journal article")),
    ("book", _("Book")),
    ("chapter", _("Chapter of a book")),
    ("thesis", _("Thesis")),
    ("report", _("Report or paper of an institute")),
    ("article-newspaper", _("Newspaper article")),
    ("webpage", _("Web page")),
    ("paper-conference", _("Conference paper")),
    ("treaty", _("Treaty")),
    ("speech", _("Speech or statement")),
    ("document", _("Other document")),
]

LABELS = {
    "type": _("Type of work"),
    "author": _("Authors"),
    "title": _("Title"),
    "container-title": _("Journal, book or site it is part of"),
    "issued": _("Date"),
    "volume": _("Volume"),
    "issue": _("Issue"),
    "page": _("Pages"),
    "publisher": _("Publisher, university or institute"),
    "publisher-place": _("Place"),
    "genre": _("Kind of thesis, report or paper"),
    "editor": _("Editors"),
    "DOI": _("DOI"),
    "URL": _("Web address"),
}
HELP = {
    "author": _("One a line: Khan, H. U. R. — an organisation by its name alone."),
    "editor": _("One a line, as the authors."),
    "issued": _("2021, 2021-03 or 2021-03-15."),
    "page": _("33-55"),
}


def csl_field(name: str) -> forms.Field:
    text = {"label": LABELS[name], "help_text": HELP.get(name, ""), "required": name == "title"}
    if name in csl_fields.NAMES:
        rows = 3 if name == "author" else 2
        return forms.CharField(widget=forms.Textarea({"rows": rows, "class": "lines"}), **text)
    if name == "title":
        return forms.CharField(widget=forms.Textarea({"rows": 2, "class": "lines"}), **text)
    wide = {"size": 60} if name in {"container-title", "publisher", "URL"} else {}
    return forms.CharField(widget=forms.TextInput(wide), **text)


class ReferenceForm(ServiceForm):
    """`csl` is put together from the fields named as in CSL and from `other`."""

    other = forms.CharField(
        label=_("Other CSL fields (CSL-JSON)"),
        required=False,
        widget=forms.Textarea({"rows": 3, "class": "lines", "spellcheck": "false"}),
        help_text=_("For what the fields above cannot say. {} or empty when there is nothing."),
    )

    class Meta:
        model = Reference
        fields = ["key", "kind", "is_listed", "note", "status"]
        widgets = {"note": forms.Textarea({"rows": 3})}
        help_texts = {
            "key": _("What lessons cite it by: [@khan1961]. Made from author and year when empty."),
            "note": _("For readers: what is doubtful, misspelt, inconsistent or missing."),
            "status": _("“Corrected” or “retracted” lists everything that must be rechecked."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields, rest = csl_fields.split(self.instance.csl or {})
        for name in csl_fields.FIELDS:
            self.fields[name] = csl_field(name) if name != "type" else self._type_field(fields)
            self.initial[name] = fields.get(name, "")
        self.initial["other"] = json.dumps(rest, ensure_ascii=False, indent=1) if rest else ""
        if "key" in self.fields:
            self.fields["key"].required = False

    def _type_field(self, fields: dict[str, str]) -> forms.Field:
        choices = list(TYPES)
        current = self.data.get("type") or fields.get("type", "")
        if current and current not in dict(choices):
            # A rarer type of CSL, from a file; the service says whether it is one.
            choices.append((current, current))
        return forms.ChoiceField(label=LABELS["type"], choices=choices)

    def clean_other(self) -> dict[str, Any]:
        text = self.cleaned_data["other"].strip()
        try:
            rest = json.loads(text) if text else {}
        except (ValueError, RecursionError):
            raise forms.ValidationError(_("This is not JSON.")) from None
        if not isinstance(rest, dict):
            raise forms.ValidationError(_("Write a JSON object: {“number”: “17”}."))
        return rest

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        texts = {name: data.get(name, "") for name in csl_fields.FIELDS}
        try:
            data["csl"] = citations.clean_csl(csl_fields.merge(texts, data.get("other", {})))
        except csl_fields.FieldError as error:
            self.add_error(error.field, error.message)
        except ValueError as error:
            if not self.errors:
                self.add_error(None, str(error))
        if "key" in self.fields and not data.get("key") and data.get("csl"):
            data["key"] = citations.suggest_key(data["csl"])
        return data


@admin.register(Reference)
class ReferenceAdmin(TransferAdmin):
    shows_uses = True
    form = ReferenceForm
    change_form_template = "admin/content/reference/change_form.html"
    formats = [Csv, Xlsx, CslJson, BibTeX]
    key_field = "key"
    transfer_fields = (
        "key",
        *csl_fields.FIELDS,
        "other",
        *("kind", "is_listed", "note", "status"),
    )
    list_display = ["authors_short", "year", "title", "key", "kind", "status_tag"]
    list_display_links = ["authors_short", "title"]
    list_filter = [("course", ScopedRelatedFilter), "kind", "status", "is_listed"]
    search_fields = ["key", "authors_short", "title", "year", "note", "csl"]
    ordering = ["sort_key", "key"]

    class Media:
        js = [Script("admin-ours/js/reference.js", defer=True)]

    @admin.display(description=_("status"), ordering="status")
    def status_tag(self, reference: Reference) -> str:
        if reference.status == ReferenceStatus.CURRENT:
            return str(reference.get_status_display())
        return format_html('<span class="tag is-error">{}</span>', reference.get_status_display())

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        work = [
            "type", "author", "title", "container-title", "issued",
            ("volume", "issue", "page"), ("publisher", "publisher-place"), "genre", "editor",
            "DOI", "URL",
        ]  # fmt: skip
        return [
            (None, {"fields": work if obj else ["course", *work]}),
            (
                _("In this course"),
                {"fields": [*([] if obj else ["key"]), "kind", "status", "is_listed", "note"]},
            ),
            (_("For experts"), {"fields": ["other"], "classes": ["collapse"]}),
        ]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        # The fields of CSL are made in the form; modelform_factory must not look for them.
        own = ["kind", "is_listed", "note", "status"]
        kwargs["fields"] = own if obj else ["course", "key", *own]
        return super().get_form(request, obj, change, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.apa_view)
        return [path("apa/", view, name=self.url_name("apa")), *super().get_urls()]

    def apa_view(self, request: HttpRequest) -> HttpResponse:
        """The APA entry of what the form says now; empty while it cannot be formatted."""
        form = ReferenceForm(request.POST)
        form.is_valid()
        csl = form.cleaned_data.get("csl")
        return JsonResponse({"html": citations.format_apa(csl) if csl else ""})

    def store(self, row: Any, data: dict[str, Any], **writer: Any) -> Reference:
        fields = {name: data[name] for name in REFERENCE_FIELDS if name in data}
        return services.reference_save(reference=row, fields=fields, **writer)

    def import_context(self, course: Course, rows: list[dict[str, Any]]) -> None:
        return None

    def complete(self, values: dict[str, str], given: Mapping[str, str]) -> dict[str, str]:
        kind = KIND_OF_TYPE.get(values.get("type", ""), EvidenceKind.OTHER)
        return {
            **values,
            "kind": given.get("kind") or str(kind),
            "is_listed": values["is_listed"] if given.get("is_listed") else "False",
            "status": given.get("status") or str(ReferenceStatus.CURRENT),
        }

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if "status" in form.changed_data and obj.status != ReferenceStatus.CURRENT:
            self._tell_recheck(request, obj)

    def _tell_recheck(self, request: HttpRequest, reference: Reference) -> None:
        uses = selectors.recheck_list(reference)
        url = reverse("admin:content_course_recheck", args=[reference.course_id])
        text = gettext("%(count)s places rest on this work, which is now marked “%(status)s”.") % {
            "count": len(uses),
            "status": reference.get_status_display(),
        }
        link = format_html('<a href="{}#{}">{}</a>', url, reference.key, gettext("Recheck them"))
        messages.warning(request, format_html("{} {}", text, link))

    def remove(self, row: Any, **writer: Any) -> None:
        services.reference_delete(reference=row, **writer)
