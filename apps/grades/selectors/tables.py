"""The gradebook as a table to take away, and what a list of marks would do to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import blake2b

from django.utils.translation import gettext_lazy as _

from apps.classrooms.models import Classroom, Enrolment
from apps.classrooms.selectors import students_of
from apps.grades import policies, sheets
from apps.grades.models import CurrentGrade, GradeItem
from apps.grades.selectors.gradebook import gradebook
from apps.grades.selectors.items import items_of

PROBLEMS = {
    "csv": _("This is no CSV: %(value)s"),
    "empty": _("The file is empty."),
    "too_long": _("The list is too long."),
    "nobody": _("No column says who: name one “E-mail” or “School’s id”."),
    "column_twice": _("Two columns are called “%(value)s”."),
    "nobody_named": _("Nobody is named here."),
    "person_twice": _("“%(value)s” stands here for the second time."),
    "no_number": _("“%(value)s” is no number."),
    "two_items": _("Two columns of the gradebook are called “%(value)s”; give one another name."),
    "two_people": _("“%(value)s”: the address is one student’s, the id another’s."),
    "unknown": _("“%(value)s” is not a student of this class."),
    "too_many": _("“%(value)s” is more than the item gives, or less than zero."),
}


@dataclass(frozen=True, slots=True)
class MarkChange:
    """What a list would do to one grade. before: None for none yet."""

    item: GradeItem
    enrolment: Enrolment
    before: Decimal | None
    after: Decimal
    version: int  # of the grade as it is


@dataclass(frozen=True, slots=True)
class MarksPlan:
    """What a list of marks would do. problems: (line, sentence); with any, nothing is done.

    ignored: headings that name no item that is entered by hand.
    token: the same for the same plan; it changes when a grade does.
    """

    changes: Sequence[MarkChange]
    problems: Sequence[tuple[int, str]]
    ignored: Sequence[str]
    same_count: int

    @property
    def token(self) -> str:
        said = [
            f"{change.item.pk}.{change.enrolment.pk}.{change.after}.{change.version}"
            for change in self.changes
        ]
        return blake2b(" ".join(said).encode(), digest_size=16).hexdigest()


def gradebook_table(classroom: Classroom) -> Iterator[list[sheets.Cell]]:
    """The whole class with what staff see, held items too.  Queries: those of `gradebook`."""
    book = gradebook(classroom)
    yield [
        *("Name", "E-mail", "School's id"),
        *(item.title for item in book.items),
        *([book.total.title] if book.total else []),
    ]
    for row in book.rows:
        person = row.enrolment.user
        yield [
            *(person.display_name, person.email, row.enrolment.sis_id),
            *(None if cell.is_excused else cell.points for cell in row.cells),
            *([row.total.points] if book.total else []),
        ]


def marks_plan(classroom: Classroom, text: str) -> MarksPlan:
    """What a list would do to items that are entered by hand; it writes nothing.  Queries: 3."""
    sheet = sheets.parse(text)
    by_hand = [item for item in items_of(classroom.pk) if policies.is_entered_by_hand(item)]
    items = {item.title: item for item in by_hand}
    titles = Counter(item.title for item in by_hand)
    people = list(students_of(classroom))
    by_email = {row.user.email.casefold(): row for row in people}
    by_sis_id = {row.sis_id: row for row in people if row.sis_id}
    grades = {
        (row.item_id, row.student_id): row
        for row in CurrentGrade.objects.filter(item__in=items.values())
    }
    problems = [(fault.line, _sentence(fault.code, fault.value)) for fault in sheet.problems]
    problems += [(1, _sentence("two_items", name)) for name in sheet.columns if titles[name] > 1]
    seen: set[tuple[int, int]] = set()
    changes = []
    same_count = 0
    for mark in sheet.marks:
        item = items.get(mark.column)
        if item is None:
            continue
        called = {by_email.get(mark.email), by_sis_id.get(mark.sis_id)} - {None}
        enrolment = next(iter(called), None)
        name = mark.email or mark.sis_id
        if enrolment is None:
            problems.append((mark.line, _sentence("unknown", name)))
        elif len(called) > 1:
            problems.append((mark.line, _sentence("two_people", name)))
        elif (item.pk, enrolment.pk) in seen:
            problems.append((mark.line, _sentence("person_twice", name)))
        elif not 0 <= mark.points <= item.max_points:
            problems.append((mark.line, _sentence("too_many", f"{mark.points:f}")))
        else:
            seen.add((item.pk, enrolment.pk))
            grade = grades.get((item.pk, enrolment.user_id))
            if grade is not None and grade.source_points == mark.points:
                same_count += 1
                continue
            changes.append(_change(item, enrolment, grade, mark.points))
    return MarksPlan(
        changes=changes,
        problems=sorted(set(problems)),
        ignored=[name for name in sheet.columns if name not in items],
        same_count=same_count,
    )


def _change(
    item: GradeItem, enrolment: Enrolment, grade: CurrentGrade | None, points: Decimal
) -> MarkChange:
    before = grade.source_points if grade else None
    return MarkChange(item, enrolment, before, points, grade.version if grade else 0)


def _sentence(code: str, value: str) -> str:
    values: Mapping[str, str] = {"value": value[:80]}
    return str(PROBLEMS[code]) % values
