from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.content.models import Course
from apps.review import anki, selectors
from apps.review.enums import Rating
from apps.review.models import ReviewSettings
from apps.review.selectors import said
from apps.review.services import MAX_BACK, MAX_FRONT


class RatingForm(forms.Form):
    """What a button of the answer's page sends. shown: when the front was shown, signed."""

    rating = forms.TypedChoiceField(choices=Rating.choices, coerce=int)
    version = forms.IntegerField(min_value=1)
    client_id = forms.UUIDField()
    shown = forms.CharField(required=False, max_length=200)


class CardForm(forms.Form):
    front = forms.CharField(
        label=_("Front"),
        max_length=MAX_FRONT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What you want to be asked. Markdown may be used."),
    )
    back = forms.CharField(
        label=_("Back"),
        max_length=MAX_BACK,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What you want to remember."),
    )
    tags = forms.CharField(
        label=_("Tags"), max_length=1300, required=False, help_text=_("With spaces between them.")
    )


class NewCardForm(CardForm):
    course = forms.ModelChoiceField(
        label=_("Course"),
        queryset=Course.objects.none(),
        required=False,
        to_field_name="slug",
        empty_label=_("none"),
        help_text=_("Its terms, works and paragraphs may be named as in its lessons."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["course"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = selectors.courses_readable()


class EditCardForm(CardForm):
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class SettingsForm(forms.Form):
    new_per_day = forms.IntegerField(
        label=_("New cards a day"),
        min_value=0,
        max_value=200,
        help_text=_("So that the days to come stay light."),
    )
    reviews_per_day = forms.IntegerField(label=_("Reviews a day"), min_value=0, max_value=2000)
    remember_percent = forms.IntegerField(
        label=_("To remember, in percent"),
        min_value=70,
        max_value=97,
        help_text=_(
            "Of the cards that come up. 90 suits most; each step higher brings many more reviews."
        ),
    )
    may_add_missed = forms.BooleanField(
        label=_("Add what I miss without my asking"),
        required=False,
        help_text=_(
            "Questions that you missed become cards within an hour or so, once their answers "
            "may be seen."
        ),
    )

    @staticmethod
    def first(chosen: ReviewSettings) -> dict[str, Any]:
        """What the form shows of settings."""
        return {
            "new_per_day": chosen.new_per_day,
            "reviews_per_day": chosen.reviews_per_day,
            "remember_percent": round(chosen.desired_retention * 100),
            "may_add_missed": chosen.may_add_missed,
        }

    @property
    def chosen(self) -> dict[str, Any]:
        """What `services.settings_save` takes, of a valid form."""
        given = dict(self.cleaned_data)
        given["desired_retention"] = given.pop("remember_percent") / 100
        return given


class ImportForm(forms.Form):
    """A file first; its text comes back with the preview, to be confirmed."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_(
            "From Anki: File, Export, “Notes in Plain Text”, with HTML, tags and unique "
            "identifiers. At most 2 MB and 2,000 notes."
        ),
    )
    text = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
    course = forms.ModelChoiceField(
        label=_("Course"),
        queryset=Course.objects.none(),
        required=False,
        to_field_name="slug",
        empty_label=_("none"),
        help_text=_("That the new cards are about."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["course"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = selectors.courses_readable()
        self.fields["file"].required = not self.data.get("text")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        file = given.get("file")
        if file is not None:
            if file.size > anki.MAX_BYTES:
                self.add_error("file", said("too-long"))
            else:
                text = anki.decoded(file.read())
                given["text"] = text or ""
                if text is None:
                    self.add_error("file", said("encoding"))
        return given
