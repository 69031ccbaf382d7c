"""The lesson's form: its fields, its sections and its further reading, as one draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from adminsortable2.admin import CustomInlineFormSet
from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.content.admin.forms import ServiceForm, check_keys
from apps.content.admin.widgets import KeysField, LinesField, MarkdownInput, SlugInput
from apps.content.drafts import LessonDraft, ReadingDraft, SectionDraft
from apps.content.models import (
    Course,
    FurtherReading,
    Lesson,
    Reference,
    Section,
    SourceParagraph,
)

if TYPE_CHECKING:
    SectionModelForm = forms.ModelForm[Section]
    FurtherReadingModelForm = forms.ModelForm[FurtherReading]
else:
    SectionModelForm = FurtherReadingModelForm = forms.ModelForm


def order_field() -> forms.IntegerField:
    """A place in a list, from 1; adminsortable2 finds it by its class."""
    return forms.IntegerField(
        label=_("Order"),
        required=False,
        min_value=1,
        widget=forms.NumberInput({"class": "_reorder_", "min": 1}),
    )


class LessonForm(ServiceForm):
    """`expected_revision` is the draft that this form was opened on; see services.lesson_save."""

    objectives = LinesField(
        label=_("Learning objectives"),
        help_text=_(
            "Two to four, one a line: what a student can do after this lesson. With a key at its "
            "end, such as {#first-contact}, questions can name it; keep the key when you reword."
        ),
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

    def revision_to_replace(self) -> int:
        """The revision that this save may replace: a newer one only where the person says so."""
        try:
            return int(self.data.get("_overwrite") or self.cleaned_data["expected_revision"] or 0)
        except ValueError:
            return 0


class SectionForm(SectionModelForm):
    """One section. `row_id` tells which section of the draft it is; empty means a new one."""

    row_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
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
            "anchor": _(
                "The end of a link to this section. Made from the heading when left empty."
            ),
            "body": "",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["anchor"].required = False
        if self.instance.pk:
            self.initial["row_id"] = self.instance.public_id
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

    def initial_form_count(self) -> int:
        return 0 if self.is_bound else super().initial_form_count()  # type: ignore[no-any-return]

    def add_fields(self, form: forms.BaseForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["position"] = order_field()
        if index is not None:
            form.initial["position"] = index + 1

    def kept_forms(self) -> list[forms.BaseForm]:
        """Every form that is filled in and stays, in the author's order."""
        kept = [
            (form.cleaned_data.get("position") or len(self.forms) + place, place, form)
            for place, form in enumerate(self.forms)
            if getattr(form, "cleaned_data", None) and not form.cleaned_data.get("DELETE")
        ]
        return [form for _position, _place, form in sorted(kept, key=lambda entry: entry[:2])]

    def clean(self) -> None:
        """Each form in its own words; `validate_unique` would ask the rows, which may move."""
        course = self.course()
        taken: set[str] = set()
        for form in self.kept_forms():
            self.check_form(form, course, taken)

    def course(self) -> Course | None:
        """The lesson's course; None while its unit is not chosen."""
        return self.instance.unit.course if self.instance.unit_id else None

    def check_form(self, form: Any, course: Course | None, taken: set[str]) -> None:
        raise NotImplementedError


class SectionFormSet(DraftFormSet):
    def check_form(self, form: Any, course: Course | None, taken: set[str]) -> None:
        anchor = form.cleaned_data.get("anchor", "")
        if anchor in taken:
            form.add_error("anchor", gettext("Another section of this lesson has this anchor."))
        taken.add(anchor)
        check_keys(
            form,
            "sources",
            SourceParagraph.objects.filter(article__course=course).values_list("number", flat=True),
            gettext("The article has no paragraph %(key)s."),
        )


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
    def check_form(self, form: Any, course: Course | None, taken: set[str]) -> None:
        key = next(iter(form.cleaned_data.get("work", [])), "")
        if key in taken:
            form.add_error("work", gettext("This work is in the list already."))
        taken.add(key)
        check_keys(
            form,
            "work",
            Reference.objects.filter(course=course).values_list("key", flat=True),
            gettext("The course has no reference “%(key)s”."),
        )


def draft_of_forms(form: Any, formsets: Any) -> LessonDraft:
    """What the forms say, as far as they are valid; a preview shows a text before it is right."""
    sections, readings = formsets or ((), ())
    data = getattr(form, "cleaned_data", {})
    return LessonDraft(
        title=data.get("title", ""),
        slug=data.get("slug") or form.instance.slug,
        objectives=tuple(data.get("objectives", ())),
        summary=tuple(data.get("summary", ())),
        questions=tuple(data.get("questions", ())),
        sections=tuple(
            SectionDraft(
                anchor=one.cleaned_data.get("anchor", ""),
                heading=one.cleaned_data.get("heading", ""),
                body=one.cleaned_data.get("body", ""),
                paragraphs=tuple(one.cleaned_data.get("sources", ())),
                public_id=one.cleaned_data.get("row_id"),
            )
            for one in (sections.kept_forms() if sections else ())
        ),
        further_reading=tuple(
            ReadingDraft(one.cleaned_data["work"][0], one.cleaned_data.get("note", ""))
            for one in (readings.kept_forms() if readings else ())
            if one.cleaned_data.get("work")
        ),
    )
