from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.classrooms.policies import check_is_running
from apps.grades.enums import GradeEventKind, ItemKind
from apps.grades.errors import NotApplicable
from apps.grades.models import GradeEvent, GradeItem
from apps.grades.services.items import tell
from apps.grades.services.recording import class_lock, grades_touch, totals_refresh

NEWS = {
    GradeEventKind.RELEASE: "grade_item.released",
    GradeEventKind.HOLD: "grade_item.held",
}


def item_release(*, item: GradeItem, actor: User | None, now: datetime) -> GradeItem:
    """Show an item to the students, and count it in the totals; twice is once.

    actor: None where the activity's own rules release it, which they may after the class's end.
    Raises: NotApplicable for a category's total; ClassroomArchived for an actor.
    Locks: as class_lock, then the GradeItem.  Queries: 13 and a savepoint.
    """
    return _switch_one(item, GradeEventKind.RELEASE, actor, now)


def item_hold(*, item: GradeItem, actor: User | None, now: datetime) -> GradeItem:
    """Hide an item from the students, and from the totals; otherwise as item_release."""
    return _switch_one(item, GradeEventKind.HOLD, actor, now)


@transaction.atomic
def items_release(*, classroom: Classroom, actor: User, now: datetime) -> int:
    """Release every held item of a class.

    Returns: how many were held.  Raises: ClassroomArchived.  Locks: as item_release.
    """
    check_is_running(classroom)
    students = class_lock(classroom)
    held = list(
        GradeItem.objects.select_for_update(no_key=True)
        .filter(classroom=classroom, released_at__isnull=True, retired_at__isnull=True)
        .order_by("pk")
    )
    if held:
        _switch(held, GradeEventKind.RELEASE, classroom, students, actor, now)
    return len(held)


@transaction.atomic
def _switch_one(
    item: GradeItem, kind: GradeEventKind, actor: User | None, now: datetime
) -> GradeItem:
    if item.kind == ItemKind.CATEGORY:
        raise NotApplicable(_("A category's total is shown as long as anything in it is."))
    if actor is not None:
        check_is_running(item.classroom)
    students = class_lock(item.classroom)
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
        tell(NEWS[kind], item, classroom, actor, now)
    GradeItem.objects.bulk_update(items, ["released_at", "updated_at"])
    grades_touch([item.pk for item in items], now)
    totals_refresh(
        classroom=classroom,
        students=students,
        actor=actor,
        now=now,
        origin_id=events[0].public_id if len(events) == 1 else None,
    )
