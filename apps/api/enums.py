from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """What a token may be used for. Published content needs none."""

    CLASSES_READ = "classes:read", _("read classes and who is in them")
    CLASSES_WRITE = "classes:write", _("change who is in classes")
    GRADES_READ = "grades:read", _("read grades")
