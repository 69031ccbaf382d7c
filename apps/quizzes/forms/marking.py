"""A mark that a person gives."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.quizzes.models import QuestionVersion, Response
from apps.quizzes.services.marking import MAX_COMMENT


class MarkForm(forms.Form):
    """A level for each criterion of the rubric; without a rubric, a percentage."""

    comment = forms.CharField(
        label=gettext_lazy("Comment"),
        required=False,
        max_length=MAX_COMMENT,
        help_text=gettext_lazy("Markdown. The student reads it once feedback is shown."),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    # As the page showed it, so that two markers do not overwrite each other.
    marked_at = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, data: MultiValueDict[str, str] | None = None, *, response: Response) -> None:
        initial: dict[str, Any] = {
            "comment": response.comment,
            "marked_at": response.marked_at.isoformat() if response.marked_at else "",
        }
        super().__init__(data, initial=initial)
        version = response.graded_by or response.version
        self.criteria = [criterion["id"] for criterion in version.spec.get("rubric", [])]
        for criterion in version.spec.get("rubric", []):
            mark = response.rubric_marks.get(criterion["id"])
            self.fields[f"marks.{criterion['id']}"] = _criterion_field(version, criterion, mark)
        if not self.criteria:
            share = response.ratio if response.marked_at else None
            self.fields["percent"] = forms.DecimalField(
                label=_("Share of the points, in percent"),
                min_value=0,
                max_value=100,
                decimal_places=2,
                initial=None if share is None else (share * 100).quantize(Decimal("0.01")),
            )

    def clean_marked_at(self) -> datetime | None:
        text = self.cleaned_data["marked_at"]
        try:
            return datetime.fromisoformat(text) if text else None
        except ValueError as error:
            raise ValidationError(_("Load the page again.")) from error

    def judged(self) -> Iterator[BoundField]:
        """The fields that make the mark."""
        yield from (self[f"marks.{name}"] for name in self.criteria)
        if not self.criteria:
            yield self["percent"]

    @property
    def marks(self) -> dict[str, str]:
        return {name: self.cleaned_data[f"marks.{name}"] for name in self.criteria}

    @property
    def ratio(self) -> Decimal | None:
        percent = self.cleaned_data.get("percent")
        return None if percent is None else percent / 100


def _criterion_field(
    version: QuestionVersion, criterion: dict[str, Any], mark: str | None
) -> forms.ChoiceField:
    def html(path: str) -> str:
        # Sanitised by apps.content.markdown when the version was saved.
        return mark_safe(version.html[f"rubric.{criterion['id']}.{path}"])

    return forms.ChoiceField(
        label=html("title"),
        help_text=html("description"),
        choices=[
            (
                level["credit"],
                format_html("{}: {}", level["credit"], html(f"levels.{place}.text")),
            )
            for place, level in enumerate(criterion["levels"])
        ],
        widget=forms.RadioSelect,
        initial=mark,
    )
