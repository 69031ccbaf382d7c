"""A debate of a class: its motion, its rules and its dates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from apps.debates.enums import PhaseKind
from apps.debates.models import Debate, DebateRun, Rules, RunPhase
from apps.debates.phases import Window

_TIME = "%Y-%m-%dT%H:%M"
_DAY = timedelta(days=1)
# What is proposed for each phase, in days.
_DAYS = {
    PhaseKind.OPENING: 2,
    PhaseKind.ARGUING: 6,
    PhaseKind.REBUTTING: 5,
    PhaseKind.CLOSING: 2,
    PhaseKind.REFLECTING: 3,
}


class PhasesForm(forms.Form):
    """When each phase is. A phase without dates is left out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in PhaseKind:
            for end, words in (("opens_at", _("begins")), ("closes_at", _("ends"))):
                self.fields[f"{kind}_{end}"] = forms.DateTimeField(
                    label=f"{str(kind.label).capitalize()}: {words}",
                    required=kind in {PhaseKind.OPENING, PhaseKind.ARGUING},
                    widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_TIME),
                )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        for kind in PhaseKind:
            ends = [given.get(f"{kind}_opens_at"), given.get(f"{kind}_closes_at")]
            if any(ends) and not all(ends):
                self.add_error(f"{kind}_closes_at", _("Give both times, or neither."))
        return given

    @property
    def windows(self) -> list[Window]:
        given = self.cleaned_data
        return [
            Window(str(kind), given[f"{kind}_opens_at"], given[f"{kind}_closes_at"])
            for kind in PhaseKind
            if given.get(f"{kind}_opens_at") and given.get(f"{kind}_closes_at")
        ]


def phases_initial(phases: Iterable[RunPhase]) -> dict[str, datetime]:
    """What PhasesForm shows of the dates that a run has."""
    return {f"{phase.kind}_opens_at": phase.opens_at for phase in phases} | {
        f"{phase.kind}_closes_at": phase.closes_at for phase in phases
    }


def phases_proposed(now: datetime) -> dict[str, datetime]:
    """Two weeks and a half from tomorrow's midnight, in the time zone that is active."""
    opens_at = localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + _DAY
    proposed: dict[str, datetime] = {}
    for kind, days in _DAYS.items():
        proposed |= {f"{kind}_opens_at": opens_at, f"{kind}_closes_at": opens_at + days * _DAY}
        opens_at += days * _DAY
    return proposed


class MotionForm(forms.Form):
    """A motion of one's own; a motion alone is enough."""

    motion = forms.CharField(
        label=_("Motion"),
        help_text=_("One sentence that people can agree or disagree with."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    background = forms.CharField(
        label=_("Background"),
        help_text=_("Markdown. Cite works as in the lessons: [@key, p. 3]."),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
    )
    label_for = forms.CharField(label=_("The side for it"), max_length=120, required=False)
    label_against = forms.CharField(label=_("The side against it"), max_length=120, required=False)

    @property
    def given(self) -> dict[str, Any]:
        data = self.cleaned_data
        labels = (data["label_for"], data["label_against"])
        return {"motion": data["motion"], "background": data["background"], "labels": labels}


class RunForm(PhasesForm, forms.ModelForm):  # type: ignore[type-arg]
    """By which rules a debate is held, at first its own, and when each phase is."""

    class Meta:
        model = DebateRun
        fields = [field.name for field in Rules._meta.get_fields()]

    def __init__(self, *args: Any, debate: Debate, now: datetime, **kwargs: Any) -> None:
        rules = {name: getattr(debate, name) for name in self.Meta.fields}
        super().__init__(*args, initial={**rules, **phases_proposed(now)}, **kwargs)

    @property
    def rules(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}
