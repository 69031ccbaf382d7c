"""Reads across a whole course: its rows as files, and what uses each of its sources."""

from apps.courseware.selectors.coverage import Coverage, Covered, coverage
from apps.courseware.selectors.rows import course_files

__all__ = ["Coverage", "Covered", "course_files", "coverage"]
