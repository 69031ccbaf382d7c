"""Objections to items: raised by a student with a citation, decided by an instructor."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

import django_filters
from django.db.models import Model, QuerySet
from django.http import HttpResponseBase
from django.utils import timezone
from django_filters.rest_framework import FilterSet
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api import selectors
from apps.api.enums import Scope
from apps.api.selectors import quizzing
from apps.api.v1.access import PERSONS, ApiView, person_of
from apps.api.v1.details import DetailView, answer_one, row_of
from apps.api.v1.inputs import Input, read
from apps.api.v1.lists import ListView, Row
from apps.api.v1.repeats import idempotent
from apps.api.v1.shapes import Shape, named, or_null
from apps.api.v1.sittings import UUID as UUID_TYPE
from apps.quizzes import selectors as quizzes
from apps.quizzes import services
from apps.quizzes.enums import ContestState, CorrectionKind, CorrectionScope
from apps.quizzes.models import Contest, Question, QuestionVersion

Cited = TypeVar("Cited", bound=Model)
CONTEST = Shape(
    "Contest",
    Contest,
    {
        "id": "public_id",
        "assignment_id": "response__attempt__assignment__public_id",
        "attempt_id": "response__attempt__public_id",
        "position": "response__position",
        "question_id": "response__question__public_id",
        "user_id": "user_id",
        **named("state", "text", "locator", "decision", "decided_at", "created_at", "updated_at"),
        "paragraph": "paragraph__number",
        "reference": "reference__key",
        "correction": "correction__kind",
    },
    others={
        "user_id": {
            **or_null(UUID_TYPE),
            "description": "null while the attempt is marked without names.",
        }
    },
    example={
        "id": "0193a1c5-8b67-7f0a-9f10-0b8f6d0e1f1f",
        "assignment_id": "93d54f0e-8b67-4f0a-9f10-0b8f6d0e1f1f",
        "attempt_id": "0f6a1c55-2f0b-4c5e-9a53-6a6f7d0f2a4e",
        "position": 3,
        "question_id": "5b0a4a0c-70f2-4f35-bd0e-7a0c5ed9a1d3",
        "user_id": "0b8f6d0e-93d5-4f0e-8b67-1f1f4f0a9f10",
        "state": "open",
        "text": "The paragraph names two dates.",
        "locator": "p. 92",
        "decision": "",
        "decided_at": None,
        "created_at": "2026-10-02T09:30:00Z",
        "updated_at": "2026-10-02T09:30:00Z",
        "paragraph": "P07",
        "reference": None,
        "correction": None,
    },
)


class ContestFilters(FilterSet):
    state = django_filters.ChoiceFilter(choices=ContestState.choices)
    assignment_id = django_filters.UUIDFilter("response__attempt__assignment__public_id")
    updated_since = django_filters.IsoDateTimeFilter("updated_at", "gte")

    class Meta:
        model = Contest
        fields: tuple[str, ...] = ()


class ContestIn(Input):
    text = serializers.CharField(max_length=4000)
    paragraph = serializers.CharField(
        max_length=4, default="", allow_blank=True, help_text="Its number, such as P07."
    )
    reference = serializers.CharField(
        max_length=80, default="", allow_blank=True, help_text="Or the key of a work."
    )
    locator = serializers.CharField(max_length=120, default="", allow_blank=True)


class DecisionIn(Input):
    state = serializers.ChoiceField([ContestState.ACCEPTED.value, ContestState.DECLINED.value])
    reason = serializers.CharField(max_length=500, help_text="The student reads it.")
    kind = serializers.ChoiceField(
        CorrectionKind.choices, required=False, help_text="Where accepted: what is to happen."
    )
    version = serializers.IntegerField(
        min_value=1, max_value=10**6, required=False, help_text="For `rekey`: to grade by."
    )
    scope = serializers.ChoiceField(
        CorrectionScope.choices, default=CorrectionScope.CLASS.value, help_text="How far it goes."
    )


class ItemContest(DetailView):
    """One's own objection to an item of a closed attempt; DELETE takes it back while undecided."""

    scope = Scope.QUIZZES_READ
    write_scope = Scope.ATTEMPTS_WRITE
    callers = PERSONS
    shape = CONTEST
    bodies = {"post": ContestIn}
    is_conditional = False  # only its student changes it, and only once

    def get(self, request: Request, attempt_id: UUID, position: int) -> HttpResponseBase:
        response = quizzing.response_of(person_of(request), attempt_id, position)
        rows = quizzing.contests().filter(response=response)
        return answer_one(request, row_of(rows, CONTEST.fields))

    @idempotent
    def post(self, request: Request, attempt_id: UUID, position: int) -> Response:
        student = person_of(request)
        response = quizzing.response_of(student, attempt_id, position)
        wish = read(request, ContestIn)
        course = response.attempt.quiz.course
        paragraphs, works = selectors.paragraphs(course), course.references.all()
        contest = services.contest_open(
            response=response,
            text=wish["text"],
            paragraph=_cited("paragraph", paragraphs, number=wish["paragraph"]),
            reference=_cited("reference", works, key=wish["reference"]),
            locator=wish["locator"],
            student=student,
            now=timezone.now(),
        )
        return Response(_public(contest), status=201)

    @idempotent
    def delete(self, request: Request, attempt_id: UUID, position: int) -> Response:
        student = person_of(request)
        contest = quizzing.contest_on(quizzing.response_of(student, attempt_id, position))
        services.contest_withdraw(contest=contest, student=student, now=timezone.now())
        return Response(status=204)


