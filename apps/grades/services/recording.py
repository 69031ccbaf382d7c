"""The one way into the ledger, and what follows from each of its rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from apps.accounts.models import School, User
from apps.classrooms.models import Classroom, Enrolment
from apps.classrooms.services.locks import classroom_lock
from apps.core.services import events_append
from apps.grades import ledger, selectors, totals
from apps.grades.enums import GradeEventKind, ItemKind
from apps.grades.errors import InvalidPoints, NotEnrolled
from apps.grades.models import CurrentGrade, GradeEvent, GradeItem

HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Score:
    """What a source gives one student. points: None takes back what it gave."""

    points: Decimal | None
    reason: str = ""
    origin_id: UUID | None = None  # the attempt, contest or correction it came from
    origin_path: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that the ledger is to have."""

    item_id: int
    student_id: int
    kind: GradeEventKind
    score: Score


def grades_record(
    *,
    item: GradeItem,
    scores: Mapping[int, Score],
    kind: GradeEventKind = GradeEventKind.SCORE,
    actor: User | None,
    now: datetime,
) -> list[GradeEvent]:
    """Append what the source of `item` gives, and bring grades and totals up to it, all or none.

    scores: {user's primary key: Score}; points are rounded to 2 places, halves up.
    kind: SCORE, or REGRADE where the source corrects what it gave.
    An override stands and an exemption stays; the ledger knows both what was given and what counts.
    Returns: the events, in the order of `scores`, without those of totals.
    Raises: InvalidPoints, NotEnrolled; nothing is written.
    Locks: the students' Enrolment rows, ordered by id, first.  Queries: 7 and a savepoint, however
    many students (SQLite takes 80 rows an insert).
    """
    entries = [
        Entry(item.pk, student_id, kind, _checked(score)) for student_id, score in scores.items()
    ]
    return entries_append(classroom_id=item.classroom_id, entries=entries, actor=actor, now=now)


@transaction.atomic
def entries_append(
    *, classroom_id: int, entries: Sequence[Entry], actor: User | None, now: datetime
) -> list[GradeEvent]:
    """Append `entries`, of any items of one class, with the totals that follow from them.

    Raises: NotEnrolled.  Locks: Enrolment.  Queries: 7.
    """
    if not entries:
        return []
    students = {entry.student_id for entry in entries}
    if students - set(students_lock(classroom_id, students)):
        raise NotEnrolled(_("This person is not in the class."))
    return _write(classroom_id, students, entries, actor, now)


def students_lock(classroom_id: int, students: Collection[int] | None = None) -> list[int]:
    """Take the grades of these students, or of everybody, until the transaction ends.

    Returns: those of them who are or were in the class.  Locks: Enrolment, by id.  Queries: 1.
    """
    rows = Enrolment.objects.select_for_update(no_key=True).filter(classroom_id=classroom_id)
    if students is not None:
        rows = rows.filter(user_id__in=students)
    return list(rows.order_by("pk").values_list("user_id", flat=True))


def class_lock(classroom: Classroom) -> list[int]:
    """Take all grades of a class, newcomers' too, for what changes everybody's totals.

    Returns: everybody who is or was in the class.  Locks: Classroom, Enrolment by id.  Queries: 2.
    """
    classroom_lock(classroom)
    return students_lock(classroom.pk)


def grades_touch(items: Collection[int], now: datetime) -> None:
    """Have every grade of these columns told anew; the caller holds the class.  Queries: 1."""
    CurrentGrade.objects.filter(item__in=items).update(touched_at=now)


@transaction.atomic
def totals_refresh(
    *,
    classroom: Classroom,
    students: Collection[int],
    actor: User | None,
    now: datetime,
    origin_id: UUID | None = None,
) -> list[GradeEvent]:
    """Bring totals up to what the items, weights and releases have become.

    students: locked before the change.  origin_id: the event that changed them, where one did.
    Returns: the totals' events.  Queries: 6.
    """
    return _write(classroom.pk, set(students), [], actor, now, origin_id)


def points_check(points: Decimal, most: Decimal = totals.MOST) -> Decimal:
    """`points` with 2 places, halves up.  Raises: InvalidPoints unless within 0 and `most`."""
    if not points.is_finite() or not 0 <= points <= most:
        raise InvalidPoints(
            _("Points are a number from 0 to %(most)s.") % {"most": number_format(most)}
        )
    return points.quantize(HUNDREDTH, ROUND_HALF_UP)


def _checked(score: Score) -> Score:
    return score if score.points is None else replace(score, points=points_check(score.points))


