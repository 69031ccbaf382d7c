"""What is thought of others: moderation, marks by the rubric, reviews, the reflection."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.debates.enums import Criterion, ModerationKind
from apps.debates.services import Mark


class ModerationForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What is to be done"),
        widget=forms.RadioSelect,
        choices=[
            (ModerationKind.WARN, _("warn its author")),
            (ModerationKind.HIDE, _("hide it")),
            (ModerationKind.SHOW, _("show it again")),
            (ModerationKind.REMOVE, _("remove it for good")),
            (ModerationKind.LOCK, _("close the branch")),
            (ModerationKind.UNLOCK, _("open the branch again")),
            (ModerationKind.DISMISS, _("dismiss the reports")),
        ],
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Its author reads this."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )


def _level_field(criterion: Criterion) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=str(criterion.label).capitalize(),
        choices=[
            ("", _("choose")),
            (4, _("4: excellent")),
            (3, _("3: good")),
            (2, _("2: fair")),
            (1, _("1: weak")),
            (0, _("0: not shown")),
        ],
        coerce=int,
    )


class MarkForm(forms.Form):
    """A level and a comment for each criterion of the rubric."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for criterion in Criterion:
            self.fields[f"{criterion}_level"] = _level_field(criterion)
            self.fields[f"{criterion}_comment"] = forms.CharField(
                label=_("Comment"),
                required=False,
                max_length=2_000,
                widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
            )

    @property
    def marks(self) -> dict[str, Mark]:
        given = self.cleaned_data
        return {
            str(name): Mark(given[f"{name}_level"], given[f"{name}_comment"]) for name in Criterion
        }


class ReflectionForm(forms.Form):
    text = forms.CharField(
        label=_("What you take from this debate"),
        help_text=_("What moved you, what you would argue otherwise, what is still open."),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 9, "dir": "auto"}),
    )


class ReviewForm(forms.Form):
    """A classmate's levels by the rubric, and one comment."""

    comment = forms.CharField(
        label=_("What was done well, and what would make it stronger"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for criterion in Criterion:
            self.fields[str(criterion)] = _level_field(criterion)
        self.order_fields([*map(str, Criterion), "comment"])

    @property
    def levels(self) -> dict[str, int]:
        return {str(name): self.cleaned_data[str(name)] for name in Criterion}
