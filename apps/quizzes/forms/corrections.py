"""How a question is to count after all."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.quizzes.enums import CorrectionKind, CorrectionScope
from apps.quizzes.models import Assignment, Question, QuestionVersion
from apps.quizzes.selectors import Reach


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
    scope = forms.ChoiceField(label=_("For whom"), choices=(), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("Students read it, and it stays in the ledger beside each changed grade."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def __init__(
        self, data: MultiValueDict[str, str] | None = None, *, question: Question, reach: Reach
    ) -> None:
        """reach: whose grades may change; with one possibility there is nothing to choose."""
        super().__init__(data)
        self.reach = reach
        self.fields["scope"].choices = [  # type: ignore[attr-defined]
            (scope, self._scope_label(scope)) for scope in reach.scopes
        ]
        self.fields["scope"].initial = CorrectionScope.CLASS
        if len(reach.scopes) == 1:
            del self.fields["scope"]
        versions = question.versions.order_by("-number")
        self.fields["version"].queryset = versions  # type: ignore[attr-defined]
        kinds = list(CorrectionKind.choices)
        if len(versions) < 2:
            del self.fields["version"]
            kinds = [choice for choice in kinds if choice[0] != CorrectionKind.REKEY]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]

    def _scope_label(self, scope: CorrectionScope) -> str:
        if scope == CorrectionScope.CLASS:
            return str(scope.label)
        count = self.reach.classes[scope]
        counted = ngettext("%(count)d class", "%(count)d classes", count) % {"count": count}
        return f"{scope.label} ({counted})"

    @property
    def assignments(self) -> list[Assignment | None]:
        """Where the correction holds, once the form is valid."""
        scope = CorrectionScope(self.cleaned_data.get("scope") or CorrectionScope.CLASS)
        return self.reach.assignments[scope]

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("kind") != CorrectionKind.REKEY:
            said["version"] = None
        elif said.get("version") is None and "version" not in self.errors:
            self.add_error("version", _("Name the corrected version to grade by."))
        return said
