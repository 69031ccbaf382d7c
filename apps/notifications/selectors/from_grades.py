"""Whom the events of the gradebook concern: only ever of what is released."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.db.models import F, Q
from django.urls import reverse

from apps.core.models import Event
from apps.grades.enums import GradeEventKind, ItemKind
from apps.grades.models import CurrentGrade, GradeItem
from apps.notifications.enums import Kind, SubjectKind
from apps.notifications.selectors.told import Told, students_of

_COUNTED = (ItemKind.SOURCE, ItemKind.MANUAL)


def released(events: Sequence[Event]) -> Iterator[Told]:
    """grade_item.released: the students who have a grade in it.  Queries: 3."""
    items = {
        item.public_id: item
        for item in GradeItem.objects.filter(
            public_id__in={event.subject_id for event in events},
            released_at__isnull=False,
            retired_at__isnull=True,
            kind__in=_COUNTED,
        )
    }
    if not items:
        return
    students = students_of({item.classroom_id for item in items.values()})
    grades: dict[int, list[CurrentGrade]] = defaultdict(list)
    rows = CurrentGrade.objects.filter(item__in=[item.pk for item in items.values()])
    for grade in rows.filter(Q(points__isnull=False) | Q(is_excused=True)).select_related(
        "item__classroom"
    ):
        if grade.student_id in students[grade.item.classroom_id]:
            grades[grade.item_id].append(grade)
    for event in events:
        item = items.get(event.subject_id)
        for grade in grades[item.pk] if item else ():
            yield _told(grade, Kind.GRADE, f"event {event.pk}", event)


def changed(events: Sequence[Event]) -> Iterator[Told]:
    """grade.changed: its student, where the item was released before.

    What a quiz grades by itself its student sees when they submit.  Queries: 2.
    """
    rows = CurrentGrade.objects.filter(
        public_id__in={event.subject_id for event in events},
        item__released_at__isnull=False,
        item__retired_at__isnull=True,
        item__kind__in=_COUNTED,
        last_event__happened_at__gt=F("item__released_at"),
    ).select_related("item__classroom", "last_event")
    grades = {grade.public_id: grade for grade in rows}
    students = students_of({grade.item.classroom_id for grade in grades.values()})
    for event in events:
        grade = grades.get(event.subject_id)
        if grade is None or grade.student_id not in students[grade.item.classroom_id]:
            continue
        is_score = grade.last_event.kind == GradeEventKind.SCORE
        if is_score and event.actor_id is None:
            continue
        # Several changes that are found together are one.
        cause = f"grade {grade.public_id} {grade.version}"
        yield _told(grade, Kind.GRADE if is_score else Kind.CORRECTION, cause, event)


def _told(grade: CurrentGrade, kind: Kind, cause: str, event: Event) -> Told:
    place = grade.item.classroom
    return Told(
        recipient_id=grade.student_id,
        kind=kind,
        cause=cause,
        subject_kind=SubjectKind.GRADE,
        subject_id=grade.public_id,
        classroom_id=place.pk,
        path=reverse("grades:mine", args=[place.public_id]),
        happened_at=event.happened_at,
        actor_id=event.actor_id,
    )
