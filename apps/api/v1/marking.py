"""Marking by hand: the answers that a person judges, question by question, without names."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.crypto import salted_hmac
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api import selectors
from apps.api.enums import Scope
from apps.api.v1.access import PERSONS, person_of
from apps.api.v1.details import DetailView, answer_one, answer_written, unchanged
from apps.api.v1.inputs import Input, read
from apps.api.v1.lists import Row
from apps.api.v1.repeats import idempotent
from apps.api.v1.shapes import MOMENT, OBJECT, STRING, STRINGS, Json, or_null
from apps.api.v1.sittings import BOOLEAN, HTML, NUMBER, WHOLE, fields, listed
from apps.api.v1.sittings import UUID as UUID_TYPE
from apps.core.errors import NotFound
from apps.quizzes import policies, services
from apps.quizzes import selectors as quizzes
from apps.quizzes.models import Assignment, Attempt, QuestionVersion
from apps.quizzes.selectors import MarkedAnswer, MarkingPile, Sitting
from apps.quizzes.services.marking import MAX_COMMENT

_ANSWER_ID = {**STRING, "description": "Of the answer; it leads to no attempt and no person."}
PILES: Json = {
    "title": "MarkingPiles",
    **fields(
        results=listed(
            fields(
                question_id=UUID_TYPE,
                question=STRING,
                stem=HTML,
                waiting=WHOLE,
                answers=listed(fields(id=_ANSWER_ID, number=WHOLE, is_waiting=BOOLEAN)),
            )
        )
    ),
    "examples": [
        {
            "results": [
                {
                    "question_id": "5b0a4a0c-70f2-4f35-bd0e-7a0c5ed9a1d3",
                    "question": "why-eurasia",
                    "stem": "<p>Why Eurasia?</p>",
                    "waiting": 1,
                    "answers": [{"id": "0f6a1c552f0b4c5e", "number": 1, "is_waiting": True}],
                }
            ]
        }
    ],
}
_CRITERION = fields(
    id=STRING,
    title=HTML,
    description=HTML,
    levels=listed(fields(credit={**STRING, "description": "What `marks` takes."}, text=HTML)),
)
MARKED: Json = {
    "title": "MarkedAnswer",
    **fields(
        id=_ANSWER_ID,
        question_id=UUID_TYPE,
        number=WHOLE,
        count={**WHOLE, "description": "Answers to this question."},
        stem=HTML,
        parts=listed(fields(label=HTML, answer=STRINGS, key=listed(HTML))),
        sources=STRINGS,
        rubric=listed(_CRITERION),
        marks={**OBJECT, "description": "{criterion: credit}; {} before marking."},
        ratio=or_null(NUMBER),
        points=or_null(NUMBER),
        max_points=NUMBER,
        comment={**STRING, "description": "Markdown."},
        marked_at=or_null(MOMENT),
        is_waiting=BOOLEAN,
        user_id={**or_null(UUID_TYPE), "description": "null while it is marked without names."},
        attempt_id={**or_null(UUID_TYPE), "description": "As `user_id`."},
    ),
    "examples": [
        {
            "id": "0f6a1c552f0b4c5e",
            "question_id": "5b0a4a0c-70f2-4f35-bd0e-7a0c5ed9a1d3",
            "number": 1,
            "count": 30,
            "stem": "<p>Why Eurasia?</p>",
            "parts": [{"label": "", "answer": ["Because …"], "key": []}],
            "sources": ["P07"],
            "rubric": [
                {
                    "id": "claim",
                    "title": "Claim",
                    "description": "",
                    "levels": [{"credit": "0.5", "text": "It is stated."}],
                }
            ],
            "marks": {},
            "ratio": None,
            "points": None,
            "max_points": 5,
            "comment": "",
            "marked_at": None,
            "is_waiting": True,
            "user_id": None,
            "attempt_id": None,
        }
    ],
}


class ResponseMarkIn(Input):
    """A credit for each criterion of the rubric; without a rubric, `ratio`."""

    marks = serializers.DictField(
        child=serializers.CharField(max_length=20), default=dict, help_text="{criterion: credit}"
    )
    ratio = serializers.DecimalField(
        max_digits=6,
        decimal_places=5,
        min_value=Decimal(0),
        max_value=Decimal(1),
        allow_null=True,
        default=None,
        help_text="A share of the points, where there is no rubric.",
    )
    comment = serializers.CharField(
        max_length=MAX_COMMENT,
        allow_blank=True,
        default="",
        help_text="Markdown; the student reads it once feedback is shown.",
    )


class Marking(DetailView):
    """The answers of an assignment that a person marks, by question, those marked included.

    Their order follows neither names nor time. All of it comes at once.
    """

    scope = Scope.QUIZZES_READ
    callers = PERSONS
    has_fields = False
    body = PILES

    def get(self, request: Request, key: str, assignment_id: UUID) -> HttpResponseBase:
        assignment = _assignment(request, key, assignment_id)
        piles = quizzes.marking_piles(assignment)
        return answer_one(request, {"results": [_pile(pile) for pile in piles]})


class MarkingAnswer(DetailView):
    """One answer with its rubric, for the class's staff; PUT marks it, or marks it anew.

    The gradebook has what the attempt comes to; a column that is held stays held.
    """

    scope = Scope.QUIZZES_READ
    write_scope = Scope.GRADES_WRITE
    callers = PERSONS
    has_fields = False
    body = MARKED
    bodies = {"put": ResponseMarkIn}

    def get(self, request: Request, key: str, assignment_id: UUID, answer: str) -> HttpResponseBase:
        assignment = _assignment(request, key, assignment_id)
        return answer_one(request, _Place(request, assignment, answer).body())

    @idempotent
    def put(self, request: Request, key: str, assignment_id: UUID, answer: str) -> Response:
        assignment = _assignment(request, key, assignment_id)
        place = _Place(request, assignment, answer)
        wish = read(request, ResponseMarkIn)
        place.check(wish["marks"])
        lock = Attempt.objects.filter(public_id=place.answer.attempt_id)
        with unchanged(request, lock=lock, read=place.again):
            services.response_mark(
                response=place.response,
                **wish,
                expected_marked_at=place.response.marked_at,
                marker=person_of(request),
                now=timezone.now(),
            )
            body = place.again()
        return answer_written(body)


class _Place:
    """An answer where it stands among those to its question.  Queries: 5, and 3 each `again`."""

    answer: MarkedAnswer
    pile: MarkingPile

    def __init__(self, request: Request, assignment: Assignment, key: str) -> None:
        found = (each for each in _answers(assignment) if answer_id(each[1]) == key)
        self.pile, self.answer = next(found, (None, None))  # type: ignore[assignment]
        if self.answer is None:
            raise NotFound("There is no such answer to mark.")
        self._marker = person_of(request)
        self._read()

    def _read(self) -> None:
        attempt = quizzes.attempt_for(self._marker, self.answer.attempt_id)
        self._sitting: Sitting = quizzes.sitting_review(attempt, is_staff=True, now=timezone.now())
        self._item = self._sitting.item(self.answer.position)
        self.response = self._item.response

    def check(self, marks: dict[str, str]) -> None:
        """Raises: ValidationError for a credit that is no level of its criterion."""
        known = {row["id"]: [each["credit"] for each in row["levels"]] for row in self._rubric()}
        wrong = [name for name, mark in marks.items() if mark not in known.get(name, [mark])]
        if wrong:
            raise ValidationError({f"marks.{name}": ["This is not a level."] for name in wrong})

    def again(self) -> Row:
        self._read()
        return self.body()

    def body(self) -> Row:
        response, reviewed = self.response, self._item.reviewed
        attempt = self._sitting.attempt
        is_nameless = policies.is_nameless(attempt)
        return {
            "id": answer_id(self.answer),
            "question_id": self.pile.question.public_id,
            "number": self.answer.number,
            "count": len(self.pile.answers),
            "stem": self._item.stem,
            "parts": [
                {"label": part.label, "answer": list(part.answer), "key": list(part.key)}
                for part in (reviewed.parts if reviewed else ())
            ],
            "sources": list(reviewed.sources) if reviewed else [],
            "rubric": self._rubric(),
            "marks": response.rubric_marks,
            "ratio": response.ratio if response.marked_at else None,
            "points": response.points if response.marked_at else None,
            "max_points": response.max_points,
            "comment": response.comment,
            "marked_at": response.marked_at,
            "is_waiting": response.needs_marking,
            "user_id": None if is_nameless else attempt.student.public_id,
            "attempt_id": None if is_nameless else attempt.public_id,
        }

    def _rubric(self) -> list[Row]:
        version: QuestionVersion = self.response.graded_by or self.response.version
        return [_criterion(version, criterion) for criterion in version.spec.get("rubric", [])]


def answer_id(answer: MarkedAnswer) -> str:
    """A name for an answer that tells nothing of its attempt: the id of that may tell its time."""
    text = f"{answer.attempt_id}:{answer.position}"
    return salted_hmac("apps.api.marking", text, algorithm="sha256").hexdigest()[:32]


def _answers(assignment: Assignment) -> Iterator[tuple[MarkingPile, MarkedAnswer]]:
    for pile in quizzes.marking_piles(assignment):
        for answer in pile.answers:
            yield pile, answer


def _pile(pile: MarkingPile) -> Row:
    return {
        "question_id": pile.question.public_id,
        "question": pile.question.slug,
        "stem": pile.stem,
        "waiting": len(pile.waiting),
        "answers": [
            {"id": answer_id(each), "number": each.number, "is_waiting": each.is_waiting}
            for each in pile.answers
        ],
    }


def _criterion(version: QuestionVersion, criterion: dict[str, Any]) -> Row:
    def html(path: str) -> str:
        return str(version.html[f"rubric.{criterion['id']}.{path}"])

    return {
        "id": criterion["id"],
        "title": html("title"),
        "description": html("description"),
        "levels": [
            {"credit": level["credit"], "text": html(f"levels.{place}.text")}
            for place, level in enumerate(criterion["levels"])
        ],
    }


def _assignment(request: Request, key: str, assignment_id: UUID) -> Assignment:
    """Raises: NotFound for everybody but the class's staff.  Queries: 2."""
    classroom = selectors.classroom_taught(person_of(request), key)
    return quizzes.assignment_in(classroom, assignment_id)
