"""Dates and numerals as the reading room writes them."""

from __future__ import annotations

import re

from django import template
from django.utils.translation import gettext as _

from apps.content.dates import EdtfDate
from apps.content.words import edtf_text

register = template.Library()

_SENTENCE_END = re.compile(r"(?<=[.?!۔؟])\s+")
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


register.filter(edtf_text)


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
