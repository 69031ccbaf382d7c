"""One item, one person: what the pages of a class's staff begin from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from apps.classrooms.enums import Role
from apps.classrooms.models import Classroom, Enrolment
from apps.classrooms.selectors import enrolment_in, students_of
from apps.core.errors import NotFound
from apps.grades.enums import ItemKind
from apps.grades.models import CurrentGrade, GradeCategory, GradeItem
from apps.grades.selectors.items import items_of


@dataclass(frozen=True, slots=True)
class Mine:
    """A student's grade in one item. grade: None while nothing has happened to it."""

    enrolment: Enrolment
    grade: CurrentGrade | None

    @property
    def version(self) -> int:
        return self.grade.version if self.grade else 0


def item_in(classroom: Classroom, public_id: UUID) -> GradeItem:
    """A column of the class that is in use.  Raises: NotFound.  Queries: 1."""
    item: GradeItem | None = items_of(classroom.pk).filter(public_id=public_id).first()
    if item is None:
        raise NotFound(_("There is no such item in this class."))
    item.classroom = classroom
    return item


def student_in(classroom: Classroom, public_id: UUID) -> Enrolment:
    """A student who is or was in the class.  Raises: NotFound.  Queries: 1."""
    row = enrolment_in(classroom, public_id)
    if row.role != Role.STUDENT:
        raise NotFound(_("There is no such student in this class."))
    return row


def grades_in(item: GradeItem) -> list[Mine]:
    """Every student of the class with their grade in one item, by name.  Queries: 2."""
    grades = {row.student_id: row for row in CurrentGrade.objects.filter(item=item)}
    return [Mine(row, grades.get(row.user_id)) for row in students_of(item.classroom)]


def grade_of(item: GradeItem, student_id: int) -> CurrentGrade | None:
    """Queries: 1."""
    return CurrentGrade.objects.filter(item=item, student=student_id).first()


def categories_of(classroom: Classroom) -> Sequence[GradeCategory]:
    """Queries: 1."""
    return list(classroom.grade_categories.all())


def category_in(classroom: Classroom, public_id: UUID) -> GradeCategory:
    """Raises: NotFound.  Queries: 1."""
    category: GradeCategory | None = classroom.grade_categories.filter(public_id=public_id).first()
    if category is None:
        raise NotFound(_("There is no such category."))
    category.classroom = classroom
    return category


def weighed_items(classroom: Classroom) -> list[GradeItem]:
    """The columns that an instructor weighs: all but totals.  Queries: 1."""
    rows = items_of(classroom.pk).filter(kind__in=[ItemKind.SOURCE, ItemKind.MANUAL])
    return list(rows.order_by("position", "pk"))
