from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from apps.content.models import Course
from apps.core.errors import DomainError

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Any]
else:
    ModelForm = forms.ModelForm


class ServiceForm(ModelForm):
    """A form whose values a service stores; what the service refused is shown at its field.

    The page is answered twice when a service says no: the second time `refusal` holds its error,
    so that everything the person wrote stays in the form.
    """

    refusal: DomainError | ValidationError | None = None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        refusal = self.refusal
        if isinstance(refusal, ValidationError) and hasattr(refusal, "error_dict"):
            for field, messages in refusal.message_dict.items():
                self._refuse(field, messages)
        elif isinstance(refusal, ValidationError):
            self._refuse("", refusal.messages)
        elif refusal is not None:
            self._refuse(getattr(refusal, "field", ""), [refusal.message])
        return data

    def course(self) -> Course | None:
        """The course of what is edited; None while it is not chosen."""
        chosen: Course | None = self.cleaned_data.get("course")
        return chosen or (self.instance.course if self.instance.course_id else None)

    def _refuse(self, field: str, messages: list[str]) -> None:
        for message in messages:
            self.add_error(field if field in self.fields else None, message)


def check_keys(form: Any, field: str, known: Iterable[str], message: str) -> None:
    """Refuse, at `field`, keys that are not among `known`.  message: with %(key)s."""
    given = form.cleaned_data.get(field)
    missing = [key for key in given if key not in set(known)] if given else []
    if missing:
        form.add_error(field, message % {"key": ", ".join(missing)})
