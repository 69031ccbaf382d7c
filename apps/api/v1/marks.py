"""Marks: one person's grade, up to 500 of a column at once, and what else is decided of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import User
from apps.api import selectors
from apps.api.enums import Scope
from apps.api.v1.access import ApiView, actor_of, caller_of, client_of
from apps.api.v1.details import DetailView, answer_one, answer_written, row_of, unchanged
from apps.api.v1.grades import as_told, item_lock, item_run, points_field
from apps.api.v1.inputs import Input, read
from apps.api.v1.lists import Row
from apps.api.v1.repeats import idempotent
from apps.api.v1.shapes import STRING, Json, Shape, or_null
from apps.classrooms.models import Classroom, Enrolment
from apps.core.errors import DomainError, NotFound
from apps.grades import services as grades
from apps.grades.enums import GradeEventKind, ItemKind
from apps.grades.errors import GradesChanged
from apps.grades.models import CurrentGrade, GradeEvent, GradeItem

MAX_MARKS = 500
# What is decided of a grade besides its points.
DEEDS: Mapping[GradeEventKind, Callable[..., GradeEvent]] = {
    GradeEventKind.EXCUSE: grades.grade_excuse,
    GradeEventKind.EXCUSE_END: grades.grade_excuse_end,
    GradeEventKind.CLEAR: grades.grade_clear,
}
GRADE = Shape(
    "Grade",
    CurrentGrade,
    {
        "id": "public_id",
        "user_id": "student__public_id",
        "points": "points",
        "source_points": "source_points",
        "max_points": "item__max_points",
        "is_overridden": "is_overridden",
        "is_excused": "is_excused",
        "version": "version",
        "changed_at": "changed_at",
        "is_held": "item__released_at",
    },
    others={"is_held": {"type": "boolean"}},
    example={
        "id": "70f24f35-bd0e-4a0c-9ed9-a1d35b0a4a0c",
        "user_id": "0b8f6d0e-93d5-4f0e-8b67-1f1f4f0a9f10",
        "points": 9,
        "source_points": 8.5,
        "max_points": 10,
        "is_overridden": True,
        "is_excused": False,
        "version": 2,
        "changed_at": "2026-10-02T09:00:00Z",
        "is_held": False,
    },
)
_OUTCOMES: Json = {
    "type": "object",
    "required": ["results"],
    "properties": {
        "results": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["user", "outcome"],
                "properties": {
                    "user": STRING,
                    "outcome": {"type": "string", "enum": ["recorded", "unchanged", "refused"]},
                    "version": or_null({"type": "integer"}),
                    "code": {**STRING, "description": "Where refused: why, for programs."},
                    "detail": {**STRING, "description": "Where refused: why, for people."},
                },
            },
        }
    },
    "examples": [{"results": [{"user": "sis:1007", "outcome": "recorded", "version": 3}]}],
}


class MarkIn(Input):
    """points: null takes a mark back, or lets an activity's own points stand again."""

    points = points_field(allow_null=True)
    reason = serializers.CharField(max_length=500, allow_blank=True, default="")


class UserMarkIn(MarkIn):
    user = serializers.CharField(
        max_length=140, help_text="A person's id, or the school's own as `sis:<sis_id>`."
    )
    version = serializers.IntegerField(
        min_value=0, required=False, help_text="What you saw; 0 for none. Without it: whatever."
    )


class MarksIn(Input):
    grades = serializers.ListField(child=UserMarkIn(), max_length=MAX_MARKS, allow_empty=False)


class GradeDetail(DetailView):
    """One person's grade in one column, as it stands. PUT enters a mark.

    In a column entered by hand it is the mark; in an activity's, an override, with a reason.
    """

    scope = Scope.GRADES_READ
    write_scope = Scope.GRADES_WRITE
    shape = GRADE
    bodies = {"put": MarkIn}

    def get(self, request: Request, key: str, item: str, student: str) -> HttpResponseBase:
        classroom = selectors.classroom_taught(caller_of(request), key)
        row = selectors.grade_item_in(classroom, item)
        person = _student(classroom, student)
        is_program = client_of(request) is not None
        return answer_one(request, _grade(row, person, is_program=is_program))

    @idempotent
    def put(self, request: Request, key: str, item: str, student: str) -> Response:
        row = item_run(request, key, item)
        person = _student(row.classroom, student)
        wish = read(request, MarkIn)
        is_program = client_of(request) is not None

        def seen() -> Row:
            return _grade(row, person, is_program=is_program)

        rows = CurrentGrade.objects.filter(item=row, student=person)
        if rows.exists():
            with unchanged(request, lock=item_lock(row), read=seen):
                _write(row, person, wish, **_by(request))
        else:
            _write(row, person, wish, **_by(request))
        return answer_written(seen())


