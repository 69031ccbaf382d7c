"""Questions from and to the files of other programs, each with a report of what is not carried."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import astuple, dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.accounts.policies import check_signed_in
from apps.content.models import Course, SourceParagraph
from apps.quizzes import exchange, selectors, services
from apps.quizzes.drafts import Fault, HintDraft, QuestionDraft

MAX_BYTES = 20_000_000
MAX_KEPT = 4 * 1024 * 1024  # below DATA_UPLOAD_MAX_MEMORY_SIZE
KEPT_SECONDS = 24 * 60 * 60
_SALT = "quizzes.import"
FORMATS = [
    ("moodle_xml", "Moodle XML"),
    ("gift", "GIFT"),
    ("table", "CSV"),
]


class CourseForm(forms.Form):
    course = forms.ModelChoiceField(label=gettext_lazy("Course"), queryset=Course.objects.none())

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["course"].queryset = Course.objects.editable_by(user)  # type: ignore[attr-defined]


class FormatForm(CourseForm):
    format = forms.ChoiceField(label=gettext_lazy("Format"), choices=FORMATS)


class FileForm(FormatForm):
    file = forms.FileField(label=gettext_lazy("File"))

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(_("The file is larger than 20 MB; divide it."))
        content: bytes = file.read()
        return content


class ConfirmForm(CourseForm):
    """What was read of a file, signed, so that it need not be chosen and read again."""

    course = forms.ModelChoiceField(queryset=Course.objects.none(), widget=forms.HiddenInput)
    kept = forms.CharField(max_length=MAX_KEPT, widget=forms.HiddenInput)
    paragraph = forms.CharField(
        label=gettext_lazy("Paragraph for questions that name none"),
        required=False,
        max_length=4,
        help_text=gettext_lazy("Such as P06. Each question can be given a better one later."),
    )

    def clean_kept(self) -> exchange.Reading:
        try:
            return _unpacked(self.cleaned_data["kept"])
        except signing.BadSignature as error:
            raise ValidationError(_("Choose the file once more.")) from error

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        number, course = data.get("paragraph", "").strip().upper(), data.get("course")
        data["paragraph"] = number
        if number and course is not None and not _paragraphs(course).filter(number=number).exists():
            self.add_error("paragraph", _("The article has no such paragraph."))
        return data


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do with the questions of a file, in its order.

    changed: names of those taken that the course has already.  left_out: (question, why).
    lacking: how many name no paragraph, while none is named for them.
    """

    taken: Sequence[QuestionDraft]
    changed: Collection[str]
    left_out: Sequence[tuple[str, str]]
    losses: Sequence[exchange.Losses]
    lacking: int


