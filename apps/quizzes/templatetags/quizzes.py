"""How pages of quizzes write times and shares."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django import template
from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.quizzes.enums import Disclosure

register = template.Library()


@register.filter
def duration(seconds: int) -> str:
    """5400 → “1 hour 30 minutes”; what is left of a minute is rounded up."""
    minutes = -(-seconds // 60)
    hours, rest = divmod(minutes, 60)
    said = []
    if hours:
        said.append(ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours})
    if rest or not hours:
        said.append(ngettext("%(count)d minute", "%(count)d minutes", rest) % {"count": rest})
    return " ".join(said)


@register.filter
def percent(ratio: Decimal) -> str:
    """Decimal("0.125") → “12.5%”."""
    return f"{number_format((ratio * 100).normalize(), use_l10n=True)}%"


@register.simple_tag
def shown_when(when: str, at: datetime | None) -> str:
    """When something of an attempt is shown, for its student."""
    if when == Disclosure.MOMENT:
        if at is None:
            return _("never")
        return _("from %(moment)s") % {"moment": date_format(localtime(at), "DATETIME_FORMAT")}
    return str(Disclosure(when).label)
