"""Column types of the content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models

from apps.content.dates import parse_edtf

if TYPE_CHECKING:
    EdtfBase = models.CharField[str, str]
else:
    EdtfBase = models.CharField


def validate_edtf(value: str) -> None:
    try:
        parse_edtf(value)
    except ValueError as error:
        raise ValidationError(str(error)) from error


class EdtfField(EdtfBase):
    """A column that holds an EDTF date as its author wrote it."""

    default_validators = [validate_edtf]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 24)
        super().__init__(*args, **kwargs)
