"""Every write of the courseware: files into rows, and rows into files."""

from apps.courseware.services.exporting import ExportReport, course_export
from apps.courseware.services.loading import LoadReport, course_load, load_absent

__all__ = ["ExportReport", "LoadReport", "course_export", "course_load", "load_absent"]
