from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.fields import EmailField
from allauth.core import context
from allauth.mfa.webauthn import forms as allauth_webauthn
from django import forms
from django.conf import settings
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from apps.accounts import policies, selectors, services
from apps.accounts.errors import EmailTaken
from apps.accounts.fields import time_zone_names, time_zones_by_area
from apps.accounts.models import User

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict  # noqa: TID251  as types alone

    AnyPasswordForm = AdminPasswordChangeForm[User]
else:
    AnyPasswordForm = AdminPasswordChangeForm


def _name_field() -> forms.CharField:
    return forms.CharField(
        label=_("Your name"),
        max_length=80,
        help_text=_("Your teachers and classmates see it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class LoginForm(allauth_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail")
        self.fields["remember"].label = _("Stay logged in on this device")


class OnePassword(forms.Form):
    """Asks for a new password once: it can be shown, and a letter can replace it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)
        self.fields["password1"].label = _("New password")
        self.fields["password1"].help_text = _(
            "At least 10 characters, and nothing that others would guess."
        )


class NewPassword(OnePassword):
    """A password in place of another: whoever had that one may have made keys of their own."""

    ends_keys = forms.BooleanField(
        label=_("End programs, tokens and the calendar address too"), required=False, initial=True
    )
    user: User

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ends_keys"].help_text = _(
            "They work without your password. Keep them only where you are sure that nobody else "
            "has been in your account."
        )

    def save(self) -> None:
        """In place of allauth's own: our service, and what it ended is kept for the letter."""
        context.request.allauth.ended_keys = services.password_save(
            user=self.user,
            password=self.cleaned_data["password1"],
            ends_keys=self.cleaned_data.get("ends_keys", False),
            now=timezone.now(),
        )


class KnownKeys(NewPassword):
    """Names what would end, to the person whose it is; asks nothing where there is nothing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys = selectors.keys_of(self.user, timezone.now())
        if not keys:
            del self.fields["ends_keys"]
            return
        help_text = self.fields["ends_keys"].help_text
        named = _("You have: %(keys)s.") % {"keys": "; ".join(keys)}
        # Names are anybody's text, and help is drawn as HTML.
        self.fields["ends_keys"].help_text = format_html("{} {}", help_text, named)


class PasswordChangeForm(KnownKeys, allauth_forms.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("Current password")


class PasswordSetForm(KnownKeys, allauth_forms.SetPasswordForm):
    pass


class PasswordResetForm(NewPassword, allauth_forms.ResetPasswordKeyForm):
    """Whoever has the letter is told of no key by its name."""


class AdminPasswordForm(AnyPasswordForm):
    """An administrator's page: keys always end, and the person is told."""

    def save(self, commit: bool = True) -> User:  # noqa: ARG002, FBT001, FBT002  Django's signature
        is_usable = self.cleaned_data["set_usable_password"]
        ended = services.password_save(
            user=self.user,
            password=self.cleaned_data["password1"] if is_usable else None,
            ends_keys=True,
            actor=policies.check_signed_in(context.request.user),
            now=timezone.now(),
        )
        with translation.override(self.user.language):
            get_adapter().send_mail(
                "account/email/password_given",
                self.user.email,
                {"ended_keys": ended, "is_usable": is_usable},
            )
        return self.user


class PasswordForgottenForm(allauth_forms.ResetPasswordForm):
    email = EmailField(label=_("E-mail"))


class EmailChangeForm(allauth_forms.AddEmailForm):
    email = EmailField(label=_("New address"))


class SignupForm(OnePassword, allauth_forms.SignupForm):
    """Asks for a name, and answers alike whether or not the address has an account."""

    display_name = _name_field()
    # Filled by static/js/time-zone.js from the device; the profile asks whoever has no script.
    time_zone = forms.CharField(required=False, widget=forms.HiddenInput)
    field_order = ("display_name", "email", "password1", "time_zone")
    account_already_exists: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")
        self.fields["password1"].label = _("Password")

    def clean_time_zone(self) -> str:
        name: str = self.cleaned_data["time_zone"]
        return name if name in time_zone_names() else settings.TIME_ZONE

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "password1" in data and not self.has_error("password1"):
            # allauth compares the password with the address; the name comes here.
            user = User(display_name=data.get("display_name", ""))
            try:
                validate_password(data["password1"], user)
            except ValidationError as error:
                self.add_error("password1", error)
        return data

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        if self.account_already_exists:
            # As long as a new account takes, which hashes a password.
            User().set_password(self.cleaned_data["password1"])
        try:
            result: tuple[User | None, HttpResponse | None] = super().try_save(request)
        except EmailTaken:
            # Somebody else was faster with the same address.
            self.account_already_exists = True
            result = super().try_save(request)
        return result


class PasskeyForm(allauth_webauthn.AddWebAuthnForm):
    """A passkey by itself lets its owner in, unless they want it as a second factor only."""

    name = forms.CharField(
        label=_("Name of the passkey"),
        required=False,
        help_text=_("So that you know it again, such as “telephone”."),
    )
    passwordless = forms.BooleanField(
        label=_("Let me in with this passkey alone, without my password"),
        required=False,
        initial=True,
        help_text=_("The device then asks for your finger, face or PIN."),
    )


class ProfileForm(forms.Form):
    display_name = _name_field()

    def __init__(self, data: QueryDict | None = None, *, user: User) -> None:
        names = ("display_name", "language", "time_zone")
        super().__init__(data, initial={name: getattr(user, name) for name in names})
        self.fields["language"] = forms.ChoiceField(label=_("Language"), choices=language_choices())
        self.fields["time_zone"] = forms.ChoiceField(
            label=_("Time zone"),
            choices=time_zone_choices(user.time_zone),
            help_text=_("Dates and deadlines are shown in it."),
        )


def language_choices() -> list[tuple[str, str]]:
    """Each language by its own name, which is what its readers look for."""
    codes = [code for code, _name in settings.LANGUAGES]
    return [(code, get_language_info(code)["name_local"].title()) for code in codes]


def time_zone_choices(current: str) -> list[tuple[str, Any]]:
    """Zones by area, each by its place; `current` is offered even where it names no place."""
    areas = time_zones_by_area()
    placed = {name for _area, names in areas for name in names}
    others = [name for name in dict.fromkeys(["UTC", current]) if name not in placed]
    return [
        *((name, name) for name in others),
        *((area, [(name, _place(name)) for name in names]) for area, names in areas),
    ]


def _place(name: str) -> str:
    """“America/Argentina/Buenos_Aires” → “Argentina – Buenos Aires”."""
    return name.partition("/")[2].replace("/", " – ").replace("_", " ")
