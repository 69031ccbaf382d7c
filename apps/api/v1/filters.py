"""Filters of lists that refuse what they do not understand."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError


class _TrueOrFalse(forms.Field):
    widget = forms.TextInput

    def to_python(self, value: Any) -> bool | None:
        if value in self.empty_values:
            return None
        if value not in ("true", "false"):
            raise ValidationError("Say `true` or `false`.")
        return bool(value == "true")


class BooleanFilter(django_filters.BooleanFilter):
    """`true` or `false`; Django's own field takes any other word for no filter at all."""

    field_class = _TrueOrFalse

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"widget": forms.TextInput, **kwargs})
