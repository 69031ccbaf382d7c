from __future__ import annotations

from collections.abc import Mapping

from django import forms

from apps.core.errors import DomainError
from apps.quizzes.errors import InvalidDraft


def refuse(form: forms.Form, error: DomainError, names: Mapping[str, str] | None = None) -> None:
    """Show a rule's no in the form: each fault at its field, everything else above.

    names: {path of a fault: field}, where they differ.
    """
    if not isinstance(error, InvalidDraft):
        form.add_error(None, error.message)
        return
    for fault in error.faults:
        name = (names or {}).get(fault.path, fault.path)
        form.add_error(name if name in form.fields else None, fault.message)
