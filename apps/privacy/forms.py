from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.http import QueryDict  # noqa: TID251  as a type alone

    from apps.accounts.models import User


class EraseForm(forms.Form):
    """The person's own address, typed: what cannot be done by one click in a strange window."""

    address = forms.CharField(
        label=_("Your e-mail address, typed out"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, data: QueryDict | None = None, *, user: User) -> None:
        super().__init__(data)
        self.user = user

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        if address.strip().lower() != self.user.email:
            raise ValidationError(_("This is not the address of your account."))
        return address


class ErasePersonForm(EraseForm):
    """Somebody else's address, typed by an administrator."""

    def __init__(self, data: QueryDict | None = None, *, user: User) -> None:
        super().__init__(data, user=user)
        self.fields["address"].label = _("The person’s e-mail address, typed out")

    def clean_address(self) -> str:
        try:
            return super().clean_address()
        except ValidationError as error:
            raise ValidationError(_("This is not the address of this person’s account.")) from error


class TextForm(forms.Form):
    """Other words for a text that stays. Emptied, it leaves a marker."""

    text = forms.CharField(
        label=_("Text"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 5})
    )
