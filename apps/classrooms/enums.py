from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person is in one class; in another they may be something else."""

    STUDENT = "student", _("student")
    ASSISTANT = "assistant", _("assistant")
    INSTRUCTOR = "instructor", _("instructor")


STAFF_ROLES = (Role.ASSISTANT, Role.INSTRUCTOR)
