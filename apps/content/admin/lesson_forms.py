"""The lesson's form: its fields, its sections and its further reading, as one draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from adminsortable2.admin import CustomInlineFormSet
from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext, gettext_lazy as _

from apps.content.admin.widgets import KeysField, LinesField, MarkdownInput, SlugInput
from apps.content.models import FurtherReading, Lesson, Section

if TYPE_CHECKING:
    LessonModelForm = forms.ModelForm[Lesson]
    SectionModelForm = forms.ModelForm[Section]
    FurtherReadingModelForm = forms.ModelForm[FurtherReading]
else:
    LessonModelForm = SectionModelForm = FurtherReadingModelForm = forms.ModelForm


class LessonForm(LessonModelForm):
    """`expected_revision` is the draft that this form was opened on; see services.lesson_save."""

    objectives = LinesField(
        label=_("Learning objectives"),
        help_text=_("Two to four, one a line: what a student can do after this lesson."),
    )
    summary = LinesField(label=_("Summary"), help_text=_("Two to four key points, one a line."))
    questions = LinesField(
        label=_("Questions to think about"),
        rows=3,
        help_text=_("Two or three, one a line, without one right answer."),
    )
    expected_revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Lesson
        fields = ["title", "unit", "slug", "objectives", "summary", "questions"]
        widgets = {"slug": SlugInput("title"), "title": forms.TextInput({"class": "title-input"})}
        help_texts = {
            "slug": _("The end of the lesson's web address. It cannot be changed later."),
            "title": _("Plain words, as students will see them in the outline."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["expected_revision"] = self.instance.revision


class SectionForm(SectionModelForm):
    """One section. `public_id` tells which section of the draft it is; empty means a new one."""

    public_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    sources = KeysField(
        "paragraphs",
        label=_("Source paragraphs"),
        help_text=_("What this section retells: one to three paragraphs of the article."),
    )

    class Meta:
        model = Section
        fields = ["heading", "anchor", "body"]
        widgets = {
            "body": MarkdownInput(),
            "anchor": SlugInput("heading"),
            "heading": forms.TextInput({"class": "heading-input"}),
        }
        help_texts = {
            "anchor": _("The end of a link to this section. Made from the heading when left empty."),
            "body": "",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["anchor"].required = False
        if self.instance.pk:
            self.initial["public_id"] = self.instance.public_id
            self.initial["sources"] = [
                source.paragraph.number for source in self.instance.sources.all()
            ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("anchor") and data.get("heading"):
            data["anchor"] = slugify(data["heading"])[:80].strip("-") or "section"
        return data

    def validate_constraints(self) -> None:
        """The formset compares anchors; the row that holds one now may be this very section."""


class DraftFormSet(CustomInlineFormSet):  # type: ignore[misc]
    """A list of forms that is the whole list: what is not in it is gone from the draft.

    Posted forms are told apart by what they say (`identity`), not by their place: sections are
    dragged, and somebody else may have added or removed one since this page was opened.
    """

    order_label = _("Order")

    def initial_form_count(self) -> int:
        return 0 if self.is_bound else super().initial_form_count()  # type: ignore[no-any-return]

    def add_fields(self, form: forms.BaseForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["position"] = forms.IntegerField(
            label=self.order_label,
            required=False,
            min_value=1,
            widget=forms.NumberInput({"class": "_reorder_", "min": 1}),
        )
        if index is not None:
            form.initial["position"] = index + 1

    def in_order(self) -> list[dict[str, Any]]:
        """The valid values of every form that stays, in the author's order."""
        kept = [
            (form.cleaned_data.get("position") or len(self.forms) + place, place, form.cleaned_data)
            for place, form in enumerate(self.forms)
            if getattr(form, "cleaned_data", None) and form not in self.deleted_forms
        ]
        return [data for _position, _place, data in sorted(kept, key=lambda entry: entry[:2])]


class SectionFormSet(DraftFormSet):
    def clean(self) -> None:
        taken: set[str] = set()
        for form in self.forms:
            if form in self.deleted_forms or not getattr(form, "cleaned_data", None):
                continue
            anchor = form.cleaned_data.get("anchor")
            if anchor in taken:
                form.add_error("anchor", gettext("Another section of this lesson has this anchor."))
            taken.add(anchor)


class FurtherReadingForm(FurtherReadingModelForm):
    work = KeysField("references", many=False, required=True, label=_("Work"))

    class Meta:
        model = FurtherReading
        fields = ["note"]
        widgets = {"note": forms.Textarea({"rows": 2})}
        labels = {"note": _("Why read it")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["work"] = [self.instance.reference.key]

    def validate_constraints(self) -> None:
        """The formset compares the works."""


class FurtherReadingFormSet(DraftFormSet):
    def clean(self) -> None:
        taken: set[str] = set()
        for form in self.forms:
            if form in self.deleted_forms or not getattr(form, "cleaned_data", None):
                continue
            keys = form.cleaned_data.get("work") or [""]
            if keys[0] in taken:
                form.add_error("work", gettext("This work is in the list already."))
            taken.add(keys[0])
