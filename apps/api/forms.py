from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.api.enums import Scope

DAYS = (
    (7, _("a week")),
    (30, _("30 days")),
    (90, _("90 days")),
    (365, _("a year")),
)


class PersonalTokenForm(forms.Form):
    """What a person says of a key of their own."""

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("What it is for, so that you know it again."),
    )
    days = forms.TypedChoiceField(label=_("Good for"), choices=DAYS, coerce=int, initial=30)
    scopes = forms.MultipleChoiceField(
        label=_("It may"),
        choices=[(scope.value, scope.label) for scope in Scope],
        widget=forms.CheckboxSelectMultiple,
    )

    def clean_name(self) -> Any:
        return self.cleaned_data["name"].strip()
