"""What a class's own page says of its debates."""

from __future__ import annotations

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.debates import selectors

register = template.Library()


@register.simple_tag
def class_debates(classroom: Classroom, user: User) -> list[dict[str, str]]:
    """The debates of a class that are in one of their phases: title, url, detail.  Queries: 1."""
    return [
        {
            "title": debate.run.motion,
            "url": reverse("debates:run", args=[classroom.public_id, debate.run.public_id]),
            "detail": _("%(phase)s, until %(moment)s")
            % {
                "phase": debate.phase_label,
                "moment": date_format(localtime(debate.phase_ends_at), "DATETIME_FORMAT"),
            },
        }
        for debate in selectors.debates_agenda(user, [classroom.pk], timezone.now())
        if debate.phase is not None
    ]
