from pathlib import Path

import pytest
from django import forms
from pytest_django.fixtures import Settings

from apps.accounts.templatetags import accounts

CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 "
FILES = "django.core.mail.backends.filebased.EmailBackend"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (f"{CHROME}Safari/537.36", "Chrome, Linux"),
        (f"{CHROME}Safari/537.36 Edg/140.0", "Edge, Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox, Windows",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "Safari, iPhone"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Safari/605.1",
            "Safari, macOS",
        ),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
        ("curl/8.5.0", "An unknown device"),
        ("", "An unknown device"),
    ],
)
def test_device_is_named_as_a_person_would(user_agent: str, name: str) -> None:
    assert accounts.device(user_agent) == name


def test_without_placeholder_keeps_the_rest_of_the_widget() -> None:
    class Form(forms.Form):
        name = forms.CharField(
            widget=forms.TextInput(attrs={"placeholder": "Name", "autocomplete": "name"})
        )

    html = accounts.without_placeholder(Form()["name"])
    assert html == '<input type="text" name="name" autocomplete="name" required id="id_name">'


def test_mail_folder_is_relative_to_the_project(settings: Settings) -> None:
    settings.EMBEDDED, settings.EMAIL_BACKEND = True, FILES
    settings.EMAIL_FILE_PATH = str(settings.BASE_DIR / "var" / "mail")
    assert accounts.mail_folder() == "var/mail/"


def test_mail_folder_elsewhere_is_whole(settings: Settings, tmp_path: Path) -> None:
    settings.EMBEDDED, settings.EMAIL_BACKEND = True, FILES
    settings.EMAIL_FILE_PATH = str(tmp_path)
    assert accounts.mail_folder() == f"{tmp_path}/"


@pytest.mark.parametrize(
    ("is_embedded", "backend"),
    [(False, FILES), (True, "django.core.mail.backends.smtp.EmailBackend")],
)
def test_mail_folder_is_silent_where_letters_are_sent(
    is_embedded: bool, backend: str, settings: Settings
) -> None:
    settings.EMBEDDED, settings.EMAIL_BACKEND = is_embedded, backend
    assert accounts.mail_folder() == ""
