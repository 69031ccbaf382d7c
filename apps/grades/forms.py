from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.classrooms import roster
from apps.core.errors import DomainError
from apps.grades.enums import GradeEventKind
from apps.grades.errors import GradesChanged
from apps.grades.models import GradeCategory, GradeItem
from apps.grades.selectors import Mine
from apps.grades.services import Mark

Data: TypeAlias = MultiValueDict[str, str] | None


def _points_field(label: Any, most: Decimal, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=0, max_value=most, max_digits=8, decimal_places=2, **more
    )


def _weight_field(label: Any, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=0, max_digits=6, decimal_places=2, **more)


class ItemForm(forms.Form):
    """A column that is entered by hand."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    max_points = forms.DecimalField(
        label=gettext_lazy("Points"), min_value=0, max_digits=8, decimal_places=2, initial=10
    )
    weight = _weight_field(gettext_lazy("Weight"), initial=1)
    category = forms.ModelChoiceField(
        label=gettext_lazy("Category"),
        queryset=GradeCategory.objects.none(),
        required=False,
        to_field_name="public_id",
    )
    sis_id = forms.CharField(label=gettext_lazy("School’s id"), max_length=120, required=False)

    def __init__(self, data: Data = None, *, item: GradeItem) -> None:
        names = ("title", "max_points", "weight", "category", "sis_id")
        known = {name: getattr(item, name) for name in names} if item.pk else None
        if known and item.category is not None:
            known["category"] = item.category.public_id
        super().__init__(data, initial=known)
        categories = GradeCategory.objects.filter(classroom=item.classroom)
        self.fields["category"].queryset = categories  # type: ignore[attr-defined]


class CategoryForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    weight = _weight_field(gettext_lazy("Weight"), initial=1)
    drop_lowest = forms.IntegerField(
        label=gettext_lazy("Drop the lowest"), min_value=0, max_value=100, initial=0
    )


class SetupForm(forms.Form):
    """How everything adds up: a row of fields for each category and each item."""

    def __init__(
        self,
        data: Data = None,
        *,
        categories: Sequence[GradeCategory],
        items: Sequence[GradeItem],
    ) -> None:
        super().__init__(data)
        self.categories, self.items = categories, items
        known = {str(category.public_id): category for category in categories}
        choices = [("", _("none")), *((key, row.title) for key, row in known.items())]
        for category in categories:
            for name, field in CategoryForm(initial=vars(category)).fields.items():
                field.initial = getattr(category, name)
                self.fields[f"c.{category.public_id}.{name}"] = field
        for item in items:
            prefix = f"i.{item.public_id}"
            self.fields[f"{prefix}.weight"] = _weight_field(_("Weight"), initial=item.weight)
            self.fields[f"{prefix}.category"] = forms.TypedChoiceField(
                label=_("Category"),
                choices=choices,
                required=False,
                coerce=known.get,
                empty_value=None,
                initial=str(item.category.public_id) if item.category else "",
            )

    def category_rows(self) -> list[tuple[GradeCategory, list[BoundField]]]:
        return [
            (row, [self[f"c.{row.public_id}.{name}"] for name in CategoryForm.base_fields])
            for row in self.categories
        ]

    def item_rows(self) -> list[tuple[GradeItem, list[BoundField]]]:
        return [
            (row, [self[f"i.{row.public_id}.{name}"] for name in ("weight", "category")])
            for row in self.items
        ]

    def said(self, letter: str) -> Mapping[UUID, Mapping[str, Any]]:
        """letter: "c" or "i".  {public id: fields}, as setup_save takes them."""
        rows: dict[UUID, dict[str, Any]] = {}
        for key, value in self.cleaned_data.items():
            kind, public_id, name = key.split(".")
            if kind == letter:
                rows.setdefault(UUID(public_id), {})[name] = value
        return rows


class MarksForm(forms.Form):
    """The marks of a whole class for one item; only what was changed is recorded."""

    def __init__(self, data: Data = None, *, item: GradeItem, rows: Sequence[Mine]) -> None:
        super().__init__(data)
        self.rows = rows
        for row in rows:
            key = row.enrolment.public_id
            self.fields[f"m.{key}"] = _points_field(
                row.enrolment.user,
                item.max_points,
                required=False,
                initial=row.grade.source_points if row.grade else None,
                show_hidden_initial=True,  # what was changed is changed from what the page showed
            )
            # Of the grade that the page showed: two people do not overwrite each other.
            self.fields[f"v.{key}"] = forms.IntegerField(
                initial=row.version, min_value=0, widget=forms.HiddenInput
            )

    def lines(self) -> list[tuple[Mine, BoundField, BoundField]]:
        return [
            (row, self[f"m.{row.enrolment.public_id}"], self[f"v.{row.enrolment.public_id}"])
            for row in self.rows
        ]

    def refuse_changed(self, error: GradesChanged) -> None:
        """Say at each row what somebody else did to it meanwhile."""
        self.add_error(None, error.message)
        for row, mark, _version in self.lines():
            if row.enrolment.user_id in error.students:
                self.add_error(mark.name, _("Changed by somebody else; load the page again."))

    def marks(self) -> dict[int, Mark]:
        """{user's primary key: mark} of what differs from what the page showed."""
        return {
            row.enrolment.user_id: Mark(
                points=self.cleaned_data[mark.name], version=self.cleaned_data[version.name]
            )
            for row, mark, version in self.lines()
            if mark.name in self.changed_data
        }


class DecisionForm(forms.Form):
    """What an instructor does to one grade, against or beside its source."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is to happen"), choices=(), widget=forms.RadioSelect
    )
    points = forms.DecimalField(
        label=gettext_lazy("Points"),
        required=False,
        min_value=0,
        max_digits=8,
        decimal_places=2,
        help_text=gettext_lazy("For points that stand instead of the source’s."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        help_text=gettext_lazy("The student reads it; it stays in the ledger."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def __init__(self, data: Data = None, *, kinds: Sequence[tuple[str, Any]]) -> None:
        super().__init__(data)
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if (
            said.get("kind") == GradeEventKind.OVERRIDE
            and said.get("points") is None
            and "points" not in self.errors
        ):
            self.add_error("points", _("Say how many points."))
        return said


class SheetConfirmForm(forms.Form):
    """The same list once more, with the token of the plan that was shown."""

    text = forms.CharField(strip=False, max_length=roster.MAX_BYTES, widget=forms.HiddenInput)
    token = forms.CharField(max_length=64, widget=forms.HiddenInput)


def refuse(form: forms.Form, error: DomainError | ValidationError) -> None:
    """Show a rule's no in the form, at the field that it names."""
    if isinstance(error, DomainError):
        form.add_error(None, error.message)
        return
    for name, messages in getattr(error, "message_dict", {"__all__": error.messages}).items():
        for message in messages:
            form.add_error(name if name in form.fields else None, message)
