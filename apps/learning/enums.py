from django.db import models
from django.utils.translation import gettext_lazy as _


class LessonState(models.TextChoices):
    UNREAD = "unread", _("not begun")
    BEGUN = "begun", _("begun")
    READ = "read", _("read")
