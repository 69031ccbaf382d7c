"""Every write of grades. Each of them goes through the ledger; nothing else makes a grade."""

from apps.grades.services.importing import marks_import
from apps.grades.services.items import SOURCE_FIELDS, item_delete, item_ensure, item_save
from apps.grades.services.marking import (
    Mark,
    grade_clear,
    grade_excuse,
    grade_excuse_end,
    grade_override,
    grade_override_end,
    marks_save,
)
from apps.grades.services.recording import Score, grades_record, points_check, students_lock
from apps.grades.services.releasing import item_hold, item_release, items_release
from apps.grades.services.setup import category_delete, category_save, setup_save

__all__ = [
    "SOURCE_FIELDS",
    "Mark",
    "Score",
    "category_delete",
    "category_save",
    "grade_clear",
    "grade_excuse",
    "grade_excuse_end",
    "grade_override",
    "grade_override_end",
    "grades_record",
    "item_delete",
    "item_ensure",
    "item_hold",
    "item_release",
    "item_save",
    "items_release",
    "marks_import",
    "marks_save",
    "points_check",
    "setup_save",
    "students_lock",
]
