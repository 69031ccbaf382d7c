"""One student's grades, and how each came about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.grades import ledger as arithmetic
from apps.grades.enums import GradeEventKind, ItemKind
from apps.grades.ledger import NOTHING, Standing
from apps.grades.models import CurrentGrade, GradeEvent, GradeItem
from apps.grades.selectors.gradebook import items_ordered
from apps.grades.selectors.items import Scheme

SWITCHES = (GradeEventKind.HOLD, GradeEventKind.RELEASE)


@dataclass(frozen=True, slots=True)
class Line:
    """One item of one student.

    share: what it adds to the course total, in percentage points. None: it counts for nothing.
    events: oldest first.
    """

    item: GradeItem
    standing: Standing
    share: Decimal | None
    is_dropped: bool
    events: Sequence[GradeEvent]


@dataclass(frozen=True, slots=True)
class Report:
    """lines: by category, each category's total after its items.  total: None where it is held."""

    lines: Sequence[Line]
    total: Line | None


def grades_of(user: User, classroom: Classroom) -> Report:
    """What `user` may know of their own grades: released items, and totals of nothing else.

    Of each grade's history: what stood when the item was first released, and all since.
    Queries: 3.
    """
    return _report(user, classroom, only_released=True)


def grades_for_staff(user: User, classroom: Classroom) -> Report:
    """Every item of a student, held ones too, and totals that count them.  Queries: 3."""
    return _report(user, classroom, only_released=False)


def ledger(item: GradeItem, student: User) -> list[GradeEvent]:
    """All that happened to one student's grade in an item, holding and releasing included.

    For staff: it names who did it.  Oldest first.  Queries: 1.
    """
    return list(
        GradeEvent.objects.filter(item=item)
        .filter(Q(student=student) | Q(student__isnull=True))
        .select_related("actor")
        .order_by("pk")
    )


def _report(user: User, classroom: Classroom, *, only_released: bool) -> Report:
    columns = items_ordered(classroom.pk)
    scheme = Scheme.of(columns, only_released=only_released)
    shown = [item for item in columns if item.released_at is not None or not only_released]
    standings = {
        row.item_id: Standing(row.points, row.source_points, row.is_overridden, row.is_excused)
        for row in CurrentGrade.objects.filter(item__in=shown, student=user)
    }
    events: dict[int, list[GradeEvent]] = {item.pk: [] for item in shown}
    for event in (
        GradeEvent.objects.filter(item__in=shown)
        .filter(Q(student=user) | Q(student__isnull=True))
        .order_by("pk")
    ):
        events[event.item_id].append(event)

    result = scheme.totals_of(lambda item_id: standings.get(item_id, NOTHING))

    def line(item: GradeItem) -> Line:
        standing = standings.get(item.pk, NOTHING)
        if item.kind == ItemKind.CATEGORY:
            standing = Standing(result.groups.get(item.category_id or 0))
        elif item.kind == ItemKind.TOTAL and not standing.is_overridden:
            standing = Standing(result.total, result.total)
        history = events[item.pk]
        return Line(
            item=item,
            standing=standing,
            share=result.shares.get(item.pk),
            is_dropped=item.pk in result.dropped,
            events=_for_student(history) if only_released else history,
        )

    lines = [line(item) for item in shown]
    total = next((each for each in lines if each.item.kind == ItemKind.TOTAL), None)
    used = {each.item.category_id for each in lines if each.item.kind != ItemKind.CATEGORY}
    return Report(
        # The total of a category of which this person sees nothing says nothing.
        lines=[
            each
            for each in lines
            if each is not total
            and (each.item.kind != ItemKind.CATEGORY or each.item.category_id in used)
        ],
        total=total,
    )


def _for_student(events: Sequence[GradeEvent]) -> list[GradeEvent]:
    already = 0
    own: list[GradeEvent] = []
    is_released = False
    for event in events:
        if event.kind not in SWITCHES:
            own.append(event)
        elif not is_released and event.kind == GradeEventKind.RELEASE:
            already, is_released = len(own), True
    places = arithmetic.shown([(event.kind, event.points) for event in own], already)
    return [own[place] for place in places]
