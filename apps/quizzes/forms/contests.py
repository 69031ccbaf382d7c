"""A student's objection to an item."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.content.models import Course, Reference, SourceParagraph


class ParagraphField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: SourceParagraph) -> str:
        return f"{obj.number}: {obj.gist}"[:110]


class ContestForm(forms.Form):
    text = forms.CharField(
        label=_("What is wrong with the item?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )
    paragraph = ParagraphField(
        label=_("The paragraph that speaks for you"),
        queryset=SourceParagraph.objects.none(),
        required=False,
        empty_label=_("none"),
    )
    reference = forms.ModelChoiceField(
        label=_("or the work"),
        queryset=Reference.objects.none(),
        required=False,
        empty_label=_("none"),
    )
    locator = forms.CharField(
        label=_("Page or passage"), max_length=120, required=False, help_text=_("Such as “p. 92”.")
    )

    def __init__(self, *args: object, course: Course, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        paragraphs = SourceParagraph.objects.filter(article__course=course).order_by("number")
        self.fields["paragraph"].queryset = paragraphs  # type: ignore[attr-defined]
        self.fields["reference"].queryset = Reference.objects.filter(  # type: ignore[attr-defined]
            course=course
        ).order_by("key")
