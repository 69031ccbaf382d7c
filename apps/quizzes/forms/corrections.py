"""How a question is to count after all."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from apps.quizzes.enums import CorrectionKind
from apps.quizzes.models import Question, QuestionVersion


class VersionField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: QuestionVersion) -> str:
        words = _("Version %(number)d: %(note)s") % {"number": obj.number, "note": obj.note}
        return words.rstrip(": ")


class CorrectionForm(forms.Form):
    kind = forms.ChoiceField(label=_("What is to happen"), choices=(), widget=forms.RadioSelect)
    version = VersionField(
        label=_("The version to grade by"),
        queryset=QuestionVersion.objects.none(),
        required=False,
        to_field_name="public_id",
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("Students read it, and it stays in the ledger beside each changed grade."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def __init__(self, data: MultiValueDict[str, str] | None = None, *, question: Question) -> None:
        super().__init__(data)
        versions = question.versions.order_by("-number")
        self.fields["version"].queryset = versions  # type: ignore[attr-defined]
        kinds = list(CorrectionKind.choices)
        if len(versions) < 2:
            del self.fields["version"]
            kinds = [choice for choice in kinds if choice[0] != CorrectionKind.REKEY]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("kind") != CorrectionKind.REKEY:
            said["version"] = None
        elif said.get("version") is None and "version" not in self.errors:
            self.add_error("version", _("Name the corrected version to grade by."))
        return said