class Marks(ApiView):
    """Up to 500 marks of one column, each with what became of it; one refused stops no other."""

    write_scope = Scope.GRADES_WRITE
    body = _OUTCOMES
    bodies = {"put": MarksIn}

    @idempotent
    def put(self, request: Request, key: str, item: str) -> Response:
        row = item_run(request, key, item)
        wishes = read(request, MarksIn)["grades"]
        with transaction.atomic():  # one commit
            book = _Book(row, wishes, **_by(request))
            return Response({"results": book.put()})


class GradeDecisionIn(Input):
    kind = serializers.ChoiceField(
        [each.value for each in DEEDS],
        help_text="`excuse` counts it for nothing, `clear` goes back to no grade.",
    )
    reason = serializers.CharField(max_length=500, help_text="It is kept in the ledger.")


class GradeDecision(ApiView):
    """Excuse somebody from a column, count it again, or go back to no grade; with a reason.

    409 `not_applicable` where it is so already. Points stay on record in the ledger.
    """

    write_scope = Scope.GRADES_WRITE
    statuses = {"post": (200,)}
    shape = GRADE
    bodies = {"post": GradeDecisionIn}

    @idempotent
    def post(self, request: Request, key: str, item: str, student: str) -> Response:
        row = item_run(request, key, item)
        person = _student(row.classroom, student)
        wish = read(request, GradeDecisionIn)
        DEEDS[GradeEventKind(wish["kind"])](
            item=row,
            student=person,
            reason=wish["reason"],
            actor=actor_of(request),
            now=timezone.now(),
        )
        return answer_written(_grade(row, person, is_program=client_of(request) is not None))


class _Book:
    """The marks of one request: who may have one, what stands, and what becomes of each.

    Queries: 3, and 11 for a column entered by hand, else 13 for each override.
    origin_id: the program that asks, which of a held column is told nothing but what it wrote.
    Locks: Enrolment of everybody who is named, by id.
    """

    def __init__(
        self,
        item: GradeItem,
        wishes: Sequence[Mapping[str, Any]],
        *,
        actor: User | None,
        now: datetime,
        origin_id: UUID | None,
    ) -> None:
        self._item, self._wishes = item, wishes
        self._by: dict[str, Any] = {"actor": actor, "now": now, "origin_id": origin_id}
        self._hides_from = origin_id if item.released_at is None else None
        people: dict[str, User] = {}
        for row in Enrolment.objects.filter(classroom=item.classroom).select_related("user"):
            people[str(row.user.public_id)] = row.user
            if row.sis_id:
                people[f"sis:{row.sis_id}"] = row.user
        self._students = [people.get(wish["user"]) for wish in wishes]
        named = [student.pk for student in self._students if student]
        grades.students_lock(item.classroom_id, named)
        self._read()

    def _read(self) -> None:
        rows = CurrentGrade.objects.filter(item=self._item).select_related("last_event")
        self._grades = {row.student_id: row for row in rows}

    def put(self) -> list[Json]:
        outcomes = [
            self._judge(wish, student)
            for wish, student in zip(self._wishes, self._students, strict=True)
        ]
        together: dict[int, grades.Mark] = {}
        for number, (wish, student) in enumerate(zip(self._wishes, self._students, strict=True)):
            if outcomes[number]["outcome"] != "recorded" or student is None:
                continue
            if student.pk in together:
                outcomes[number] |= _refused(
                    NotFound(_("This person is named twice."), code="named_twice")
                )
                continue
            known = self._grades.get(student.pk)
            version = known.version if known else 0
            together[student.pk] = grades.Mark(wish["points"], wish["reason"], version)
            if self._item.kind != ItemKind.MANUAL:
                outcomes[number] |= self._override(wish, student)
        if self._item.kind == ItemKind.MANUAL and together:
            grades.marks_save(item=self._item, marks=together, **self._by)
        self._read()
        for outcome, student in zip(outcomes, self._students, strict=True):
            if outcome["outcome"] == "recorded" and student:
                outcome["version"] = self._grades[student.pk].version
        return outcomes

    def _judge(self, wish: Mapping[str, Any], student: User | None) -> Json:
        told: Json = {"user": wish["user"]}
        try:
            if student is None:
                raise NotFound(_("There is no such person in this class."))
            grade = self._grades.get(student.pk)
            if grade is not None and self._is_known(grade) and _is_so(self._item, grade, wish):
                return {**told, "outcome": "unchanged", "version": grade.version}
            if "version" in wish and wish["version"] != (grade.version if grade else 0):
                message = _("Somebody else has changed this meanwhile.")
                raise GradesChanged(message, students=[student.pk])
            if wish["points"] is not None and self._item.kind == ItemKind.MANUAL:
                grades.points_check(wish["points"], self._item.max_points)
        except DomainError as error:
            return told | _refused(error)
        return {**told, "outcome": "recorded"}

    def _is_known(self, grade: CurrentGrade) -> bool:
        """Whether the caller may be told that a grade is as they say: else they could guess it.

        A program that guesses at somebody else's held mark writes over it, which the ledger shows;
        what it wrote itself is unchanged when it comes again. That the event names nobody proves
        nothing: whoever marked may have been erased since.
        """
        if self._hides_from is None:
            return True
        event = grade.last_event
        return event.origin_id == self._hides_from and event.kind == _own(self._item)

    def _override(self, wish: Mapping[str, Any], student: User) -> Json:
        try:
            with transaction.atomic():
                _write(self._item, student, wish, **self._by)
        except DomainError as error:
            return _refused(error)
        return {}


