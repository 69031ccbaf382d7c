from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.classrooms.errors import IdTaken
from apps.classrooms.models import Classroom
from apps.classrooms.policies import check_is_running
from apps.core.services import event_append
from apps.grades import totals
from apps.grades.enums import ItemKind
from apps.grades.models import CurrentGrade, GradeCategory, GradeItem
from apps.grades.services.recording import class_lock, grades_touch, totals_refresh

# What an instructor decides of a column that an activity records into, and of one of their own.
SOURCE_FIELDS = frozenset({"weight", "category", "position", "sis_id"})
MANUAL_FIELDS = SOURCE_FIELDS | {"title", "max_points"}


@transaction.atomic
def item_ensure(  # noqa: PLR0913 - the facts of a column, as its source has them
    *,
    classroom: Classroom,
    source_kind: str,
    source_id: UUID,
    source_path: str,
    title: str,
    max_points: Decimal,
    category: GradeCategory | None = None,
    actor: User | None,
    now: datetime,
) -> GradeItem:
    """The column into which a source records; made once, held, and kept like its source.

    category: where a new column goes; an existing one stays where the instructor has put it.
    Marks that exist keep their points when `max_points` changes; totals follow at once.
    Locks: as class_lock, unless nothing changes.  Queries: 1 where nothing changes.
    """
    title = title[: GradeItem._meta.get_field("title").max_length]
    facts = {"title": title, "max_points": max_points, "source_path": source_path}
    item = GradeItem.objects.filter(source_kind=source_kind, source_id=source_id).first()
    if item is not None and all(getattr(item, name) == fact for name, fact in facts.items()):
        return item
    # Whoever asks at once waits here, and then finds the column there.
    students = class_lock(classroom)
    item, is_new = GradeItem.objects.get_or_create(
        source_kind=source_kind,
        source_id=source_id,
        defaults={
            **facts,
            "classroom": classroom,
            "category": category,
            "kind": ItemKind.SOURCE,
            "position": position_next(classroom),
        },
    )
    if is_new:
        total_ensure(classroom=classroom, now=now)
    else:
        has_other_points = item.max_points != max_points
        for name, fact in facts.items():
            setattr(item, name, fact)
        item.save(update_fields=[*facts, "updated_at"])
        grades_touch([item.pk], now)
        if has_other_points:
            totals_refresh(classroom=classroom, students=students, actor=actor, now=now)
    tell("grade_item.created" if is_new else "grade_item.changed", item, classroom, actor, now)
    return item


@transaction.atomic
def item_save(
    *, item: GradeItem, fields: Mapping[str, Any], actor: User | None, now: datetime
) -> GradeItem:
    """Store a column entered by hand, or what an instructor decides of an activity's column.

    item: a new one has its classroom and nothing else.  fields: of MANUAL_FIELDS, or of
    SOURCE_FIELDS for an activity's.
    actor: None when the school's own client asks.
    Raises: ValidationError, by field; IdTaken; ClassroomArchived.  Locks: as class_lock.
    """
    check_is_running(item.classroom)
    students = class_lock(item.classroom)
    is_new = item.pk is None
    if is_new:
        item.kind = ItemKind.MANUAL
        item.position = position_next(item.classroom)
        total_ensure(classroom=item.classroom, now=now)
    item_write(item, fields)
    tell("grade_item.created" if is_new else "grade_item.changed", item, item.classroom, actor, now)
    if not is_new:
        grades_touch([item.pk], now)
        totals_refresh(classroom=item.classroom, students=students, actor=actor, now=now)
    return item


@transaction.atomic
def item_delete(*, item: GradeItem, actor: User | None, now: datetime) -> None:
    """Take a column away. Where anything has happened in it, it is retired and its ledger stays.

    Locks: as class_lock.
    """
    students = class_lock(item.classroom)
    tell("grade_item.deleted", item, item.classroom, actor, now, is_tombstone=True)
    if not item.events.exists():
        item.delete()
        return
    item.retired_at = now
    item.save(update_fields=["retired_at", "updated_at"])
    grades_touch([item.pk], now)
    totals_refresh(classroom=item.classroom, students=students, actor=actor, now=now)


def item_write(item: GradeItem, fields: Mapping[str, Any]) -> None:
    """Set and store a column's fields; the caller holds the class's grades and refreshes totals.

    Raises: ValidationError, by field; IdTaken.  Queries: 4 at most, and a savepoint.
    """
    allowed = MANUAL_FIELDS if item.kind == ItemKind.MANUAL else SOURCE_FIELDS
    unknown = set(fields) - allowed
    if unknown:
        raise TypeError(f"Of this column nobody sets {', '.join(sorted(unknown))}.")
    for name, value in fields.items():
        setattr(item, name, value)
    item.clean_fields(exclude=["classroom", "category"])
    if item.category is not None and item.category.classroom_id != item.classroom_id:
        raise ValidationError({"category": _("This category belongs to another class.")})
    if item.pk is not None and "max_points" in fields:
        _check_room_for_marks(item)
    try:
        with transaction.atomic():
            item.save()
    except IntegrityError as error:
        raise IdTaken(_("Another column of the class has this id.")) from error


def _check_room_for_marks(item: GradeItem) -> None:
    highest = CurrentGrade.objects.filter(item=item).aggregate(
        points=Max("points"), source=Max("source_points")
    )
    if any(points is not None and points > item.max_points for points in highest.values()):
        raise ValidationError({"max_points": _("Somebody has more points than this already.")})


def total_ensure(*, classroom: Classroom, now: datetime) -> GradeItem:
    """The column of the course total, which students see unless an instructor holds it."""
    item, _is_new = GradeItem.objects.get_or_create(
        classroom=classroom,
        kind=ItemKind.TOTAL,
        defaults={
            "title": _("Course total"),
            "max_points": totals.OUT_OF,
            "released_at": now,
        },
    )
    return item


def position_next(classroom: Classroom) -> int:
    """The place after the last column.  Queries: 1."""
    last: int | None = GradeItem.objects.filter(classroom=classroom).aggregate(
        last=Max("position")
    )["last"]
    return (last or 0) + 1


def tell(
    kind: str,
    subject: GradeItem | GradeCategory,
    classroom: Classroom,
    actor: User | None,
    now: datetime,
    *,
    is_tombstone: bool = False,
) -> None:
    """Tell the outbox of a change to a column or a category.  Queries: 1."""
    event_append(
        kind=kind,
        subject_id=subject.public_id,
        school_id=classroom.school.public_id,
        actor_id=actor.public_id if actor else None,
        now=now,
        is_tombstone=is_tombstone,
        within_id=classroom.public_id if is_tombstone else None,
    )
