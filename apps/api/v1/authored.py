"""What authors write for a course, one noun like the other: list, make, read, change, delete.

A noun says which rows it has, how a draft becomes one, and how it goes; who may, what is told and
how a change is kept from overwriting another is here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import User
from apps.api.enums import Scope
from apps.api.selectors import quizzing
from apps.api.v1.access import PERSONS, ApiView, person_of
from apps.api.v1.details import DetailView, answer_one, answer_written, row_of, unchanged
from apps.api.v1.inputs import read
from apps.api.v1.lists import ListView, Row
from apps.api.v1.repeats import idempotent
from apps.api.v1.shapes import Shape
from apps.content.models import Course


class Authored(ApiView):
    """A noun of a course, for those alone who may edit the course."""

    scope = Scope.QUIZZES_READ
    write_scope = Scope.QUIZZES_WRITE
    callers = PERSONS
    shape: Shape

    def rows_in(self, course: Course) -> QuerySet[Any]:
        """The course's own, with all that the shape names."""
        raise NotImplementedError

    def completed(self, rows: list[Row]) -> list[Row]:
        """A last hand on all rows at once.  Queries: 1."""
        raise NotImplementedError

    def public(self, row: Any) -> Row:
        """One of them as its authors see it.  Queries: 2."""
        found = row_of(self.rows_in(row.course).filter(pk=row.pk), self.shape.fields)
        return self.completed([found])[0]

    def answered(self, row: Any, status: int = 200) -> Response:
        return answer_written(self.public(row), status)


class AuthoredList(Authored, ListView):
    """All of a course's, with `gone` and `bodies["post"]` of the noun."""

    keys = ("position", "public_id")

    def create(self, course: Course, wish: dict[str, Any], editor: User, now: datetime) -> Any:
        raise NotImplementedError

    def complete(self, rows: list[Row]) -> list[Row]:
        return self.completed(rows)

    def get(self, request: Request, course: str) -> Response:
        found = quizzing.course_edited(person_of(request), course)
        return self.answer(request, self.rows_in(found), within=found.public_id)

    @idempotent
    def post(self, request: Request, course: str) -> Response:
        editor = person_of(request)
        found = quizzing.course_edited(editor, course)
        wish = read(request, self.bodies["post"])
        return self.answered(self.create(found, wish, editor, timezone.now()), status=201)


class AuthoredDetail(Authored, DetailView):
    """One of them, with `bodies["patch"]` of the noun."""

    def one_in(self, course: Course, key: str) -> Any:
        """By its slug or id, with its course.  Raises: NotFound.  Queries: 1."""
        raise NotImplementedError

    def change(self, row: Any, wish: dict[str, Any], editor: User, now: datetime) -> Any:
        """The row as it is now, with what is wished.  Its lock is held."""
        raise NotImplementedError

    def remove(self, row: Any, editor: User, now: datetime) -> None:
        raise NotImplementedError

    def get(self, request: Request, course: str, **place: str) -> HttpResponseBase:
        return answer_one(request, self.public(self._asked(request, course, **place)))

    @idempotent
    def patch(self, request: Request, course: str, **place: str) -> Response:
        row = self._asked(request, course, **place)
        wish = read(request, self.bodies["patch"])
        with unchanged(request, lock=_lock(row), read=lambda: self.public(row)):
            return self.answered(self.change(row, wish, person_of(request), timezone.now()))

    @idempotent
    def delete(self, request: Request, course: str, **place: str) -> Response:
        row = self._asked(request, course, **place)
        with unchanged(request, lock=_lock(row), read=lambda: self.public(row)):
            self.remove(row, person_of(request), timezone.now())
        return Response(status=204)

    def _asked(self, request: Request, course: str, **place: str) -> Any:
        (key,) = place.values()
        return self.one_in(quizzing.course_edited(person_of(request), course), key)


def _lock(row: Any) -> QuerySet[Any]:
    rows: QuerySet[Any] = type(row)._default_manager.filter(pk=row.pk)  # noqa: SLF001
    return rows
