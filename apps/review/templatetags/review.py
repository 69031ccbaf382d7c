"""How pages of review write spans of time, and texts in lists."""

from __future__ import annotations

from datetime import timedelta

from django import template
from django.utils.text import Truncator
from django.utils.translation import ngettext

from apps.content.markdown import plain_text, render_markdown

register = template.Library()


@register.filter
def words(markdown: str, most: int) -> str:
    """How a text begins, without its signs: for a list."""
    # The beginning alone is read, for a text may be long; its signs take room too.
    shown = plain_text(render_markdown(markdown[: 4 * most]).html)
    return Truncator(shown).chars(most)


@register.filter
def interval(span: timedelta) -> str:
    """10 min, 3 days, 2 months, 1 year: rounded, as a button has room for."""
    minutes = max(1, round(span.total_seconds() / 60))
    if minutes < 60:
        return ngettext("%(count)d min", "%(count)d min", minutes) % {"count": minutes}
    days = round(span.total_seconds() / 86_400)
    if days < 1:
        hours = round(minutes / 60)
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    if days < 31:
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    months = round(days / 30.44)
    if months < 12:
        return ngettext("%(count)d month", "%(count)d months", months) % {"count": months}
    years = round(days / 365.25)
    return ngettext("%(count)d year", "%(count)d years", years) % {"count": years}