def _refused(error: DomainError) -> Json:
    return {"outcome": "refused", "code": error.code, "detail": str(error.message)}


def _by(request: Request) -> dict[str, Any]:
    """Who asks, and when: a person as `actor`, a school's program as `origin_id`."""
    client = client_of(request)
    return {
        "actor": actor_of(request),
        "origin_id": client.public_id if client else None,
        "now": timezone.now(),
    }


def _own(item: GradeItem) -> GradeEventKind:
    """By which event a program that acts for nobody gives points in this column."""
    return GradeEventKind.SCORE if item.kind == ItemKind.MANUAL else GradeEventKind.OVERRIDE


def _is_so(item: GradeItem, grade: CurrentGrade, wish: Mapping[str, Any]) -> bool:
    stands = item.kind == ItemKind.MANUAL or grade.is_overridden
    return stands and not grade.is_excused and grade.points == wish["points"]


def _write(
    item: GradeItem,
    student: User,
    wish: Mapping[str, Any],
    *,
    origin_id: UUID | None,
    **by: Any,
) -> None:
    """Enter a mark, or set one in place of an activity's points.

    by: as those services take `actor` and `now`.  Raises: as they do.
    """
    points, reason = wish["points"], wish["reason"]
    common: dict[str, Any] = {"item": item, **by}
    if item.kind == ItemKind.MANUAL:
        with transaction.atomic():
            grades.students_lock(item.classroom_id, [student.pk])
            rows = CurrentGrade.objects.filter(item=item, student=student)
            version = rows.values_list("version", flat=True).first() or 0
            mark = grades.Mark(points, reason, version)
            grades.marks_save(marks={student.pk: mark}, origin_id=origin_id, **common)
    elif points is None:
        grades.grade_override_end(student=student, reason=reason, **common)
    else:
        grades.grade_override(
            student=student, points=points, reason=reason, origin_id=origin_id, **common
        )


def _student(classroom: Classroom, person: str) -> User:
    """Somebody who is or was in the class, by their own id or the enrolment's `sis:`."""
    rows = selectors.enrolments(classroom).select_related("user")
    if person.startswith("sis:"):
        return selectors.enrolment_in(classroom, person).user
    found: Any = selectors.by_key(
        User.objects.filter(pk__in=rows.values("user")), person, _("There is no such person.")
    )
    user: User = found
    return user


def _grade(item: GradeItem, student: User, *, is_program: bool) -> Row:
    rows = CurrentGrade.objects.filter(item=item, student=student)
    return as_told(row_of(rows, GRADE.fields), is_program=is_program)
