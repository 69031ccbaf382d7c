"""What a reader may ask a list for. What cannot be understood is left out, never an error page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from apps.content.enums import EvidenceKind


class LenientForm(forms.Form):
    """A GET form whose `understood` holds the fields that were right, and None for the others."""

    def understood(self) -> dict[str, Any]:
        self.is_valid()
        return {name: self.cleaned_data.get(name) for name in self.fields}


class BibliographyForm(LenientForm):
    kind = forms.ChoiceField(choices=EvidenceKind.choices, required=False)
    doubtful = forms.BooleanField(required=False)


class TimelineForm(LenientForm):
    actor = forms.SlugField(required=False)
    first = forms.IntegerField(
        required=False, validators=[MinValueValidator(1), MaxValueValidator(9999)]
    )
    last = forms.IntegerField(
        required=False, validators=[MinValueValidator(1), MaxValueValidator(9999)]
    )


class SearchForm(LenientForm):
    q = forms.CharField(required=False, max_length=200)
    kind = forms.CharField(required=False)
    page = forms.IntegerField(required=False, validators=[MinValueValidator(1)])
