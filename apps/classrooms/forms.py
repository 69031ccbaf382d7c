from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from apps.accounts.forms import language_choices, time_zone_choices
from apps.classrooms import roster, selectors
from apps.classrooms.codes import spaced
from apps.classrooms.enums import Role
from apps.classrooms.roster import Problem, Unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from django.http import QueryDict  # noqa: TID251  as a type alone

    from apps.accounts.models import School, User
    from apps.classrooms.models import Accommodation, Classroom, Enrolment
    from apps.classrooms.selectors import Activity
    from apps.content.models import Course

MAX_EXTRA_ATTEMPTS = 100


def _date_field(label: Any, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, help_text=help_text, required=False, widget=widget)


def moment_field(label: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    return forms.DateTimeField(label=label, required=False, widget=widget)


def _id_field() -> forms.CharField:
    return forms.CharField(
        label=_("School’s id"),
        max_length=120,
        required=False,
        help_text=_("As your school’s own system numbers it."),
    )


class JoinForm(forms.Form):
    code = forms.CharField(
        label=_("Join code"),
        max_length=40,
        help_text=_("Eight characters that your instructor gives you."),
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "code-input",
            }
        ),
    )


class ClassroomForm(forms.Form):
    """What a class says of itself."""

    title = forms.CharField(label=_("Name of the class"), max_length=200)
    term = forms.CharField(
        label=_("Term"), max_length=80, required=False, help_text=_("Such as “Spring 2026”.")
    )
    starts_on = _date_field(_("First day"))
    ends_on = _date_field(_("Last day"))
    language = forms.ChoiceField(label=_("Language of letters to the class"), choices=())
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=(), help_text=_("Deadlines are entered in it.")
    )
    keeps_marks = forms.BooleanField(
        label=_("Keep the marks of students who have themselves erased"),
        required=False,
        initial=True,
        help_text=_(
            "Without their name. Otherwise their marks go with them, and once students are in the "
            "class that stays so."
        ),
    )
    sis_id = _id_field()

    def __init__(self, data: QueryDict | None = None, *, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.fields["language"].choices = language_choices()  # type: ignore[attr-defined]
        self.fields["time_zone"].choices = time_zone_choices(  # type: ignore[attr-defined]
            initial["time_zone"]
        )

    @classmethod
    def of(cls, classroom: Classroom, data: QueryDict | None = None) -> ClassroomForm:
        """The form as the class is now."""
        return cls(data, initial={name: getattr(classroom, name) for name in cls.base_fields})


class ClassroomCreateForm(ClassroomForm):
    """Asks for the course too; whoever teaches at several schools chooses the school with it."""

    course = forms.ChoiceField(label=_("Course"), choices=())
    field_order = ("course",)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        user: User,
        offered: Sequence[tuple[School, list[Course]]],
    ) -> None:
        super().__init__(data, initial=_of_somebody(user))
        self.pairs = {
            f"{school.slug}/{course.slug}": (school, course)
            for school, courses in offered
            for course in courses
        }
        groups = [
            (
                school.name,
                [(f"{school.slug}/{course.slug}", course.title) for course in courses],
            )
            for school, courses in offered
        ]
        self.fields["course"].choices = (  # type: ignore[attr-defined]
            groups if len(groups) > 1 else [pair for _name, pairs in groups for pair in pairs]
        )

    def clean_course(self) -> tuple[School, Course]:
        """The school and the course that were chosen."""
        return self.pairs[self.cleaned_data["course"]]


class PeopleForm(forms.Form):
    """What to look for among the people; what cannot be understood is left out."""

    q = forms.CharField(required=False, max_length=100)
    role = forms.ChoiceField(choices=Role.choices, required=False)
    page = forms.IntegerField(required=False, min_value=1)

    def understood(self) -> dict[str, Any]:
        self.is_valid()
        wish = self.cleaned_data
        return {
            "query": wish.get("q") or "",
            "role": wish.get("role") or "",
            "page": wish.get("page") or 1,
        }


class InvitationForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    display_name = forms.CharField(
        label=_("Name"),
        max_length=80,
        required=False,
        help_text=_("For your list, until they have come in."),
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.STUDENT)
    sis_id = _id_field()


class ListForm(forms.Form):
    """Whoever is in a class, with or without marks, as a CSV file or pasted.

    `text` is the one that was sent.
    """

    file = forms.FileField(
        label=_("CSV file"),
        required=False,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
    )
    pasted = forms.CharField(
        label=_("Or paste the list"),
        required=False,
        strip=False,
        max_length=roster.MAX_BYTES,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )

    def clean_file(self) -> str:
        file: UploadedFile[bytes] | None = self.cleaned_data["file"]
        if file is None:
            return ""
        try:
            # One byte more than is allowed tells that there are too many.
            return roster.decode(file.read(roster.MAX_BYTES + 1)) or " "
        except Unreadable as error:
            raise ValidationError(selectors.sentence_of(Problem(0, error.code))) from error

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        text = said.get("file") or said.get("pasted") or ""
        if not text and not self.errors:
            raise ValidationError(_("Choose a file or paste a list."))
        return {**said, "text": text}


class RosterConfirmForm(forms.Form):
    """The same list once more; nothing that the preview worked out comes back with it."""

    text = forms.CharField(strip=False, max_length=roster.MAX_BYTES, widget=forms.HiddenInput)


class EnrolmentForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    sis_id = _id_field()

    def __init__(self, data: QueryDict | None = None, *, enrolment: Enrolment) -> None:
        super().__init__(data, initial={"role": enrolment.role, "sis_id": enrolment.sis_id})


class AccommodationForm(forms.Form):
    """What one person is granted. Moments are in the time zone that is active: the class's."""

    time_ratio = forms.DecimalField(
        label=_("Time factor"),
        required=False,
        min_value=1,
        max_value=10,
        max_digits=4,
        decimal_places=2,
        help_text=_("1.5 gives half as long again, 2 gives twice as long."),
        widget=forms.NumberInput(attrs={"step": "0.05", "inputmode": "decimal"}),
    )
    extra_attempts = forms.IntegerField(
        label=_("Further attempts"), required=False, min_value=0, max_value=MAX_EXTRA_ATTEMPTS
    )
    opens_at = moment_field(_("Opens"))
    due_at = moment_field(_("Due"))
    closes_at = moment_field(_("Closes"))
    note = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=300,
        help_text=_(
            "The instructors of the class see it, and the student in a copy of their data."
        ),
    )

    def __init__(
        self, data: QueryDict | None = None, *, accommodation: Accommodation | None = None
    ) -> None:
        names = self.base_fields
        super().__init__(
            data,
            initial={name: getattr(accommodation, name) for name in names}
            if accommodation
            else None,
        )


class AccommodationCreateForm(AccommodationForm):
    """Asks for what it holds too: one activity, or everything in the class."""

    activity = forms.ChoiceField(label=_("Holds for"), choices=(), required=False)
    field_order = ("activity",)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        activities: Sequence[Activity],
        activity_id: UUID | None = None,
    ) -> None:
        super().__init__(data)
        self.ids = {str(activity.public_id): activity.public_id for activity in activities}
        self.fields["activity"].initial = str(activity_id or "")
        self.fields["activity"].choices = [  # type: ignore[attr-defined]
            ("", _("Everything in this class")),
            *((str(activity.public_id), activity.title) for activity in activities),
        ]

    def clean_activity(self) -> UUID | None:
        return self.ids.get(self.cleaned_data["activity"])


def _of_somebody(user: User) -> dict[str, Any]:
    """What a new class begins with."""
    return {"language": user.language, "time_zone": user.time_zone, "keeps_marks": True}


def join_initial(code: str) -> dict[str, str]:
    """A code that came with a link, as it is written on a board."""
    return {"code": spaced(code) if len(code) == 8 else code}