class Contests(ListView):
    """The objections of a class, for its staff."""

    scope = Scope.QUIZZES_READ
    callers = PERSONS
    shape = CONTEST
    ordering = ("created_at", "decided_at", "updated_at")
    keys = ("created_at", "public_id")
    filters = ContestFilters

    def get(self, request: Request, key: str) -> Response:
        classroom = selectors.classroom_taught(person_of(request), key)
        return self.answer(request, quizzing.contests_in(classroom))


class ContestDetail(DetailView):
    """One of them; the answer that it is about is in the attempt's review."""

    scope = Scope.QUIZZES_READ
    callers = PERSONS
    shape = CONTEST

    def get(self, request: Request, key: str, contest_id: UUID) -> HttpResponseBase:
        classroom = selectors.classroom_taught(person_of(request), key)
        rows = quizzing.contests_in(classroom).filter(public_id=contest_id)
        return answer_one(request, row_of(rows, CONTEST.fields))


class ContestDecision(ApiView):
    """Decide an objection, once. Accepting corrects the item, and every grade follows.

    `kind`: `rekey` grades by another version of the question, `full` gives everybody full points,
    `void` leaves the item out. `scope`: `class`, or as far as one may correct.
    """

    write_scope = Scope.QUIZZES_WRITE
    callers = PERSONS
    statuses = {"post": (200,)}
    shape = CONTEST
    bodies = {"post": DecisionIn}

    def post(self, request: Request, key: str, contest_id: UUID) -> Response:
        instructor, now = person_of(request), timezone.now()
        classroom = selectors.classroom_run(instructor, key)
        contest = quizzes.objection_in(classroom, contest_id)
        wish = read(request, DecisionIn)
        if wish["state"] == ContestState.DECLINED:
            services.contest_decline(
                contest=contest, decision=wish["reason"], instructor=instructor, now=now
            )
            return Response(_public(contest))
        if "kind" not in wish:
            raise ValidationError({"kind": ["Say what is to happen."]})
        question = contest.response.question
        assignment = contest.response.attempt.assignment
        if assignment is None:  # practice is never contested
            raise NotFound
        reach = quizzes.correction_reach(question, assignment, instructor).assignments
        if wish["scope"] not in reach:
            raise ValidationError({"scope": ["You cannot correct it as far as this."]})
        services.contest_accept(
            contest=contest,
            decision=wish["reason"],
            kind=CorrectionKind(wish["kind"]),
            version=_version(question, wish.get("version")),
            assignments=reach[CorrectionScope(wish["scope"])],
            instructor=instructor,
            now=now,
        )
        return Response(_public(contest))


def _public(contest: Contest) -> Row:
    return row_of(quizzing.contests().filter(pk=contest.pk), CONTEST.fields)


def _cited(name: str, rows: QuerySet[Cited], **wish: str) -> Cited | None:
    """What an objection cites; None where nothing is named.  Raises: ValidationError."""
    if not any(wish.values()):
        return None
    found = rows.filter(**wish).first()
    if found is None:
        raise ValidationError({name: ["There is no such thing in this course."]})
    return found


def _version(question: Question, number: int | None) -> QuestionVersion | None:
    if number is None:
        return None
    version: QuestionVersion | None = question.versions.filter(number=number).first()
    if version is None:
        raise ValidationError({"version": ["The question has no such version."]})
    return version
