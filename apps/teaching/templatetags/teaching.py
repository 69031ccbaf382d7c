from __future__ import annotations

from django import template
from django.utils.translation import gettext_lazy as _

from apps.teaching.heat import Measure

register = template.Library()

_WORDS = {
    Measure.READ: _("Read"),
    Measure.CONFUSED: _("Confused"),
    Measure.MISSED: _("Missed"),
    Measure.CITED: _("Cited"),
}


@register.filter
def percent(share: float | None) -> str:
    """A share in [0, 1] in whole per cent; a dash for None."""
    return "–" if share is None else f"{100 * share:.0f}%"


@register.filter
def measure(which: Measure) -> str:
    """What a row of the heat map shows, in the reader's language."""
    return str(_WORDS[which])
