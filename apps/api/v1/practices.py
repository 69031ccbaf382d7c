"""Quizzes that anybody signed in may practise."""

from __future__ import annotations

import django_filters
from django.utils import timezone
from django_filters.rest_framework import FilterSet
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.enums import Scope
from apps.api.selectors import quizzing
from apps.api.v1.access import PERSONS, ApiView, person_of
from apps.api.v1.attempts import begun
from apps.api.v1.lists import ListView, check_parameters
from apps.api.v1.repeats import idempotent
from apps.api.v1.shapes import Shape
from apps.api.v1.sittings import ATTEMPT
from apps.quizzes import selectors as quizzes
from apps.quizzes import services
from apps.quizzes.enums import QuizKind
from apps.quizzes.models import Quiz

PRACTICE = Shape(
    "Practice",
    Quiz,
    {
        "id": "public_id",
        "slug": "slug",
        "title": "title",
        "kind": "kind",
        "unit": "unit__slug",
        "lesson_unit": "lesson__unit__slug",
        "lesson": "lesson__slug",
        "intro_html": "intro_html",
        "layout": "layout",
    },
    example={
        "id": "93d54f0e-8b67-4f0a-9f10-0b8f6d0e1f1f",
        "slug": "check-1",
        "title": "Check-up",
        "kind": "check_up",
        "unit": None,
        "lesson_unit": "history",
        "lesson": "cold-war",
        "intro_html": "",
        "layout": "one_page",
    },
)


class PracticeFilters(FilterSet):
    kind = django_filters.ChoiceFilter(choices=QuizKind.choices)
    lesson = django_filters.CharFilter("lesson__slug")
    unit = django_filters.CharFilter("unit__slug")

    class Meta:
        model = Quiz
        fields: tuple[str, ...] = ()


class Practices(ListView):
    """The quizzes of a course that may be practised, without their questions."""

    scope = Scope.QUIZZES_READ
    callers = PERSONS
    shape = PRACTICE
    ordering = ("title",)
    keys = ("position", "slug")
    filters = PracticeFilters

    def get(self, request: Request, course: str) -> Response:
        found = quizzing.course_practised(person_of(request), course)
        return self.answer(request, quizzing.practices_in(found))


class PracticeAttempts(ApiView):
    """Begin to practise a quiz, or go on with the practice that is open.

    409 `withheld` while a quiz of one's class asks the same and has not shown its answers.
    """

    write_scope = Scope.ATTEMPTS_WRITE
    callers = PERSONS
    statuses = {"post": (201, 200)}
    body = ATTEMPT

    @idempotent
    def post(self, request: Request, course: str, quiz: str) -> Response:
        check_parameters(request, [])
        student, now = person_of(request), timezone.now()
        slug = quizzing.course_practised(student, course).slug
        found = quizzes.practice_of(slug, quiz, student, now)
        attempt = services.practice_start(quiz=found.quiz, student=student, now=now)
        return begun(student, attempt, now)
