"""Parse and validate what pages send, nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.notes.enums import Kind, Visibility
from apps.notes.passages import CONTEXT_CHARACTERS, Selector
from apps.notes.selectors import Filter, LessonChoice
from apps.notes.services import MAX_BODY, MAX_PASSAGE, MAX_REASON

MAX_POSITION = 2**31 - 1  # of PostgreSQL's integer


class AudienceField(forms.ChoiceField):
    """“private”, or “class:<public id>”, or “instructors:<public id>”."""

    def __init__(self, **options: Any) -> None:
        super().__init__(label=_("Who reads it"), required=False, **options)

    def offer(self, classes: Iterable[tuple[UUID, str]]) -> None:
        """Only oneself, and of each class (public id, title) its teachers or everybody in it."""
        self.choices = [(Visibility.PRIVATE.value, _("Only you"))]
        for public_id, title in classes:
            self.choices += [
                (
                    f"{Visibility.INSTRUCTORS}:{public_id}",
                    _("Those who teach %(title)s") % {"title": title},
                ),
                (f"{Visibility.CLASS}:{public_id}", _("All of %(title)s") % {"title": title}),
            ]


class WordsForm(forms.Form):
    """What a note says, what it is and who reads it."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices, widget=forms.RadioSelect)
    body = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=MAX_BODY,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Markdown. Needed for a note, not for a highlight."),
    )
    audience = AudienceField()

    def __init__(self, *args: Any, classes: Iterable[tuple[UUID, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["audience"]
        assert isinstance(field, AudienceField)  # noqa: S101  for the type
        field.offer(classes)


class ChangeForm(WordsForm):
    """An existing note, by the words that stood in the form when it was opened."""

    shown = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class NoteForm(WordsForm):
    """A new note. What a person picks: section and words; the rest is a script's."""

    field_order = ["section", "exact", "kind", "body", "audience"]

    section = forms.ChoiceField(label=_("Section"))
    exact = forms.CharField(
        label=_("Passage"),
        required=False,
        max_length=MAX_PASSAGE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Copy the words from the lesson, or take a sentence from the list above. "
            "Leave it empty for a note on the section as a whole."
        ),
    )
    before = forms.CharField(
        required=False, strip=False, max_length=CONTEXT_CHARACTERS, widget=forms.HiddenInput
    )
    after = forms.CharField(
        required=False, strip=False, max_length=CONTEXT_CHARACTERS, widget=forms.HiddenInput
    )
    start = forms.IntegerField(
        required=False, min_value=0, max_value=MAX_POSITION, widget=forms.HiddenInput
    )
    edition = forms.IntegerField(
        required=False, min_value=1, max_value=MAX_POSITION, widget=forms.HiddenInput
    )
    client_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        classes: Iterable[tuple[UUID, str]],
        sections: Iterable[tuple[str, str]] | None,
        **options: Any,
    ) -> None:
        """sections: (anchor, heading) to choose from; None: whatever a script names."""
        super().__init__(*args, classes=classes, **options)
        if sections is None:
            self.fields["section"] = forms.CharField(max_length=80)
        else:
            self.fields["section"].choices = list(sections)  # type: ignore[attr-defined]

    @property
    def passage(self) -> Selector:
        given = self.cleaned_data
        return Selector(
            section=given["section"],
            exact=given["exact"],
            prefix=given["before"],
            suffix=given["after"],
            start=given["start"] or 0,
        )


class FilterForm(forms.Form):
    """What a list of notes is asked for; what cannot be read asks for nothing."""

    q = forms.CharField(label=_("Words"), required=False, max_length=200)
    course = forms.ChoiceField(label=_("Course"), required=False)
    lesson = forms.TypedChoiceField(
        label=_("Lesson"), required=False, coerce=UUID, empty_value=None
    )
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("every kind")), *Kind.choices]
    )

    def offer(self, lessons: Iterable[LessonChoice]) -> None:
        """The lessons to choose from, and their courses where there are several."""
        lessons = list(lessons)
        courses = sorted({(each.course_slug, each.course) for each in lessons})
        set_choices(
            self,
            "lesson",
            [("", _("every lesson")), *((str(each.public_id), each.title) for each in lessons)],
        )
        set_choices(self, "course", [("", _("every course")), *courses])
        if len(courses) < 2:
            del self.fields["course"]

    @property
    def asked(self) -> Filter:
        given = self.cleaned_data if self.is_valid() else {}
        return Filter(
            query=given.get("q", ""),
            course=given.get("course", ""),
            lesson=given.get("lesson"),
            kind=given.get("kind", ""),
        )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=MAX_REASON, help_text=_("The author of the note sees it.")
    )


def set_choices(form: forms.Form, name: str, choices: list[tuple[str, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type
    field.choices = choices
