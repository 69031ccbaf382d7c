"""Reads of grades, for one page or one service each."""

from apps.grades.selectors.gradebook import Cell, Gradebook, Row, gradebook, items_ordered
from apps.grades.selectors.histories import Line, Report, grades_for_staff, grades_of, ledger
from apps.grades.selectors.items import Scheme, items_of
from apps.grades.selectors.pages import (
    Mine,
    categories_of,
    category_in,
    grade_of,
    grades_in,
    item_in,
    student_in,
    weighed_items,
)
from apps.grades.selectors.tables import MarkChange, MarksPlan, gradebook_table, marks_plan

__all__ = [
    "Cell",
    "Gradebook",
    "Line",
    "MarkChange",
    "MarksPlan",
    "Mine",
    "Report",
    "Row",
    "Scheme",
    "categories_of",
    "category_in",
    "grade_of",
    "gradebook",
    "gradebook_table",
    "grades_for_staff",
    "grades_in",
    "grades_of",
    "item_in",
    "items_of",
    "items_ordered",
    "ledger",
    "marks_plan",
    "student_in",
    "weighed_items",
]
