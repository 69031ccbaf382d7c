"""What the account pages show and no view of ours prepares."""

from pathlib import Path

from django import template
from django.conf import settings
from django.forms import BoundField
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()

# The first that a browser's own description holds; most of them claim to be the later ones too.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


@register.filter
def device(user_agent: str) -> str:
    """What a person would call the device: “Firefox, Windows”."""
    marks = (
        next((name for mark, name in table if mark in user_agent), "")
        for table in (BROWSERS, SYSTEMS)
    )
    return ", ".join(filter(None, marks)) or _("An unknown device")


@register.filter
def without_placeholder(field: BoundField) -> SafeString:
    """The field's widget; allauth repeats the label inside it, and ours stands above it."""
    return field.as_widget(attrs={"placeholder": False})


@register.simple_tag
def mail_folder() -> str:
    """Where letters lie when there is no mail server; empty where they are really sent.

    Said on one person's own machine only, and relative to the project where that is possible.
    """
    is_file_based = settings.EMAIL_BACKEND == "django.core.mail.backends.filebased.EmailBackend"
    if not (settings.EMBEDDED and is_file_based):
        return ""
    folder = Path(settings.EMAIL_FILE_PATH)
    if folder.is_relative_to(settings.BASE_DIR):
        folder = folder.relative_to(settings.BASE_DIR)
    return f"{folder}/"
