"""How dates of the past are written, in the reader's language."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.content.dates import EdtfDate, parse_edtf


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
