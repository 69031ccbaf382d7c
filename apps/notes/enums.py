from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    HIGHLIGHT = "highlight", _("highlight")
    NOTE = "note", _("note")
    CONFUSED = "confused", _("this confused me")


class Visibility(models.TextChoices):
    """Who reads a note besides its author; staff are a class's instructors and assistants."""

    PRIVATE = "private", _("only you")
    INSTRUCTORS = "instructors", _("those who teach the class")
    CLASS = "class", _("the class")
