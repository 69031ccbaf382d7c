"""A question as its author fills it in; services.bank checks and stores it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.content.admin.forms import ServiceForm
from apps.content.admin.widgets import KeysField, MarkdownInput
from apps.quizzes import selectors
from apps.quizzes.admin.layouts import (
    LAYOUTS,
    SPARE,
    Cell,
    Rows,
    field_of,
    fields_of,
    row_count,
    spec_of,
)
from apps.quizzes.drafts import HintDraft, QuestionDraft
from apps.quizzes.errors import InvalidDraft
from apps.quizzes.models import Question

# {part of a spec: what its field is called, and what belongs there}
LABELS: Mapping[str, tuple[Any, Any]] = {
    "rule": (gettext_lazy("Rule for points"), ""),
    "shuffle": (gettext_lazy("Shuffle"), ""),
    "options": (gettext_lazy("Options"), ""),
    "answers": (gettext_lazy("Answers"), gettext_lazy("The first that matches counts.")),
    "reasons": (gettext_lazy("Reasons"), gettext_lazy("Where students choose one.")),
    "items": (gettext_lazy("Items"), gettext_lazy("Of an order: in the right order.")),
    "pairs": (gettext_lazy("Pairs"), ""),
    "distractors": (gettext_lazy("Further answers"), gettext_lazy("They match nothing.")),
    "categories": (gettext_lazy("Categories"), ""),
    "marks": (gettext_lazy("Marks on the map"), gettext_lazy("Places by their address.")),
    "passages": (gettext_lazy("Passages"), gettext_lazy("Word for word, of a lesson's section.")),
    "gaps": (gettext_lazy("Gaps"), gettext_lazy("{{1}} in the text is the gap 1.")),
    "rubric": (gettext_lazy("Rubric"), ""),
    "units": (gettext_lazy("Units"), gettext_lazy("The first is the base.")),
    "id": (gettext_lazy("Id"), ""),
    "text": (gettext_lazy("Text"), ""),
    "is_key": (gettext_lazy("Right"), ""),
    "is_true": (gettext_lazy("The statement is true"), ""),
    "feedback": (gettext_lazy("Feedback"), ""),
    "source": (gettext_lazy("Paragraph"), ""),
    "credit": (gettext_lazy("Share of the points"), ""),
    "levels": (gettext_lazy("Levels"), gettext_lazy("One a line: 0.5 | what it takes")),
}
HELP_OF_LINES = gettext_lazy("One a line: %(columns)s")


class SpecForm(forms.Form):
    """The fields of a type, for what a spec of it says."""

    def __init__(
        self, kind: str, data: Mapping[str, Any] | None, *, spec: Mapping[str, Any]
    ) -> None:
        super().__init__(data, prefix="spec", auto_id="id_%s")
        self.parts = LAYOUTS[kind]
        self.before = spec
        shown = fields_of(self.parts, spec)
        sent = {name.removeprefix("spec-"): "" for name in data or () if name.startswith("spec-")}
        for part in self.parts:
            if isinstance(part, Cell):
                self.fields[part.name] = _field(part, shown.get(part.name))
                continue
            count = len(spec.get(part.name) or ()) or part.begins_with
            count = max(count + SPARE, row_count(part.name, sent))
            for place in range(count):
                for cell in part.cells:
                    path = f"{part.name}.{place}.{cell.name}"
                    self.fields[path] = _field(cell, shown.get(path))

    def groups(self) -> Iterator[tuple[Any, Any, BoundField | None, list[list[BoundField]]]]:
        """(label, help, field or None, rows of fields) of each part, in order."""
        for part in self.parts:
            label, help_text = LABELS.get(part.name, (part.name.replace("_", " "), ""))
            if isinstance(part, Cell):
                yield label, help_text, self[part.name], []
                continue
            count = row_count(part.name, self.fields)
            rows = [
                [self[f"{part.name}.{place}.{cell.name}"] for cell in part.cells]
                for place in range(count)
            ]
            yield label, help_text, None, rows

    @property
    def spec(self) -> dict[str, Any]:
        """Once it is valid: what the fields say."""
        return spec_of(self.parts, self.cleaned_data, self.before)

    def refuse(self, path: str, message: str) -> None:
        """Show a fault of the spec at its field; `path` is without "spec."."""
        rows = {
            part.name: [
                {"id": self.cleaned_data.get(f"{part.name}.{place}.id")}
                for place in range(row_count(part.name, self.fields))
            ]
            for part in self.parts
            if isinstance(part, Rows)
        }
        name = field_of(self.parts, path, rows)
        self.add_error(name if name in self.fields else None, message)


class QuestionForm(ServiceForm):
    """Everything of a question; `spec_form` holds what belongs to its type."""

    kind = forms.CharField(widget=forms.HiddenInput, required=False)
    stem = forms.CharField(
        label=gettext_lazy("Question"), widget=MarkdownInput(is_short=True), strip=True
    )
    sources = KeysField(
        "paragraphs",
        label=gettext_lazy("Decided by"),
        help_text=gettext_lazy("One to three paragraphs of the article; the main one first."),
    )
    lesson_address = KeysField(
        "lessons",
        many=False,
        label=gettext_lazy("Lesson"),
        help_text=gettext_lazy("unit/lesson, as in its address."),
        widget=forms.TextInput({"spellcheck": "false"}),
    )
    objective_keys = forms.CharField(
        label=gettext_lazy("Objectives"),
        required=False,
        help_text=gettext_lazy(
            "Those of the lesson that it tests, by the keys that stand after them, separated by "
            "spaces."
        ),
        widget=forms.TextInput({"spellcheck": "false"}),
    )
    tag_names = forms.CharField(
        label=gettext_lazy("Tags"),
        required=False,
        help_text=gettext_lazy("Small letters and hyphens, separated by spaces."),
    )
    hint_lines = forms.CharField(
        label=gettext_lazy("Hints"),
        required=False,
        help_text=gettext_lazy(
            "One a line, at most three, after the share of the points that it costs: 0.25 | Think."
        ),
        widget=forms.Textarea({"rows": 3}),
    )
    explanation = forms.CharField(
        label=gettext_lazy("Explanation"),
        help_text=gettext_lazy("Shown with the feedback, whatever was answered."),
        widget=MarkdownInput(is_short=True),
        required=False,
    )
    note = forms.CharField(
        label=gettext_lazy("Why it changed"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("For the record, where this makes a new version."),
    )
    expected_revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Question
        fields = ["slug", "anchor", "difficulty", "bloom"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        draft = selectors.question_draft(self.instance) if self.instance.pk else None
        asked = self.data.get("kind") or self.initial.get("kind")
        kind = draft.kind if draft else str(asked)
        self.question_kind = kind if kind in LAYOUTS else "single_choice"
        self.initial["kind"] = self.question_kind
        if draft is not None:
            self.initial = {
                **self.initial,
                "stem": draft.stem,
                "sources": list(draft.sources),
                "lesson_address": draft.lesson,
                "objective_keys": " ".join(draft.objectives),
                "tag_names": " ".join(draft.tags),
                "hint_lines": "\n".join(f"{hint.cost} | {hint.text}" for hint in draft.hints),
                "explanation": draft.explanation,
                "expected_revision": self.instance.revision,
            }
        data = self.data if self.is_bound else None
        self.spec_form = SpecForm(self.question_kind, data, spec=draft.spec if draft else {})

    def clean_hint_lines(self) -> tuple[HintDraft, ...]:
        hints = []
        for line in self.cleaned_data["hint_lines"].splitlines():
            if not line.strip():
                continue
            cost, bar, text = line.partition("|")
            try:
                hints.append(HintDraft(text.strip(), Decimal(cost.strip())))
            except InvalidOperation:
                bar = ""
            if not bar:
                raise ValidationError(_("Write a number, a bar and the hint: 0.25 | Think of …"))
        return tuple(hints)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.spec_form.is_valid():
            data["draft"] = self.draft()
        if isinstance(self.refusal, InvalidDraft):
            self.errors.pop("__all__", None)
            for fault in self.refusal.faults:
                self._show(fault.path, fault.message)
        return data

    def draft(self) -> QuestionDraft:
        """What the fields say, right or wrong."""
        data = self.cleaned_data
        return QuestionDraft(
            slug=data.get("slug") or self.instance.slug,
            kind=self.question_kind,
            stem=_lines(data.get("stem", "")),
            spec=self.spec_form.spec,
            lesson=" ".join(data.get("lesson_address") or []),
            anchor=data.get("anchor", ""),
            objectives=tuple(
                dict.fromkeys(re.findall(r"[^\s,;]+", data.get("objective_keys", "")))
            ),
            sources=tuple(data.get("sources") or ()),
            tags=tuple(sorted(set(data.get("tag_names", "").split()))),
            difficulty=data.get("difficulty", "medium"),
            bloom=data.get("bloom", "remember"),
            hints=data.get("hint_lines") or (),
            explanation=_lines(data.get("explanation", "")),
        )

    def _show(self, path: str, message: str) -> None:
        names = {"lesson": "lesson_address", "objectives": "objective_keys"}
        names |= {"tags": "tag_names", "hints": "hint_lines"}
        head, _dot, rest = path.partition(".")
        if head == "spec":
            self.spec_form.refuse(rest, message)
            self.add_error(None, message if not rest else f"{rest}: {message}")
            return
        name = names.get(head, head)
        self.add_error(name if name in self.fields else None, message)


def _field(cell: Cell, initial: Any) -> forms.Field:
    label, _help = LABELS.get(cell.name, (cell.name.replace("_", " "), ""))
    common: dict[str, Any] = {"label": label, "required": False, "initial": initial}
    if cell.kind == "flag":
        return forms.BooleanField(**common)
    named = [(name, name.replace("_", " ")) for name in cell.choices]
    if cell.kind == "choice":
        return forms.ChoiceField(
            choices=[("", "–"), *named] if cell.is_optional else named, **common
        )
    if cell.kind == "many":
        return forms.MultipleChoiceField(
            choices=named, widget=forms.CheckboxSelectMultiple, **common
        )
    if cell.kind in {"long", "lines"}:
        columns = " | ".join(column.name for column in cell.columns)
        if columns:
            common["help_text"] = HELP_OF_LINES % {"columns": columns}
        return forms.CharField(widget=forms.Textarea({"rows": 2, "dir": "auto"}), **common)
    return forms.CharField(widget=forms.TextInput({"size": 12}), **common)


def _lines(text: str) -> str:
    """One kind of line end, as course files have it."""
    return re.sub(r"\r\n?", "\n", text).strip()
