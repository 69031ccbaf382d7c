"""What students send: where they stand, arguments with their evidence, ratings, reports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from apps.content.models import Reference, SourceParagraph
from apps.debates.enums import Relation
from apps.debates.models import Argument, DebateRun, Side
from apps.debates.selectors import sections_offered
from apps.debates.services import GIVEN_NAMES, MAX_EVIDENCE, Given, Source

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
_LONGEST = {"quotation": 2_000, "locator": 60}  # characters of what a draft keeps


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
        text = Truncator(obj.text).chars(110)
        return _("marked: %(text)s") % {"text": text} if getattr(obj, "is_marked", False) else text


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


class ArgumentForm(forms.Form):
    """The words of an argument, and whether they are labelled as the author's own reasoning."""

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


class ComposeForm(ArgumentForm):
    """An argument to be posted.  key: its id, so that a button pressed twice posts it once.

    relations: how it may answer; none: it opens.
    """

    relation = forms.ChoiceField(label=_("What is it?"), widget=forms.RadioSelect)
    key = forms.UUIDField(initial=uuid4, required=False, widget=forms.HiddenInput)
    field_order = ["relation", "text"]

    def __init__(self, *args: Any, relations: Sequence[Relation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if relations:
            self.fields["relation"].choices = [(kind, kind.label) for kind in relations]  # type: ignore[attr-defined]
        else:
            del self.fields["relation"]

    @property
    def relation_chosen(self) -> str:
        return self.cleaned_data.get("relation") or Relation.OPENING


class SourceQueryForm(forms.Form):
    """What is typed while a source is looked for."""

    q = forms.CharField(max_length=200)


class DraftForm(forms.Form):
    """What is being written, sent as it is written."""

    text = forms.CharField(max_length=20_000, required=False)
    is_own_reasoning = forms.BooleanField(required=False)
    relation = forms.ChoiceField(choices=Relation, required=False)
    under = forms.UUIDField(required=False)


class EvidenceForm(forms.Form):
    """A piece of evidence; one left empty is none.

    verdict: what is known of its quotation: "found", "missing", "unknown", or "" for nothing yet.
    """

    verdict = ""

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

    @property
    def given(self) -> Given:
        """What was sent of it, valid or not, for a draft."""
        sent = {name: str(self[name].data or "").replace("\0", "").strip() for name in GIVEN_NAMES}
        return {name: text[: _LONGEST.get(name, 500)] for name, text in sent.items() if text}

    @property
    def is_filled(self) -> bool:
        """Whether it is to stand open."""
        return bool(self.errors or any(self[name].value() for name in GIVEN_NAMES))

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


def evidence_forms(data: Any, course_id: int, given: Sequence[Given] = ()) -> list[EvidenceForm]:
    """As many pieces as a page offers, or that it sent; at first those that are `given`."""
    sections = sections_offered(course_id)
    # What is given stays on offer, though an edition may have dropped it since.
    offered = {key for key, _label in sections}
    dropped = {each["section"] for each in given if "section" in each} - offered
    sections += [(key, key) for key in sorted(dropped)]
    sent = [number for number in range(MAX_EVIDENCE) if data and f"e{number}-url" in data]
    count = max(PIECES, len(given), *(number + 1 for number in sent), 0)
    return [
        EvidenceForm(
            data,
            prefix=f"e{number}",
            initial=given[number] if number < len(given) else None,
            course_id=course_id,
            sections=sections,
        )
        for number in range(count)
    ]


class EditForm(ArgumentForm):
    """Another wording of an argument; what it answers, and how, stays."""

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
