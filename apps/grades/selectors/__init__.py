"""Reads of grades, for one page or one service each."""

from apps.grades.selectors.items import Scheme, items_of

__all__ = ["Scheme", "items_of"]
