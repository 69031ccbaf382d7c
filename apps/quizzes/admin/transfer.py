"""Questions from and to the files of other programs, each with a report of what is not carried."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.accounts.policies import check_signed_in
from apps.content.models import Course, SourceParagraph
from apps.quizzes import exchange, selectors, services
from apps.quizzes.drafts import HintDraft, QuestionDraft

MAX_BYTES = 2 * 1024 * 1024
FORMATS = [
    ("moodle_xml", "Moodle XML"),
    ("gift", "GIFT"),
    ("table", "CSV"),
]


class CourseForm(forms.Form):
    course = forms.ModelChoiceField(label=gettext_lazy("Course"), queryset=Course.objects.none())
    format = forms.ChoiceField(label=gettext_lazy("Format"), choices=FORMATS)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = Course.objects.editable_by(user)  # type: ignore[attr-defined]


class ImportForm(CourseForm):
    """A file first; then the same text once more, confirmed."""

    file = forms.FileField(label=gettext_lazy("File"), required=False)
    text = forms.CharField(
        required=False, strip=False, max_length=MAX_BYTES, widget=forms.HiddenInput
    )
    paragraph = forms.CharField(
        label=gettext_lazy("Paragraph for questions that name none"),
        required=False,
        max_length=4,
        help_text=gettext_lazy("Such as P06: files of other programs know of no paragraphs."),
    )

    def clean_file(self) -> bytes | None:
        file = self.cleaned_data["file"]
        if file is None:
            return None
        if file.size > MAX_BYTES:
            raise ValidationError(_("The file is larger than 2 MB; divide it."))
        content: bytes = file.read()
        return content

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        number, course = data.get("paragraph", "").strip().upper(), data.get("course")
        data["paragraph"] = number
        if not (data.get("file") or data.get("text")) and "file" not in self.errors:
            self.add_error("file", _("Choose a file."))
        known = SourceParagraph.objects.filter(article__course=course, number=number)
        if number and course is not None and not known.exists():
            self.add_error("paragraph", _("The article has no such paragraph."))
        return data


def import_page(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """Look at a file, then take it: all of its questions or none."""
    is_sent = request.method == "POST"
    form = ImportForm(request.POST if is_sent else None, request.FILES or None, user=request.user)
    context: dict[str, Any] = {"form": form, "title": _("Import questions")}
    if is_sent and form.is_valid():
        data = form.cleaned_data
        reading = exchange.FORMATS[data["format"]].read(data["file"] or data["text"])
        sources = [data["paragraph"]] if data["paragraph"] else []
        found = [exchange.named(draft, *sources) for draft in reading.drafts]
        lacking = [draft.slug for draft in found if _lacks_source(draft)]
        drafts = [_native(draft) for draft in found]
        faults = [] if lacking else _faults(data["course"], drafts)
        context |= {
            "reading": reading,
            "drafts": drafts,
            "lacking": lacking,
            "faults": faults,
            "text": data["text"] or (data["file"] or b"").decode("utf-8", "replace"),
        }
        is_whole = drafts and not (lacking or faults or reading.faults)
        if is_whole and "confirm" in request.POST:
            services.questions_store(
                course=data["course"],
                drafts=drafts,
                editor=check_signed_in(request.user),
                now=timezone.now(),
                note=_("Imported."),
            )
            words = ngettext(
                "%(count)d question is imported.", "%(count)d questions are imported.", len(drafts)
            )
            messages.success(request, words % {"count": len(drafts)})
            return HttpResponseRedirect(reverse("admin:quizzes_question_changelist"))
        context["is_whole"] = is_whole
    return _page(model_admin, request, "import.html", context)


def export_page(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """What the format cannot carry first; then the file."""
    is_sent = request.method == "POST"
    form = CourseForm(request.POST if is_sent else None, user=request.user)
    context: dict[str, Any] = {"form": form, "title": _("Export questions")}
    if is_sent and form.is_valid():
        course, name = form.cleaned_data["course"], form.cleaned_data["format"]
        rows = selectors.questions_of(course).filter(retired_at__isnull=True)
        drafts = [selectors.question_draft(row) for row in rows.order_by("position", "pk")]
        chosen = exchange.FORMATS[name]
        writing = chosen.write([_foreign(draft) for draft in drafts])
        if "download" in request.POST:
            disposition = f'attachment; filename="{course.slug}-questions{chosen.suffix}"'
            return HttpResponse(
                writing.text,
                content_type=chosen.content_type,
                headers={"Content-Disposition": disposition},
            )
        context |= {"writing": writing, "count": len(drafts)}
    return _page(model_admin, request, "export.html", context)


def _page(
    model_admin: Any, request: HttpRequest, template: str, context: dict[str, Any]
) -> HttpResponse:
    common = {**model_admin.admin_site.each_context(request), "opts": model_admin.opts}
    return TemplateResponse(request, f"admin/quizzes/{template}", common | context)


def _faults(course: Course, drafts: list[QuestionDraft]) -> list[tuple[str, str]]:
    """(where, what) is wrong with questions of a file, nothing of which is stored."""
    context = selectors.question_context(course)
    return [
        (f"{draft.slug}: {fault.path}", fault.message)
        for draft in drafts
        for fault in services.draft_faults(course, draft, context)[0]
    ]


def _lacks_source(draft: exchange.QuestionDraft) -> bool:
    return not draft.sources or exchange.lacks_source(draft.spec)


def _native(draft: exchange.QuestionDraft) -> QuestionDraft:
    names = ("slug", "kind", "stem", "spec", "lesson", "anchor", "objectives", "sources", "tags")
    return QuestionDraft(
        **{name: getattr(draft, name) for name in (*names, "difficulty", "bloom", "explanation")},
        hints=tuple(HintDraft(hint.text, Decimal(hint.cost)) for hint in draft.hints),
    )


def _foreign(draft: QuestionDraft) -> exchange.QuestionDraft:
    names = ("slug", "kind", "stem", "spec", "lesson", "anchor", "objectives", "sources", "tags")
    return exchange.QuestionDraft(
        **{name: getattr(draft, name) for name in (*names, "difficulty", "bloom", "explanation")},
        hints=tuple(exchange.Hint(hint.text, f"{hint.cost:f}") for hint in draft.hints),
    )
