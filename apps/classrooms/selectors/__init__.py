"""Reads of classes. Whoever is not in a class finds nothing."""

from apps.classrooms.selectors.accommodations import (
    Accommodated,
    accommodation_for,
    accommodations_for,
)
from apps.classrooms.selectors.classrooms import (
    classroom_for,
    classrooms_of,
    students_of,
)

__all__ = [
    "Accommodated",
    "accommodation_for",
    "accommodations_for",
    "classroom_for",
    "classrooms_of",
    "students_of",
]
