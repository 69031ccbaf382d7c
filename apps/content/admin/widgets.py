"""Fields of the admin that a script makes friendlier and that work as plain text without it."""

from __future__ import annotations

import re
from typing import Any, Literal

from django import forms
from django.forms.widgets import Script
from django.utils.translation import gettext_lazy as _

PickerKind = Literal["references", "paragraphs", "terms", "figures", "actors", "lessons"]

PICKER_CALLS = {
    "references": _("Choose a work…"),
    "paragraphs": _("Choose a paragraph…"),
    "actors": _("Choose an actor…"),
}


class PickerInput(forms.TextInput):
    """Keys of rows of the course, separated by spaces, in the author's order."""

    template_name = "admin/content/widgets/picker.html"

    def __init__(
        self, kind: PickerKind, *, many: bool, attrs: dict[str, Any] | None = None
    ) -> None:
        super().__init__({"autocomplete": "off", "spellcheck": "false", **(attrs or {})})
        self.kind = kind
        self.many = many

    @property
    def media(self) -> forms.Media:
        return forms.Media(js=[Script("admin-ours/js/picker.js", defer=True)])

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"] |= {
            "kind": self.kind,
            "many": self.many,
            "call": PICKER_CALLS[self.kind],
        }
        return context


class KeysField(forms.CharField):
    """Several keys; cleans to a list without repetitions, shown separated by spaces."""

    def __init__(self, kind: PickerKind, *, many: bool = True, **kwargs: Any) -> None:
        kwargs.setdefault("widget", PickerInput(kind, many=many))
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)
        # Keys are small letters, paragraphs P06; nobody should have to know.
        self.fold = str.upper if kind == "paragraphs" else str.lower

    def prepare_value(self, value: Any) -> Any:
        return " ".join(value) if isinstance(value, (list, tuple)) else value

    def to_python(self, value: Any) -> Any:
        keys = value if isinstance(value, list) else re.split(r"[\s,;]+", value or "")
        return list(dict.fromkeys(self.fold(key) for key in keys if key))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(initial) != self.to_python(data))


class MarkdownInput(forms.Textarea):
    """Markdown under a toolbar; `is_short` for texts of one to three sentences."""

    template_name = "admin/content/widgets/markdown.html"

    def __init__(self, *, is_short: bool = False, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": 5 if is_short else 16, **(attrs or {})})
        self.is_short = is_short

    @property
    def media(self) -> forms.Media:
        return forms.Media(
            js=[
                Script("admin-ours/js/picker.js", defer=True),
                Script("admin-ours/js/markdown.js", defer=True),
            ]
        )

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["is_short"] = self.is_short
        return context


class SlugInput(forms.TextInput):
    """An address or anchor that follows another field of the form until it is written by hand."""

    def __init__(self, source: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"data-prefill-from": source, "spellcheck": "false", **(attrs or {})})

    @property
    def media(self) -> forms.Media:
        return forms.Media(js=[Script("admin-ours/js/prefill.js", defer=True)])


class LinesField(forms.CharField):
    """A list of short texts, one a line."""

    def __init__(self, *, rows: int = 4, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea({"rows": rows, "class": "lines"}))
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, (list, tuple)) else value

    def to_python(self, value: Any) -> Any:
        lines = value if isinstance(value, list) else (value or "").splitlines()
        return [line.strip() for line in lines if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(initial) != self.to_python(data))
