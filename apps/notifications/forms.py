from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.notifications.enums import Frequency, Kind
from apps.notifications.models import Preference, Rhythm
from apps.notifications.services import Choice

HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]


class PageForm(forms.Form):
    """Which page of the list; anything that is none is the first."""

    page = forms.IntegerField(min_value=1, max_value=10_000)

    @property
    def number(self) -> int:
        return int(self.cleaned_data["page"]) if self.is_valid() else 1


class ReadForm(forms.Form):
    """Up to which moment everything is marked as read: when the list was drawn."""

    until = forms.DateTimeField(input_formats=["%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S%z"])


class SettingsForm(forms.Form):
    """How often, when, and for each kind in the site and by letter."""

    frequency = forms.ChoiceField(
        label=_("How often"), choices=Frequency.choices, widget=forms.RadioSelect
    )
    hour = forms.TypedChoiceField(label=_("At what hour"), choices=HOURS, coerce=int)
    weekday = forms.TypedChoiceField(
        label=_("The weekly letter comes on"), choices=list(WEEKDAYS.items()), coerce=int
    )

    def __init__(
        self,
        data: Any,
        *,
        user: User,
        rhythm: Rhythm,
        preferences: Iterable[Preference],
        kinds: list[Kind],
    ) -> None:
        initial = {
            "frequency": rhythm.frequency,
            "hour": rhythm.hour,
            "weekday": rhythm.weekday,
        }
        super().__init__(data, initial=initial)
        self.fields["hour"].help_text = _("By your own clock, that of %(zone)s.") % {
            "zone": user.time_zone
        }
        known = {each.kind: each for each in preferences}
        self.kinds = kinds
        for kind in self.kinds:
            for name in ("in_site", "by_email"):
                value = getattr(known.get(kind), name, True)
                self.fields[f"{kind}_{name}"] = forms.BooleanField(required=False, initial=value)

    @property
    def rows(self) -> list[tuple[Kind, forms.BoundField, forms.BoundField]]:
        return [(kind, self[f"{kind}_in_site"], self[f"{kind}_by_email"]) for kind in self.kinds]

    @property
    def choices(self) -> dict[Kind, Choice]:
        given = self.cleaned_data
        return {
            kind: Choice(given[f"{kind}_in_site"], given[f"{kind}_by_email"]) for kind in self.kinds
        }