class _Grades:
    """The grades of some students in one class, as they will be when the transaction ends."""

    def __init__(self, items: Iterable[GradeItem], students: Collection[int]) -> None:
        self.items = {item.pk: item for item in items}
        self.rows: dict[tuple[int, int], CurrentGrade] = {
            (row.item_id, row.student_id): row
            for row in CurrentGrade.objects.filter(item__in=list(self.items), student__in=students)
        }
        self.standings = {
            place: ledger.Standing(row.points, row.source_points, row.is_overridden, row.is_excused)
            for place, row in self.rows.items()
        }
        self.events: list[tuple[tuple[int, int], GradeEvent]] = []

    def standing(self, item_id: int, student_id: int) -> ledger.Standing:
        return self.standings.get((item_id, student_id), ledger.NOTHING)

    def append(self, entry: Entry, actor: User | None, now: datetime) -> GradeEvent:
        place = (entry.item_id, entry.student_id)
        score = entry.score
        self.standings[place] = ledger.after(self.standing(*place), entry.kind, score.points)
        event = GradeEvent(
            item_id=entry.item_id,
            student_id=entry.student_id,
            kind=entry.kind,
            points=score.points,
            max_points=self.items[entry.item_id].max_points,
            reason=score.reason,
            origin_id=score.origin_id,
            origin_path=score.origin_path,
            actor=actor,
            happened_at=now,
        )
        self.events.append((place, event))
        return event

    def save(self, school_id: UUID, actor: User | None, now: datetime) -> None:
        """Write the events, the grades they add up to, and the news of it.  Queries: 3."""
        GradeEvent.objects.bulk_create(event for _place, event in self.events)
        changed: dict[tuple[int, int], CurrentGrade] = {}
        subjects: dict[tuple[int, int], UUID] = {}
        for place, event in self.events:
            known = self.rows.get(place)
            standing = self.standings[place]
            earlier = changed[place].version if place in changed else known.version if known else 0
            # A row of its own, without the known one's keys: the unique place alone decides
            # whether the database inserts or updates.
            row = CurrentGrade(
                item_id=place[0],
                student_id=place[1],
                points=standing.points,
                source_points=standing.source_points,
                is_overridden=standing.is_overridden,
                is_excused=standing.is_excused,
                last_event=event,
                version=earlier + 1,
                changed_at=now,
                touched_at=now,
            )
            changed[place] = row
            subjects[place] = known.public_id if known else row.public_id
        CurrentGrade.objects.bulk_create(
            changed.values(),
            update_conflicts=True,
            unique_fields=["item", "student"],
            update_fields=[
                *("points", "source_points", "is_overridden", "is_excused"),
                *("last_event", "version", "changed_at", "touched_at"),
            ],
        )
        events_append(
            kind="grade.changed",
            subject_ids=subjects.values(),
            school_id=school_id,
            actor_id=actor.public_id if actor else None,
            now=now,
        )


def _write(
    classroom_id: int,
    students: Collection[int],
    entries: Sequence[Entry],
    actor: User | None,
    now: datetime,
    origin_id: UUID | None = None,
) -> list[GradeEvent]:
    items = list(selectors.items_of(classroom_id, with_retired=True))
    grades = _Grades(items, students)
    recorded = [grades.append(entry, actor, now) for entry in entries]
    causes = {
        entry.student_id: event.public_id for entry, event in zip(entries, recorded, strict=True)
    }
    following = [
        grades.append(
            Entry(
                item_id,
                student_id,
                GradeEventKind.TOTAL,
                Score(points, origin_id=causes.get(student_id, origin_id)),
            ),
            actor,
            now,
        )
        for item_id, student_id, points in _totals_changed(items, grades, students)
    ]
    if grades.events:
        school_id = School.objects.values_list("public_id", flat=True).get(classrooms=classroom_id)
        grades.save(school_id, actor, now)
    return recorded if entries else following


def _totals_changed(
    items: Sequence[GradeItem], grades: _Grades, students: Collection[int]
) -> Iterable[tuple[int, int, Decimal | None]]:
    """(total's item, student, percentage) wherever the stored total is no longer right."""
    scheme = selectors.Scheme.of(items, only_released=True)
    for student_id in sorted(students):
        result = scheme.totals_of(partial(grades.standing, student_id=student_id))
        for item in items:
            if item.kind == ItemKind.TOTAL:
                points = result.total
            elif item.kind == ItemKind.CATEGORY and item.category_id is not None:
                points = result.groups.get(item.category_id)
            else:
                continue
            if points != grades.standing(item.pk, student_id).source_points:
                yield item.pk, student_id, points
