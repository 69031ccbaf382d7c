"""Reads of progress: one person's own, and what a class's staff ask of their class."""

from apps.learning.selectors.classes import last_activity, sections_seen
from apps.learning.selectors.progress import (
    CourseStanding,
    LessonStanding,
    UnitStanding,
    check_ups_tried,
    course_followed,
    courses_followed,
    lesson_published,
    progress_of,
    sections_of,
)

__all__ = [
    "CourseStanding",
    "LessonStanding",
    "UnitStanding",
    "check_ups_tried",
    "course_followed",
    "courses_followed",
    "last_activity",
    "lesson_published",
    "progress_of",
    "sections_of",
    "sections_seen",
]
