from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.core.services import event_append
from apps.grades import totals
from apps.grades.enums import GradeEventKind, ItemKind
from apps.grades.models import GradeCategory, GradeEvent, GradeItem
from apps.grades.services.recording import students_lock, totals_refresh


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
    Locks: everybody's Enrolment where max_points changes.  Queries: 1 where nothing changes.
    """
    title = title[: GradeItem._meta.get_field("title").max_length]
    facts = {"title": title, "max_points": max_points, "source_path": source_path}
    item = _source_item(source_kind, source_id)
    if item is not None and all(getattr(item, name) == fact for name, fact in facts.items()):
        return item
    # Whoever asks at once waits here, and then finds the column there.
    students = students_lock(classroom.pk)
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
        if has_other_points:
            totals_refresh(classroom=classroom, students=students, actor=actor, now=now)
    _tell("grade_item.created" if is_new else "grade_item.changed", item, classroom, actor, now)
    return item


def item_release(*, item: GradeItem, actor: User | None, now: datetime) -> GradeItem:
    """Show an item to the students, and count it in the totals they see; twice is once.

    Locks: everybody's Enrolment, then the GradeItem.  Queries: 14 and a savepoint.
    """
    return _release(item, GradeEventKind.RELEASE, actor, now)


def item_hold(*, item: GradeItem, actor: User | None, now: datetime) -> GradeItem:
    """Hide an item from the students, and from the totals they see; twice is once.

    Locks: everybody's Enrolment, then the GradeItem.  Queries: 14 and a savepoint.
    """
    return _release(item, GradeEventKind.HOLD, actor, now)


@transaction.atomic
def items_release(*, classroom: Classroom, actor: User | None, now: datetime) -> int:
    """Release every held item of a class.  Returns: how many were held.  Locks: as item_release."""
    students = students_lock(classroom.pk)
    held = list(
        GradeItem.objects.select_for_update(no_key=True)
        .filter(classroom=classroom, released_at__isnull=True, retired_at__isnull=True)
        .order_by("pk")
    )
    _switch(held, GradeEventKind.RELEASE, classroom, students, actor, now)
    return len(held)


@transaction.atomic
def _release(item: GradeItem, kind: GradeEventKind, actor: User | None, now: datetime) -> GradeItem:
    students = students_lock(item.classroom_id)
    locked = GradeItem.objects.select_for_update(no_key=True).get(pk=item.pk)
    is_released = locked.released_at is not None
    if is_released != (kind == GradeEventKind.RELEASE):
        _switch([locked], kind, item.classroom, students, actor, now)
    item.released_at = locked.released_at
    return item


def _switch(
    items: list[GradeItem],
    kind: GradeEventKind,
    classroom: Classroom,
    students: Collection[int],
    actor: User | None,
    now: datetime,
) -> None:
    events = GradeEvent.objects.bulk_create(
        GradeEvent(item=item, kind=kind, max_points=item.max_points, actor=actor, happened_at=now)
        for item in items
    )
    for item in items:
        item.released_at = now if kind == GradeEventKind.RELEASE else None
        item.updated_at = now
        _tell(
            "grade_item.released" if kind == GradeEventKind.RELEASE else "grade_item.held",
            item,
            classroom,
            actor,
            now,
        )
    GradeItem.objects.bulk_update(items, ["released_at", "updated_at"])
    totals_refresh(
        classroom=classroom,
        students=students,
        actor=actor,
        now=now,
        origin_id=events[0].public_id if len(events) == 1 else None,
    )


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


def _source_item(source_kind: str, source_id: UUID) -> GradeItem | None:
    return GradeItem.objects.filter(source_kind=source_kind, source_id=source_id).first()


def _tell(
    kind: str, item: GradeItem, classroom: Classroom, actor: User | None, now: datetime
) -> None:
    event_append(
        kind=kind,
        subject_id=item.public_id,
        school_id=classroom.school.public_id,
        actor_id=actor.public_id if actor else None,
        now=now,
    )
