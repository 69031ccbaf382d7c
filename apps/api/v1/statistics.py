"""What the answers to an assignment tell of its questions, for the staff of its class."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from rest_framework.request import Request

from apps.api import selectors
from apps.api.enums import Scope
from apps.api.v1.access import PERSONS, person_of
from apps.api.v1.details import DetailView, answer_one
from apps.api.v1.shapes import STRING, STRINGS, or_null
from apps.api.v1.sittings import BOOLEAN, HTML, NUMBER, WHOLE, fields, listed
from apps.api.v1.sittings import UUID as UUID_TYPE
from apps.quizzes import selectors as quizzes
from apps.quizzes.selectors import ItemAnalysis

_ITEM_FIGURES = (
    *("count", "is_small", "facility", "deviation", "discrimination", "efficiency"),
    *("median_seconds", "empty_ratio", "mean_confidence"),
)
_QUIZ_FIGURES = ("count", "is_small", "mean", "median", "deviation", "items", "alpha", "error")
_COUNTED = {"count": WHOLE, "items": WHOLE, "is_small": BOOLEAN}
CHOICE = fields(
    part=HTML, words=HTML, is_key=BOOLEAN, count=WHOLE, upper=WHOLE, middle=WHOLE, lower=WHOLE
)
ITEM = fields(
    question_id=UUID_TYPE,
    question=STRING,
    version=WHOLE,
    kind=STRING,
    stem=HTML,
    **{name: _COUNTED.get(name, or_null(NUMBER)) for name in _ITEM_FIGURES},
    choices=listed(CHOICE),
    readings=STRINGS,
)


class Statistics(DetailView):
    """Facility, discrimination and the choices that were taken, of every question as it was asked.

    Of each student's first attempt. docs/item-analysis.md explains the figures; null: it cannot
    be told from these answers.
    """

    scope = Scope.QUIZZES_READ
    callers = PERSONS
    has_fields = False
    body = {
        "title": "Statistics",
        **fields(
            quiz=fields(**{name: _COUNTED.get(name, or_null(NUMBER)) for name in _QUIZ_FIGURES}),
            waiting={**WHOLE, "description": "Answers left out, for nobody has marked them."},
            results=listed(ITEM),
        ),
    }

    def get(self, request: Request, key: str, assignment_id: UUID) -> HttpResponseBase:
        classroom = selectors.classroom_taught(person_of(request), key)
        assignment = quizzes.assignment_in(classroom, assignment_id)
        found = quizzes.analysis_of(assignment)
        return answer_one(
            request,
            {
                "quiz": {name: getattr(found.figures, name) for name in _QUIZ_FIGURES},
                "waiting": found.waiting,
                "results": [_row(item) for item in found.items],
            },
        )


def _row(item: ItemAnalysis) -> dict[str, Any]:
    version, counted = item.version, ("count", "upper", "middle", "lower")
    return {
        "question_id": version.question.public_id,
        "question": version.question.slug,
        "version": version.number,
        "kind": version.kind,
        "stem": item.stem,
        **{name: getattr(item.figures, name) for name in _ITEM_FIGURES},
        "choices": [
            {
                "part": line.part,
                "words": line.words,
                "is_key": line.is_key,
                **{name: getattr(line.figures, name) for name in counted},
            }
            for line in item.choices
        ],
        "readings": [str(reading) for reading in item.readings],
    }
