from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from apps.grades import totals
from apps.grades.enums import ItemKind
from apps.grades.ledger import Standing
from apps.grades.models import GradeItem


def items_of(classroom_id: int, *, with_retired: bool = False) -> QuerySet[GradeItem]:
    """The columns of a class with their categories, in order, totals among them.  Queries: 1."""
    items = GradeItem.objects.filter(classroom_id=classroom_id).select_related("category")
    return items if with_retired else items.filter(retired_at__isnull=True)


@dataclass(frozen=True, slots=True)
class Scheme:
    """How the items of a class add up; made once, used for each student."""

    columns: Sequence[totals.Column]
    groups: Sequence[totals.Group]

    @classmethod
    def of(cls, items: Iterable[GradeItem], *, only_released: bool) -> Scheme:
        """only_released: what a student may know of; otherwise held items count as well."""
        groups: dict[int, totals.Group] = {}
        columns = []
        for item in items:
            if item.retired_at is not None:
                continue
            if item.category is not None:
                groups[item.category.pk] = totals.Group(
                    item.category.pk, item.category.weight, item.category.drop_lowest
                )
            if item.kind in {ItemKind.SOURCE, ItemKind.MANUAL} and (
                item.released_at is not None or not only_released
            ):
                columns.append(
                    totals.Column(item.pk, item.max_points, item.weight, item.category_id)
                )
        return cls(columns, list(groups.values()))

    def totals_of(self, standing_of: Callable[[int], Standing]) -> totals.Totals:
        """standing_of: from an item's primary key to where the student stands in it."""
        marks = {}
        for column in self.columns:
            standing = standing_of(column.key)
            if standing.points is not None and not standing.is_excused:
                marks[column.key] = standing.points
        return totals.compute(self.columns, self.groups, marks)
