"""Full-text search of a course: one interface, an index of each database's own kind.

Write with `refresh_lesson`, `refresh_noun`, `forget` and `rebuild`; read with `search`. Only what
readers may see is here: editions, never drafts.
"""

from apps.content.search.entries import forget, rebuild, refresh_lesson, refresh_noun
from apps.content.search.pages import KINDS, SearchHit, SearchPage, search

__all__ = [
    "KINDS",
    "SearchHit",
    "SearchPage",
    "forget",
    "rebuild",
    "refresh_lesson",
    "refresh_noun",
    "search",
]