def import_page(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """Look at a file, then take of it what can be taken; what cannot is named first."""
    if "kept" in request.POST:
        return _confirm(model_admin, request)
    is_sent = request.method == "POST"
    form = FileForm(request.POST if is_sent else None, request.FILES or None, user=request.user)
    context: dict[str, Any] = {"form": form, "title": _("Import questions")}
    if is_sent and form.is_valid():
        course = form.cleaned_data["course"]
        reading = exchange.FORMATS[form.cleaned_data["format"]].read(form.cleaned_data["file"])
        kept = _packed(reading)
        if len(kept) > MAX_KEPT:
            form.add_error("file", _("The file holds more than can be taken at once; divide it."))
            return _page(model_admin, request, "import.html", context)
        confirm = ConfirmForm(initial={"course": course, "kept": kept}, user=request.user)
        context |= {"plan": _plan(course, reading, ""), "confirm": confirm}
    return _page(model_admin, request, "import.html", context)


def _confirm(model_admin: Any, request: HttpRequest) -> HttpResponse:
    form = ConfirmForm(request.POST, user=request.user)
    context: dict[str, Any] = {
        "form": FileForm(user=request.user),
        "title": _("Import questions"),
        "confirm": form,
    }
    data = form.cleaned_data if form.is_valid() else form.cleaned_data | {"paragraph": ""}
    course, reading = data.get("course"), data.get("kept")
    if course is not None and reading is not None:
        plan = _plan(course, reading, data["paragraph"])
        if form.is_valid() and plan.taken and not plan.lacking:
            services.questions_store(
                course=course,
                drafts=plan.taken,
                editor=check_signed_in(request.user),
                now=timezone.now(),
                note=_("Imported."),
            )
            words = ngettext(
                "%(count)d question is imported.",
                "%(count)d questions are imported.",
                len(plan.taken),
            )
            messages.success(request, words % {"count": len(plan.taken)})
            return HttpResponseRedirect(reverse("admin:quizzes_question_changelist"))
        if form.is_valid() and plan.lacking:
            form.add_error("paragraph", _("Name the paragraph that decides them."))
        context["plan"] = plan
    return _page(model_admin, request, "import.html", context)


def export_page(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """What the format cannot carry first; then the file."""
    is_sent = request.method == "POST"
    form = FormatForm(request.POST if is_sent else None, user=request.user)
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
        context |= {"losses": exchange.grouped(writing.losses), "count": len(drafts)}
    return _page(model_admin, request, "export.html", context)


def _page(
    model_admin: Any, request: HttpRequest, template: str, context: dict[str, Any]
) -> HttpResponse:
    common = {**model_admin.admin_site.each_context(request), "opts": model_admin.opts}
    return TemplateResponse(request, f"admin/quizzes/{template}", common | context)


def _plan(course: Course, reading: exchange.Reading, paragraph: str) -> Plan:
    """paragraph: for questions that name none; "" while it is not known.

    Queries: 3, those of `question_context`, and 1 for each question that names places.
    """
    first = _paragraphs(course).order_by("position").values_list("number", flat=True).first()
    stand_in = [each for each in (paragraph or first,) if each]
    context = selectors.question_context(course)
    slugs = [draft.slug for draft in reading.drafts]
    kinds = dict(selectors.questions_of(course).filter(slug__in=slugs).values_list("slug", "kind"))
    taken, left_out, lacking = [], [], 0
    unread = [(each.where, each.message) for each in reading.faults]
    unread += [(each.where, each.message) for each in reading.losses if each.code == "unsupported"]
    for where, message in sorted(unread):
        line = _("Line %(line)s") % {"line": where.line}
        left_out.append((f"{line}: {where.question}".removesuffix(": "), message))
    for read in reading.drafts:
        draft = _native(exchange.named(read, *stand_in))
        faults = services.draft_faults(course, draft, context)[0]
        if kinds.get(draft.slug, draft.kind) != draft.kind:
            message = _("The course has a question of this name and of another type.")
            faults.append(Fault("type", message))
        if faults:
            left_out += [(f"{draft.slug}: {fault.path}", fault.message) for fault in faults]
            continue
        taken.append(draft)
        lacking += not paragraph and (not read.sources or exchange.lacks_source(read.spec))
    lost = exchange.grouped(loss for loss in reading.losses if loss.code != "unsupported")
    return Plan(taken, kinds.keys() & {draft.slug for draft in taken}, left_out, lost, lacking)


def _paragraphs(course: Course) -> QuerySet[SourceParagraph]:
    return SourceParagraph.objects.filter(article__course=course)


def _packed(reading: exchange.Reading) -> str:
    """What was read, signed and small, to come back with the next form."""
    plain = {
        "drafts": [[draft.line, draft.as_data()] for draft in reading.drafts],
        "losses": [astuple(each) for each in reading.losses],
        "faults": [astuple(each) for each in reading.faults],
    }
    return signing.dumps(plain, salt=_SALT, compress=True)


def _unpacked(kept: str) -> exchange.Reading:
    """Raises: BadSignature, also for what is older than a day."""
    plain = signing.loads(kept, salt=_SALT, max_age=KEPT_SECONDS)
    return exchange.Reading(
        tuple(exchange.from_data(data, line) for line, data in plain["drafts"]),
        tuple(exchange.Loss(exchange.Where(*where), *rest) for where, *rest in plain["losses"]),
        tuple(exchange.Fault(exchange.Where(*where), *rest) for where, *rest in plain["faults"]),
    )


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
