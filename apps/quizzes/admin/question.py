"""Questions in the admin: list, form, preview, copy, retirement, and files in and out."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    JsonResponse,
)
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from apps.accounts.policies import check_signed_in
from apps.content.admin.base import ContentAdmin
from apps.core.admin import ScopedRelatedFilter
from apps.quizzes import presentation, selectors, services
from apps.quizzes.admin import transfer
from apps.quizzes.admin.forms import QuestionForm
from apps.quizzes.admin.layouts import LAYOUTS
from apps.quizzes.drafts import QuestionDraft
from apps.quizzes.models import Question
from apps.quizzes.types import TYPES
from apps.quizzes.types.contract import Labels

COMMON = [
    *("slug", "stem", "sources", "lesson_address", "anchor", "objective_keys"),
    *("tag_names", "difficulty", "bloom", "hint_lines", "explanation"),
]


class RetiredFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("offered", _("Offered")), ("retired", _("Retired"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() in {"offered", "retired"}:
            return queryset.filter(retired_at__isnull=self.value() == "offered")
        return queryset


def preview(model_admin: Any, request: HttpRequest, question: Question) -> HttpResponse:
    """The question as a student meets it: stored (GET), or as the form says it now (POST).

    The script of the form asks for JSON, and gets the question alone to show beside it.
    """
    draft = selectors.question_draft(question)
    if request.method == "POST":
        form = QuestionForm(request.POST, instance=question)
        form.is_valid()
        if form.spec_form.is_valid():
            draft = form.draft()
    context = selectors.question_context(question.course)
    faults, html = services.draft_faults(question.course, draft, context)
    shown = (
        None
        if any(fault.path.startswith("spec") for fault in faults)
        else _shown(question, draft, html)
    )
    if not request.accepts("text/html"):
        part = render_to_string(
            "admin/quizzes/_preview.html", {"faults": faults, "shown": shown}, request
        )
        return JsonResponse({"html": part})
    return model_admin.render_page(
        request,
        "../quizzes/preview.html",
        question,
        title=_("Preview"),
        faults=faults,
        shown=shown,
        versions=selectors.versions_asked(question),
    )


def duplicate(model_admin: Any, request: HttpRequest, question: Question) -> HttpResponse:
    """POST alone: a copy with a free name, open in the form."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    taken = set(Question.objects.filter(course=question.course).values_list("slug", flat=True))
    stem = question.slug[:110]
    slug = next(name for n in range(2, 1000) if (name := f"{stem}-{n}") not in taken)
    copy = services.question_duplicate(
        question=question, slug=slug, editor=check_signed_in(request.user), now=timezone.now()
    )
    messages.success(request, _("This is the copy; change what it asks."))
    return HttpResponseRedirect(model_admin.url_of(copy))


def retire(model_admin: Any, request: HttpRequest, question: Question) -> HttpResponse:
    """POST alone: offer it to no new attempt, or offer it again."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    deed = services.question_reinstate if question.retired_at else services.question_retire
    deed(question=question, editor=check_signed_in(request.user), now=timezone.now())
    messages.success(
        request, _("It is offered again.") if question.retired_at else _("It is retired.")
    )
    return HttpResponseRedirect(model_admin.url_of(question))


def _shown(question: Question, draft: QuestionDraft, html: dict[str, str]) -> dict[str, Any]:
    spec = selectors.spec_filled(question.course, draft.spec)
    kind, labels = TYPES[draft.kind], Labels("preview")
    view = presentation.shown(kind.view(spec, labels), html)
    return {
        "stem": presentation.shown({"path": "stem"}, html)["html"],
        "rule": presentation.rule_sentence(kind.rule_text(spec)),
        "item": presentation.widget(view, {}, prefix="preview"),
    }


@admin.register(Question)
class QuestionAdmin(ContentAdmin):
    form = QuestionForm
    change_form_template = "admin/quizzes/question_form.html"
    change_list_template = "admin/quizzes/question_list.html"
    list_display = ["asked", "kind", "lesson", "difficulty", "bloom", "version", "is_offered"]
    list_filter = [
        ("course", ScopedRelatedFilter),
        "kind",
        "difficulty",
        "bloom",
        RetiredFilter,
    ]
    list_select_related = ["current_version", "lesson", "course"]
    search_fields = ["slug", "current_version__stem", "tags__name"]
    ordering = ["course", "position", "pk"]
    pages = {"preview": preview, "duplicate": duplicate, "retire": retire}

    @admin.display(description=_("question"))
    def asked(self, question: Question) -> str:
        version = question.current_version
        text = strip_tags(version.html["stem"]) if version else ""
        return Truncator(text or question.slug).words(14)

    @admin.display(description=_("version"))
    def version(self, question: Question) -> int | None:
        return question.current_version.number if question.current_version else None

    @admin.display(description=_("offered"), boolean=True)
    def is_offered(self, question: Question) -> bool:
        return question.retired_at is None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows.select_related("current_version", "lesson__unit", "course__school")

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(f"{end}/", self.admin_site.admin_view(view), name=self.url_name(end))
            for end, view in (("import", self.import_view), ("export", self.export_view))
        ]
        return own + super().get_urls()

    def import_view(self, request: HttpRequest) -> HttpResponse:
        return transfer.import_page(self, request)

    def export_view(self, request: HttpRequest) -> HttpResponse:
        return transfer.export_page(self, request)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """First the type, then its form."""
        asked = request.POST.get("kind") or request.GET.get("kind")
        if asked not in LAYOUTS:
            context = {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "title": _("Which type of question?"),
                "kinds": [(kind, kind.replace("_", " ")) for kind in LAYOUTS],
            }
            return TemplateResponse(request, "admin/quizzes/kinds.html", context)
        return super().add_view(request, form_url, extra_context)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        question = kwargs.get("obj")
        if question is not None and question.pk:
            context["analysis"] = selectors.analysis_of_question(question)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return [(None, {"fields": ["course", "kind", *COMMON]})]
        return [(None, {"fields": ["kind", "expected_revision", *COMMON, "note"]})]

    def store(self, row: Any, data: dict[str, Any], *, editor: Any, now: Any) -> Any:
        draft = data["draft"]
        if row.pk is None:
            return services.question_create(course=row.course, draft=draft, editor=editor, now=now)
        return services.question_save(
            question=row,
            draft=draft,
            expected_revision=data["expected_revision"] or 0,
            editor=editor,
            now=now,
            note=data["note"],
        )

    def remove(self, row: Any, **writer: Any) -> None:
        services.question_delete(question=row, **writer)
