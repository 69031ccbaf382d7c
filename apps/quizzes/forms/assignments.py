"""Giving a quiz to a class."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from apps.classrooms.forms import moment_field
from apps.quizzes.enums import Disclosure, GradingMethod, Layout

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from apps.quizzes.models import Assignment, Quiz

# Where the form asks in other units than the service takes.
NAMES = {
    "time_limit_seconds": "time_limit_minutes",
    "late_penalty_ratio": "late_penalty_percent",
}
_GROUPS = (
    (_("The quiz"), ("quiz", "title", "instructions")),
    (_("When"), ("opens_at", "due_at", "closes_at")),
    (
        _("How"),
        (
            *("time_limit_minutes", "attempt_limit", "layout"),
            *("shuffle_items", "has_hints", "has_confidence"),
        ),
    ),
    (
        _("Grading"),
        (
            *("grading", "max_points", "late_penalty_percent"),
            *("is_marked_anonymously", "may_contest"),
        ),
    ),
    (
        _("What students see of it afterwards"),
        (
            *("score_when", "score_at", "correctness_when", "correctness_at"),
            *("feedback_when", "feedback_at", "key_when", "key_at"),
        ),
    ),
)


# In fewer words than a sentence takes: a field has no room for those.
_WHEN = [
    (Disclosure.SUBMITTED, _("once handed in")),
    (Disclosure.CLOSED, _("once closed for everybody")),
    (Disclosure.MOMENT, _("at a set time")),
    (Disclosure.NEVER, _("never")),
]


def _when_field(label: Any, initial: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=_WHEN, initial=initial)


class AssignmentForm(forms.Form):
    """Moments are in the time zone that is active: the class's."""

    title = forms.CharField(
        label=_("Title"), max_length=200, required=False, help_text=_("Empty: the quiz’s own.")
    )
    instructions = forms.CharField(
        label=_("Instructions"),
        required=False,
        max_length=4000,
        help_text=_("Markdown. Students read it before they begin."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    opens_at = moment_field(_("Opens"))
    due_at = moment_field(_("Due"))
    closes_at = moment_field(_("Closes"))
    time_limit_minutes = forms.DecimalField(
        label=_("Time limit in minutes"),
        required=False,
        min_value=Decimal("0.5"),
        max_value=7 * 24 * 60,
        decimal_places=1,
        help_text=_("Empty: no limit but the closing."),
    )
    attempt_limit = forms.IntegerField(
        label=_("Attempts"),
        required=False,
        min_value=1,
        max_value=1000,
        initial=1,
        help_text=_("Empty: as many as they like."),
    )
    layout = forms.ChoiceField(label=_("Layout"), choices=Layout.choices)
    shuffle_items = forms.BooleanField(label=_("Shuffle the questions"), required=False)
    has_hints = forms.BooleanField(label=_("Hints may be taken"), required=False)
    has_confidence = forms.BooleanField(label=_("Ask how sure they are"), required=False)
    grading = forms.ChoiceField(
        label=_("Of several attempts counts"),
        choices=GradingMethod.choices,
        initial=GradingMethod.BEST,
    )
    max_points = forms.DecimalField(
        label=_("Points in the gradebook"),
        min_value=0,
        max_digits=8,
        decimal_places=2,
        initial=100,
    )
    late_penalty_percent = forms.DecimalField(
        label=_("Lost for each day late, in percent"),
        min_value=0,
        max_value=100,
        decimal_places=1,
        initial=0,
        help_text=_("Of the points earned, for each day begun after the due date."),
    )
    is_marked_anonymously = forms.BooleanField(
        label=_("Mark without names"), required=False, initial=True
    )
    may_contest = forms.BooleanField(
        label=_("Students may object to questions"), required=False, initial=True
    )
    score_when = _when_field(_("Their points"), Disclosure.SUBMITTED)
    score_at = moment_field(_("Points: the set time"))
    correctness_when = _when_field(_("What was right"), Disclosure.SUBMITTED)
    correctness_at = moment_field(_("What was right: the set time"))
    feedback_when = _when_field(_("Feedback"), Disclosure.CLOSED)
    feedback_at = moment_field(_("Feedback: the set time"))
    key_when = _when_field(_("The right answers"), Disclosure.CLOSED)
    key_at = moment_field(_("Right answers: the set time"))
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @classmethod
    def of(
        cls, assignment: Assignment, data: MultiValueDict[str, str] | None = None
    ) -> AssignmentForm:
        """The form as the assignment is now."""
        names = [name for name in cls.base_fields if name not in NAMES.values()]
        initial: dict[str, Any] = {name: getattr(assignment, name) for name in names}
        if assignment.time_limit_seconds is not None:
            initial["time_limit_minutes"] = Decimal(assignment.time_limit_seconds) / 60
        initial["late_penalty_percent"] = (assignment.late_penalty_ratio * 100).normalize()
        return cls(data, initial=initial)

    def groups(self) -> Iterator[tuple[Any, list[BoundField]]]:
        """(legend, fields) as the page shows them."""
        for legend, names in _GROUPS:
            yield legend, [self[name] for name in names if name in self.fields]

    def fields_said(self) -> dict[str, Any]:
        """What the service takes: seconds and shares instead of minutes and percent."""
        said = dict(self.cleaned_data)
        del said["revision"]
        minutes = said.pop("time_limit_minutes")
        said["time_limit_seconds"] = None if minutes is None else int(minutes * 60)
        said["late_penalty_ratio"] = said.pop("late_penalty_percent") / 100
        if not said["title"]:
            del said["title"]
        return said


class AssignmentCreateForm(AssignmentForm):
    """Asks for the quiz too."""

    def __init__(
        self, data: MultiValueDict[str, str] | None = None, *, quizzes: QuerySet[Quiz]
    ) -> None:
        super().__init__(data)
        self.fields["quiz"] = forms.ModelChoiceField(
            label=_("Quiz"),
            queryset=quizzes,
            to_field_name="public_id",
            empty_label=_("choose one"),
        )
