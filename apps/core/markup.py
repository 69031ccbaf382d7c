"""How much there is to do in a piece of HTML, by count. Pure.

What turns HTML into something else walks its elements, and looks at each once for every element
that it stands in; so whoever reads other people's HTML bounds both before they begin.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# A tag with its attributes, whose values may hold brackets.
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)(?:[^<>\"]|\"[^\"]*\")*>")
_VOID = frozenset({"br", "hr", "img"})


@dataclass(frozen=True, slots=True)
class Size:
    """depth: of the innermost element; 0 where there is none."""

    elements: int
    depth: int


def size_of(html: str) -> Size:
    """The size of sanitised HTML, in which every element that is opened is closed."""
    elements = depth = deepest = 0
    for closing, name in _TAG.findall(html):
        if closing:
            depth -= 1
            continue
        elements += 1
        if name not in _VOID:
            depth += 1
            deepest = max(deepest, depth)
    return Size(elements, deepest)
