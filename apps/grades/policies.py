"""Who may do what with grades. A class's people are told apart by classrooms.selectors."""

from __future__ import annotations

from apps.classrooms.enums import STAFF_ROLES, Role
from apps.grades.enums import ItemKind
from apps.grades.models import CurrentGrade, GradeItem

# Instructors and assistants see the gradebook and its ledger, enter marks, import and export.
SEEING = MARKING = STAFF_ROLES
# Instructors alone decide: override, excuse, clear, release, hold, weigh.
DECIDING = (Role.INSTRUCTOR,)
LEARNING = (Role.STUDENT,)


def is_entered_by_hand(item: GradeItem) -> bool:
    return item.kind == ItemKind.MANUAL and item.retired_at is None


def may_end_override(grade: CurrentGrade | None) -> bool:
    return grade is not None and grade.is_overridden


def may_override(item: GradeItem) -> bool:
    """A category's total follows from its items; the course total may be set by a person."""
    return item.kind != ItemKind.CATEGORY and item.retired_at is None


def may_excuse(item: GradeItem, grade: CurrentGrade | None) -> bool:
    return _is_single(item) and not (grade is not None and grade.is_excused)


def may_end_excuse(item: GradeItem, grade: CurrentGrade | None) -> bool:
    return _is_single(item) and grade is not None and grade.is_excused


def may_clear(item: GradeItem, grade: CurrentGrade | None) -> bool:
    return (
        _is_single(item)
        and grade is not None
        and (grade.points is not None or grade.is_excused or grade.is_overridden)
    )


def _is_single(item: GradeItem) -> bool:
    return item.kind in {ItemKind.SOURCE, ItemKind.MANUAL} and item.retired_at is None
