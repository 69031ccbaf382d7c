"""Citations as authors write them: the part of Pandoc's syntax that the course format names.

Source: https://pandoc.org/MANUAL.html#citation-syntax
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# A key as an author may write it, right or wrong; what is not a reference is reported.
KEY = r"[A-Za-z0-9_]+(?:[-:.+/][A-Za-z0-9_]+)*"

_ITEM = re.compile(rf"(?P<prefix>[^@]*?)(?P<minus>-?)(?<![\w@])@(?P<key>{KEY})(?P<rest>[^@]*)")
_RANGE = re.compile(r"(?<=\d)\s*(?:-{1,2}|–)\s*(?=\d)")


@dataclass(frozen=True, slots=True)
class Cite:
    """One work cited once: `[prefix -@key, locator]`, or in a sentence (`is_narrative`)."""

    key: str
    locator: str = ""
    prefix: str = ""
    is_author_hidden: bool = False
    is_narrative: bool = False


def parse_group(text: str) -> tuple[Cite, ...]:
    """The works of `[…]`, given what is between the brackets; empty when it is not a citation.

    Every part between semicolons must name exactly one work.
    """
    cites = []
    for part in text.split(";"):
        match = _ITEM.fullmatch(" ".join(part.split())) if part.count("@") == 1 else None
        if match is None:
            return ()
        rest = match["rest"].strip()
        cites.append(
            Cite(
                key=match["key"],
                locator=rest.removeprefix(",").strip(),
                prefix=match["prefix"].strip(),
                is_author_hidden=bool(match["minus"]),
            )
        )
    return tuple(cites)


def write_group(cites: tuple[Cite, ...]) -> str:
    """The canonical text of a group: what parse_group reads back to the same works."""
    return "[" + "; ".join(_write(cite) for cite in cites) + "]"


def _write(cite: Cite) -> str:
    prefix = f"{cite.prefix} " if cite.prefix else ""
    locator = f", {cite.locator}" if cite.locator else ""
    return f"{prefix}{'-' if cite.is_author_hidden else ''}@{cite.key}{locator}"


def locator_text(locator: str) -> str:
    """A locator as it is printed: ranges take an en dash ("pp. 33–35")."""
    return _RANGE.sub("–", locator)
