"""What is thought of others: moderation, marks by the rubric, reviews, the reflection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.text import Truncator
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
    """A level and a comment for each criterion of the rubric.

    again: {criterion: comments given before}, each of which can be given again by choosing it.
    """

    def __init__(self, *args: Any, again: Mapping[str, Sequence[str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for criterion in Criterion:
            self.fields[f"{criterion}_level"] = _level_field(criterion)
            self.fields[f"{criterion}_comment"] = forms.CharField(
                label=_("Comment"),
                required=False,
                max_length=2_000,
                widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
            )
            if again.get(criterion):
                self.fields[f"{criterion}_again"] = forms.ChoiceField(
                    label=_("or one that you gave before"),
                    required=False,
                    choices=[
                        ("", _("none")),
                        *((each, Truncator(each).chars(80)) for each in again[criterion]),
                    ],
                )

    @property
    def marks(self) -> dict[str, Mark]:
        given = self.cleaned_data
        return {str(name): Mark(given[f"{name}_level"], self._comment(name)) for name in Criterion}

    def _comment(self, name: str) -> str:
        """What is written, and after it what is chosen, once."""
        written = self.cleaned_data[f"{name}_comment"]
        again = self.cleaned_data.get(f"{name}_again", "")
        return written if again in written else f"{written}\n{again}".strip()


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
