from __future__ import annotations

from django import template
from django.utils.translation import gettext_lazy as _

from apps.teaching.drawing import Cell
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
def amount(cell: Cell) -> str:
    """What a cell of the heat map stands for: a share in per cent, or a count."""
    is_share = cell.measure in {Measure.READ, Measure.MISSED}
    return percent(cell.value) if is_share else f"{cell.value}"


@register.filter
def measure(which: Measure) -> str:
    """What a row of the heat map shows, in the reader's language."""
    return str(_WORDS[which])
