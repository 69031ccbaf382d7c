"""Every write of grades. Each of them goes through the ledger; nothing else makes a grade."""

from apps.grades.services.items import item_ensure, item_hold, item_release, items_release
from apps.grades.services.recording import Score, grades_record, students_lock

__all__ = [
    "Score",
    "grades_record",
    "item_ensure",
    "item_hold",
    "item_release",
    "items_release",
    "students_lock",
]
