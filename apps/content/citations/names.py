"""Who made a work and when, in the few words of a citation.

Source: Publication Manual of the American Psychological Association, 7th edition, 8.17 to 8.21.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

NAME_FIELDS = (
    "author",
    "editor",
    "translator",
    "collection-editor",
    "container-author",
    "director",
    "interviewer",
    "original-author",
    "recipient",
    "reviewed-author",
    "composer",
    "illustrator",
)
MAX_LABEL = 200


def contributors(csl: Mapping[str, Any]) -> Sequence[Mapping[str, str]]:
    """The authors, or else the editors, or else nobody."""
    return csl.get("author") or csl.get("editor") or []


def family_of(name: Mapping[str, str]) -> str:
    """ "van der Putten", or the whole name of an institution."""
    particle = name.get("non-dropping-particle", "")
    return " ".join(filter(None, [particle, name.get("family", "")])) or name.get("literal", "")


def short_authors(csl: Mapping[str, Any]) -> str:
    """In brackets: "Khan", "Hussain & Fatima", "Abbasi et al.", or “Title” of an unsigned work."""
    return _short(csl, "&")


def narrative_authors(csl: Mapping[str, Any]) -> str:
    """In a sentence: "Hussain and Fatima"."""
    return _short(csl, "and")


def _short(csl: Mapping[str, Any], join: str) -> str:
    families = [family_of(name) for name in contributors(csl)]
    if not families:
        title = title_of(csl)
        return f"“{title if len(title) <= 60 else title[:59].rstrip() + '…'}”"
    if len(families) == 1:
        return families[0][:MAX_LABEL]
    if len(families) == 2:
        return f"{families[0]} {join} {families[1]}"[:MAX_LABEL]
    return f"{families[0][: MAX_LABEL - 7]} et al."


def title_of(csl: Mapping[str, Any]) -> str:
    return str(csl.get("title", ""))


def year_of(csl: Mapping[str, Any]) -> str:
    """The year as printed, empty when there is none; at most 10 characters."""
    issued = csl.get("issued") or {}
    parts = issued.get("date-parts")
    if parts:
        first = parts[0][0]
        return f"{-first} BCE" if first < 0 else str(first)
    return str(issued.get("literal", ""))[:10]


def sort_key(csl: Mapping[str, Any]) -> str:
    """Order of a bibliography: names, year, title; İspir stands with I. At most 300 characters."""
    families = " ".join(f"{family_of(name)} {name.get('given', '')}" for name in contributors(csl))
    words = f"{families[:200]} {year_of(csl)} {title_of(csl)}"
    plain = unicodedata.normalize("NFKD", words)
    return "".join(char for char in plain if not unicodedata.combining(char)).casefold()[:300]


def year_suffixes(works: Iterable[tuple[str, Mapping[str, Any]]]) -> dict[str, str]:
    """{key: "a", "b", …} for works that would be cited alike, by title; others are left out."""
    alike: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for key, csl in works:
        alike[short_authors(csl), year_of(csl)].append((title_of(csl).casefold(), key))
    return {
        key: _letters(position)
        for group in alike.values()
        if len(group) > 1
        for position, (_title, key) in enumerate(sorted(group))
    }


def _letters(position: int) -> str:
    """0: a, 25: z, 26: aa."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters
