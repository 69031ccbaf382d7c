"""Quizzes in the admin: what they are, and their items as lines."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.content.admin.base import ContentAdmin
from apps.content.admin.forms import ServiceForm
from apps.content.admin.widgets import KeysField, MarkdownInput
from apps.core.admin import ScopedRelatedFilter
from apps.quizzes import selectors, services
from apps.quizzes.drafts import QuizDraft, QuizItemDraft
from apps.quizzes.enums import Difficulty
from apps.quizzes.errors import InvalidDraft
from apps.quizzes.models import Quiz

FIELDS = (
    *("title", "slug", "kind", "lesson_address", "unit_slug", "intro", "item_lines"),
    *("layout", "shuffle_items", "is_practice"),
)
_STORED = ("title", "slug", "kind", "layout", "shuffle_items", "is_practice")
_DRAW = re.compile(r"draw\s+(\d{1,3})\s*(.*)", re.IGNORECASE)


def item_line(item: QuizItemDraft) -> str:
    """A question by its name, or "draw 3 tag tag unit=history easy"; then "| points"."""
    asked = item.question
    if not asked:
        wanted = [*item.tags, *([f"unit={item.unit}"] if item.unit else [])]
        asked = " ".join(["draw", str(item.draw), *wanted, *filter(None, [item.difficulty])])
    return f"{asked} | {item.points.normalize():f}"


def item_of(line: str) -> QuizItemDraft:
    """What a line says.  Raises: ValidationError."""
    asked, _bar, worth = (part.strip() for part in line.partition("|"))
    try:
        points = Decimal(worth or 1)
    except InvalidOperation:
        message = _("“%(line)s”: the points are no number.")
        raise ValidationError(message % {"line": line[:60]}) from None
    draw = _DRAW.fullmatch(asked)
    if draw is None:
        return QuizItemDraft(question=asked, points=points)
    words = draw[2].split()
    unit = next((word[5:] for word in words if word.startswith("unit=")), "")
    difficulty = next((word for word in words if word in Difficulty.values), "")
    tags = [word for word in words if not word.startswith("unit=") and word != difficulty]
    return QuizItemDraft(
        draw=int(draw[1]), tags=tuple(tags), unit=unit, difficulty=difficulty, points=points
    )


class QuizForm(ServiceForm):
    item_lines = forms.CharField(
        label=gettext_lazy("Questions"),
        help_text=gettext_lazy(
            "One a line: the question’s name | its points. Or a draw for each attempt: "
            "draw 3 chronology unit=history easy | 1."
        ),
        widget=forms.Textarea({"rows": 14, "spellcheck": "false"}),
    )
    lesson_address = KeysField(
        "lessons",
        many=False,
        label=gettext_lazy("Lesson"),
        help_text=gettext_lazy("unit/lesson; of a check-up."),
        widget=forms.TextInput({"spellcheck": "false"}),
    )
    unit_slug = forms.CharField(
        label=gettext_lazy("Unit"), required=False, help_text=gettext_lazy("Of a unit quiz.")
    )
    intro = forms.CharField(
        label=gettext_lazy("Introduction"), required=False, widget=MarkdownInput(is_short=True)
    )
    expected_revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Quiz
        fields = _STORED

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            return
        draft = selectors.quiz_draft(self.instance)
        self.initial = {
            **self.initial,
            "item_lines": "\n".join(item_line(item) for item in draft.items),
            "lesson_address": draft.lesson,
            "unit_slug": draft.unit,
            "intro": draft.intro,
            "expected_revision": self.instance.revision,
        }

    def clean_item_lines(self) -> tuple[QuizItemDraft, ...]:
        lines = self.cleaned_data["item_lines"].splitlines()
        return tuple(item_of(line.strip()) for line in lines if line.strip())

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if isinstance(self.refusal, InvalidDraft):
            self.errors.pop("__all__", None)
            names = {"items": "item_lines", "lesson": "lesson_address", "unit": "unit_slug"}
            for fault in self.refusal.faults:
                head, _dot, rest = fault.path.partition(".")
                name = names.get(head, head)
                words = f"{rest}: {fault.message}" if rest else fault.message
                self.add_error(name if name in self.fields else None, words)
        return data

    def draft(self) -> QuizDraft:
        data = self.cleaned_data
        return QuizDraft(
            **{name: data[name] for name in _STORED},
            lesson=" ".join(data["lesson_address"]),
            unit=data["unit_slug"],
            intro=data["intro"].replace("\r\n", "\n").strip(),
            items=data["item_lines"],
        )


@admin.register(Quiz)
class QuizAdmin(ContentAdmin):
    form = QuizForm
    list_display = ["title", "kind", "course", "item_count", "is_practice"]
    list_filter = [("course", ScopedRelatedFilter), "kind", "is_practice"]
    list_select_related = ["course"]
    search_fields = ["title", "slug"]
    ordering = ["course", "position", "pk"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*FIELDS, "expected_revision"] if obj else ["course", *FIELDS]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = (
            super().get_queryset(request).select_related("lesson__unit", "unit", "course__school")
        )
        return rows.annotate(items_number=Count("items"))

    @admin.display(description=gettext_lazy("lines"))
    def item_count(self, quiz: Any) -> int:
        return int(quiz.items_number)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        form.cleaned_data["draft"] = form.draft()
        super().save_model(request, obj, form, change)

    def store(self, row: Any, data: dict[str, Any], *, editor: Any, now: Any) -> Any:
        if row.pk is None:
            return services.quiz_create(
                course=row.course, draft=data["draft"], editor=editor, now=now
            )
        return services.quiz_save(
            quiz=row,
            draft=data["draft"],
            expected_revision=data["expected_revision"] or 0,
            editor=editor,
            now=now,
        )

    def remove(self, row: Any, **writer: Any) -> None:
        services.quiz_delete(quiz=row, **writer)
