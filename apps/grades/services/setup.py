from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.classrooms.policies import check_is_running
from apps.core.errors import NotFound
from apps.grades import totals
from apps.grades.enums import ItemKind
from apps.grades.models import GradeCategory, GradeItem
from apps.grades.services.items import item_write, position_next, tell, total_ensure
from apps.grades.services.recording import class_lock, grades_touch, totals_refresh

CATEGORY_FIELDS = frozenset({"title", "weight", "drop_lowest", "position"})


@transaction.atomic
def category_save(
    *, category: GradeCategory, fields: Mapping[str, Any], actor: User, now: datetime
) -> GradeCategory:
    """Store a category, and the column of its total.

    category: a new one has its classroom and nothing else.  fields: of CATEGORY_FIELDS.
    Raises: ValidationError, by field; ClassroomArchived.  Locks: as class_lock.
    """
    classroom = category.classroom
    check_is_running(classroom)
    students = class_lock(classroom)
    is_new = category.pk is None
    if is_new:
        last = GradeCategory.objects.filter(classroom=classroom).aggregate(last=Max("position"))
        category.position = (last["last"] or 0) + 1
    _category_write(category, fields)
    tell(f"grade_category.{'created' if is_new else 'changed'}", category, classroom, actor, now)
    if is_new:
        total_ensure(classroom=classroom, now=now)
        GradeItem.objects.create(
            classroom=classroom,
            category=category,
            kind=ItemKind.CATEGORY,
            title=category.title,
            max_points=totals.OUT_OF,
            position=position_next(classroom),
            released_at=now,
        )
    else:
        totals_refresh(classroom=classroom, students=students, actor=actor, now=now)
    return category


@transaction.atomic
def category_delete(*, category: GradeCategory, actor: User, now: datetime) -> None:
    """Take a category away; its items stay, each counting by itself.

    Its total's column goes too, or is retired where it has a history.
    Raises: ClassroomArchived.  Locks: as class_lock.
    """
    classroom = category.classroom
    check_is_running(classroom)
    students = class_lock(classroom)
    tell("grade_category.deleted", category, classroom, actor, now, is_tombstone=True)
    columns = list(category.items.values_list("pk", flat=True))
    for total in category.items.filter(kind=ItemKind.CATEGORY):
        if total.events.exists():
            total.retired_at, total.category = now, None
            total.save(update_fields=["retired_at", "category", "updated_at"])
        else:
            total.delete()
    category.items.update(category=None, updated_at=now)
    grades_touch(columns, now)
    category.delete()
    totals_refresh(classroom=classroom, students=students, actor=actor, now=now)


@transaction.atomic
def setup_save(
    *,
    classroom: Classroom,
    categories: Mapping[UUID, Mapping[str, Any]],
    items: Mapping[UUID, Mapping[str, Any]],
    actor: User,
    now: datetime,
) -> None:
    """Store how the items of a class add up, all of it or none, with everybody's totals.

    categories: {public id: CATEGORY_FIELDS}.  items: {public id: fields of item_save}.
    Raises: ValidationError, by field; NotFound for what the class does not have;
    ClassroomArchived.  Locks: as class_lock.
    """
    check_is_running(classroom)
    students = class_lock(classroom)
    known_categories = {row.public_id: row for row in classroom.grade_categories.all()}
    known_items = {
        row.public_id: row
        for row in classroom.grade_items.filter(
            kind__in=[ItemKind.SOURCE, ItemKind.MANUAL], retired_at__isnull=True
        )
    }
    if not (categories.keys() <= known_categories.keys() and items.keys() <= known_items.keys()):
        raise NotFound(_("Somebody has taken away one of these. Look again."))
    for public_id, fields in categories.items():
        category = known_categories[public_id]
        _category_write(category, fields)
        tell("grade_category.changed", category, classroom, actor, now)
    for public_id, fields in items.items():
        item = known_items[public_id]
        item_write(item, fields)
        tell("grade_item.changed", item, classroom, actor, now)
    grades_touch([known_items[public_id].pk for public_id in items], now)
    totals_refresh(classroom=classroom, students=students, actor=actor, now=now)


def _category_write(category: GradeCategory, fields: Mapping[str, Any]) -> None:
    unknown = set(fields) - CATEGORY_FIELDS
    if unknown:
        raise TypeError(f"A category has no {', '.join(sorted(unknown))} to set.")
    for name, value in fields.items():
        setattr(category, name, value)
    category.clean_fields(exclude=["classroom"])
    others = GradeCategory.objects.filter(classroom=category.classroom_id).exclude(pk=category.pk)
    if others.filter(title=category.title).exists():
        raise ValidationError({"title": _("Another category of this class has this title.")})
    category.save()
    category.items.filter(kind=ItemKind.CATEGORY).update(title=category.title)
