"""Parse and validate what pages send, nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from apps.content.models import Reference, SourceParagraph
from apps.debates.enums import Criterion, ModerationKind, PhaseKind, Relation
from apps.debates.models import Argument, Debate, DebateRun, Rules, RunPhase, Side
from apps.debates.phases import Window
from apps.debates.selectors import sections_offered
from apps.debates.services import Mark, Source

STANCES = (
    (3, _("strongly agree")),
    (2, _("agree")),
    (1, _("lean to agree")),
    (0, _("undecided")),
    (-1, _("lean to disagree")),
    (-2, _("disagree")),
    (-3, _("strongly disagree")),
)
CONFIDENCES = (
    (1, _("1: a guess")),
    (2, _("2")),
    (3, _("3: fairly sure")),
    (4, _("4")),
    (5, _("5: certain")),
)
PIECES = 3
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


class StanceForm(forms.Form):
    """Where somebody stands on the motion."""

    value = forms.TypedChoiceField(
        label=_("Where do you stand?"), choices=STANCES, coerce=int, widget=forms.RadioSelect
    )
    confidence = forms.TypedChoiceField(
        label=_("How sure are you?"), choices=CONFIDENCES, coerce=int, widget=forms.RadioSelect
    )


class OpeningForm(StanceForm):
    side = forms.ModelChoiceField(
        label=_("Which side do you argue for?"),
        queryset=Side.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )

    def __init__(self, *args: Any, run: DebateRun, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if run.side_rule == "chosen":
            self.fields["side"].queryset = Side.objects.filter(debate=run.debate_id)  # type: ignore[attr-defined]
        else:
            del self.fields["side"]


class ArgumentChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Argument) -> str:
        return obj.text[:110]


class ClosingForm(StanceForm):
    moved_by = ArgumentChoice(
        label=_("What moved you, if anything did"),
        queryset=Argument.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label=_("nothing in particular"),
    )

    def __init__(self, *args: Any, offered: QuerySet[Argument], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["moved_by"].queryset = offered  # type: ignore[attr-defined]


class ParagraphChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: SourceParagraph) -> str:
        return f"{obj.number}: {obj.gist}"[:110]


class ComposeForm(forms.Form):
    """An argument: its text, and whether it is labelled as the author's own reasoning."""

    relation = forms.ChoiceField(label=_("What is it?"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("Your argument"),
        help_text=_("Markdown. Cite works as in the lessons: [@key, p. 3]."),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 9, "dir": "auto"}),
    )
    is_own_reasoning = forms.BooleanField(
        label=_("This is my own reasoning"),
        help_text=_("Shown as a label, where there is no evidence."),
        required=False,
    )

    def __init__(self, *args: Any, is_opening: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_opening:
            del self.fields["relation"]
        else:
            answers = [kind for kind in Relation if kind != Relation.OPENING]
            self.fields["relation"].choices = [(kind, kind.label) for kind in answers]  # type: ignore[attr-defined]

    @property
    def relation_chosen(self) -> str:
        return self.cleaned_data.get("relation") or Relation.OPENING


class SourceQueryForm(forms.Form):
    """What is typed while a source is looked for."""

    q = forms.CharField(max_length=200)


class DraftForm(forms.Form):
    """What is being written, sent as it is written."""

    text = forms.CharField(max_length=20_000)
    relation = forms.ChoiceField(choices=Relation, required=False)
    under = forms.UUIDField(required=False)


class EvidenceForm(forms.Form):
    """A piece of evidence; one left empty is none."""

    reference = forms.ModelChoiceField(
        label=_("Work"), queryset=Reference.objects.none(), to_field_name="key", required=False
    )
    paragraph = ParagraphChoice(
        label=_("or paragraph of the article"),
        queryset=SourceParagraph.objects.none(),
        to_field_name="number",
        required=False,
    )
    section = forms.ChoiceField(label=_("or section of a lesson"), required=False)
    url = forms.URLField(label=_("or link"), max_length=500, required=False, assume_scheme="https")
    locator = forms.CharField(label=_("Pages or place"), max_length=60, required=False)
    quotation = forms.CharField(
        label=_("Quotation"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )

    def __init__(self, *args: Any, course_id: int, sections: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        works = Reference.objects.filter(course=course_id).order_by("key")
        numbered = SourceParagraph.objects.filter(article__course=course_id).order_by("number")
        self.fields["reference"].queryset = works  # type: ignore[attr-defined]
        self.fields["paragraph"].queryset = numbered  # type: ignore[attr-defined]
        self.fields["section"].choices = [("", _("none")), *sections]  # type: ignore[attr-defined]

    @property
    def lists(self) -> list[forms.BoundField]:
        """What the search of the composer fills in; without its script they are chosen from."""
        return [self[name] for name in ("reference", "paragraph", "section")]

    @property
    def details(self) -> list[forms.BoundField]:
        return [self[name] for name in ("url", "locator", "quotation")]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        named = [name for name in ("reference", "paragraph", "section", "url") if given.get(name)]
        if len(named) > 1:
            self.add_error(named[1], _("One piece names one source: use another piece for this."))
        if not named and (given.get("locator") or given.get("quotation")) and not self.errors:
            self.add_error("reference", _("Name the source of this."))
        return given

    @property
    def source(self) -> Source | None:
        given = self.cleaned_data
        if not any(given.get(name) for name in ("reference", "paragraph", "section", "url")):
            return None
        return Source(**given)


def evidence_forms(data: Any, course_id: int) -> list[EvidenceForm]:
    """As many empty pieces as a page offers, or those that it sent."""
    sections = sections_offered(course_id)
    return [
        EvidenceForm(data, prefix=f"e{number}", course_id=course_id, sections=sections)
        for number in range(PIECES)
    ]


class EditForm(forms.Form):
    text = forms.CharField(
        label=_("Your argument"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 9, "dir": "auto"}),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)


class BranchForm(forms.Form):
    """Which part of the tree."""

    under = forms.UUIDField(required=False)
    after = forms.IntegerField(required=False, min_value=0, max_value=2**62)


class RatingForm(forms.Form):
    strength = forms.IntegerField(min_value=1, max_value=5)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("What is wrong with it?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )


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
