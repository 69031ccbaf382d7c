"""Dates and numerals as the reading room writes them."""

from __future__ import annotations

import re
from datetime import date

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.content.dates import EdtfDate, parse_edtf

register = template.Library()

_SENTENCE_END = re.compile(r"(?<=[.?!۔؟])\s+")
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


@register.filter
def edtf_text(value: EdtfDate | str) -> str:
    """A date as precise as it is known: 9 June 2017, June 2017, 2017, the 1960s, 1979–1988."""
    parsed = parse_edtf(value) if isinstance(value, str) else value
    core = parsed.text.removesuffix("~")
    if "/" in core:
        text = "–".join(_point(part) for part in core.split("/"))
    elif parsed.precision == "decade":
        text = _("the %(year)ss") % {"year": parsed.starts_on.year}
    else:
        text = _point(core)
    return pgettext("date", "about %(date)s") % {"date": text} if parsed.is_approximate else text


def _point(text: str) -> str:
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 1:
        return str(parts[0])
    if len(parts) == 2:
        return date_format(date(parts[0], parts[1], 1), "YEAR_MONTH_FORMAT")
    return date_format(date(*parts), "DATE_FORMAT")


@register.filter
def edtf_precision(value: EdtfDate) -> str:
    """How precisely a date is known, in words."""
    words = {
        "day": _("to the day"),
        "month": _("to the month"),
        "year": _("to the year"),
        "decade": _("to the decade"),
        "interval": _("a period"),
    }
    return _("approximate") if value.is_approximate else words[value.precision]


@register.filter
def opening(text: str, words: int) -> str:
    """The first whole sentences of `text` that fit into so many words, and at least one."""
    kept: list[str] = []
    count = 0
    for sentence in _SENTENCE_END.split(text):
        count += len(sentence.split())
        if kept and count > words:
            break
        kept.append(sentence)
    return " ".join(kept)


@register.filter
def roman(number: int) -> str:
    """A unit's number as a book would print it; beyond 39 in Arabic figures."""
    if not 0 < number < 40:
        return str(number)
    text = ""
    for value, letters in _ROMAN:
        while number >= value:
            text += letters
            number -= value
    return text
