"""One's own grades in a class: what the page "My grades" shows, and no more."""

from __future__ import annotations

from django.http import HttpResponseBase
from rest_framework.request import Request

from apps.api.enums import Scope
from apps.api.selectors import quizzing
from apps.api.v1.access import PERSONS, person_of
from apps.api.v1.details import DetailView, answer_one
from apps.api.v1.lists import Row
from apps.api.v1.shapes import MOMENT, STRING, Json, or_null
from apps.api.v1.sittings import BOOLEAN, NUMBER, UUID, fields, listed
from apps.grades import selectors as grades
from apps.grades.enums import GradeEventKind, ItemKind
from apps.grades.selectors import Line

_EVENT = fields(
    kind={**STRING, "enum": GradeEventKind.values},
    points=or_null(NUMBER),
    max_points=NUMBER,
    reason=STRING,
    happened_at=MOMENT,
)
_LINE: Json = fields(
    item_id=UUID,
    kind={**STRING, "enum": ItemKind.values},
    title=STRING,
    points={
        **or_null(NUMBER),
        "description": "Of `max_points`; of a category, and of all together, in percent.",
    },
    max_points=NUMBER,
    is_excused=BOOLEAN,
    is_overridden=BOOLEAN,
    is_dropped={**BOOLEAN, "description": "Among the lowest of its category."},
    share={**or_null(NUMBER), "description": "What it adds to the total, of 100."},
    released_at=MOMENT,
    events={**listed(_EVENT), "description": "How it came about, the oldest first."},
)


class OwnGrades(DetailView):
    """One's own grades in a class, as far as they are shown: by category, with what led to each.

    `total` is null while it is held. For a student; staff read results.
    """

    scope = Scope.GRADES_READ
    callers = PERSONS
    has_fields = False
    body = {
        "title": "OwnGrades",
        **fields(
            total={**or_null(_LINE), "description": "Of what is shown."},
            grades=listed(_LINE),
        ),
        "examples": [
            {
                "total": None,
                "grades": [
                    {
                        "item_id": "93d54f0e-8b67-4f0a-9f10-0b8f6d0e1f1f",
                        "kind": "source",
                        "title": "Quiz 3",
                        "points": 8.5,
                        "max_points": 10,
                        "is_excused": False,
                        "is_overridden": False,
                        "is_dropped": False,
                        "share": 42.5,
                        "released_at": "2026-10-02T09:00:00Z",
                        "events": [
                            {
                                "kind": "score",
                                "points": 8.5,
                                "max_points": 10,
                                "reason": "",
                                "happened_at": "2026-10-02T09:00:00Z",
                            }
                        ],
                    }
                ],
            }
        ],
    }

    def get(self, request: Request, key: str) -> HttpResponseBase:
        person = person_of(request)
        report = grades.grades_of(person, quizzing.classroom_attended(person, key))
        return answer_one(
            request,
            {
                "total": None if report.total is None else _line(report.total),
                "grades": [_line(line) for line in report.lines],
            },
        )


def _line(line: Line) -> Row:
    standing, item = line.standing, line.item
    return {
        "item_id": item.public_id,
        "kind": item.kind,
        "title": item.title,
        "points": standing.points,
        "max_points": item.max_points,
        "is_excused": standing.is_excused,
        "is_overridden": standing.is_overridden,
        "is_dropped": line.is_dropped,
        "share": line.share,
        "released_at": item.released_at,
        "events": [
            {
                "kind": event.kind,
                "points": event.points,
                "max_points": event.max_points,
                "reason": event.reason,
                "happened_at": event.happened_at,
            }
            for event in line.events
        ],
    }
