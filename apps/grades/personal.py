"""What grades give to a copy of everything about a person, and do when one is erased."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.core.exports import ExportTable, rows_of
from apps.core.services import words_redact
from apps.grades.ledger import NOTHING
from apps.grades.models import CurrentGrade, GradeEvent
from apps.grades.selectors import grades_of
from apps.grades.selectors.histories import Line


def export_tables(user: User, _now: datetime) -> list[ExportTable]:
    return [
        ExportTable(
            "grades/grades",
            _("Your grades"),
            _("What stands now. A grade that is held is in your copy once it is released."),
            ("grades.CurrentGrade",),
            (_grade(classroom, line) for classroom, line in _lines(user)),
        ),
        ExportTable(
            "grades/history",
            _("How your grades came about"),
            _("Every change since a grade was released, and what stood at that moment."),
            ("grades.GradeEvent",),
            (
                {
                    "title": classroom.title,
                    "item": line.item.title,
                    "at": event.happened_at,
                    "what": event.get_kind_display(),
                    "points": event.points,
                    "out_of": event.max_points,
                    "reason": event.reason,
                }
                for classroom, line in _lines(user)
                for event in line.events
            ),
        ),
        ExportTable(
            "authorship/grades-given",
            _("Grades that you gave"),
            _("In which class and item, and when; whose they are is not in your copy."),
            ("grades.GradeEvent",),
            rows_of(
                GradeEvent.objects.filter(actor=user).exclude(student=user).order_by("pk"),
                title="item__classroom__title",
                item="item__title",
                at="happened_at",
                what="kind",
            ),
        ),
    ]


def _lines(user: User) -> Iterator[tuple[Classroom, Line]]:
    """What the person may see in each class, the total last."""
    for classroom in Classroom.objects.filter(enrolments__user=user).order_by("pk"):
        report = grades_of(user, classroom)
        for line in [*report.lines, report.total]:
            if line is not None and (line.events or line.standing != NOTHING):
                yield classroom, line


def _grade(classroom: Classroom, line: Line) -> Mapping[str, Any]:
    return {
        "title": classroom.title,
        "item": line.item.title,
        "points": line.standing.points,
        "out_of": line.item.max_points,
        "is_overridden": line.standing.is_overridden,
        "is_excused": line.standing.is_excused,
        "adds_percentage_points": line.share,
        "is_dropped": line.is_dropped,
        "released_at": line.item.released_at,
    }


def person_erase(*, user: User, names: Sequence[str], now: datetime) -> None:  # noqa: ARG001
    """Drop the person's marks, or keep them under no name, as each class says.

    Of marks that stay, the reasons lose their words; of reasons which the person gave for others'
    marks, what names the person. The ledger allows this while core.services.erasing names them.
    """
    mine = GradeEvent.objects.filter(student=user)
    dropped = {"item__classroom__keeps_marks": False}
    CurrentGrade.objects.filter(student=user, **dropped).delete()
    mine.filter(**dropped).delete()
    mine.exclude(reason="").update(reason="")
    words_redact(GradeEvent.objects.filter(actor=user).exclude(reason=""), "reason", names=names)
