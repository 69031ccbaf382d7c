"""Schools, and what each may teach: what a new class is made of."""

from __future__ import annotations

import django_filters
from django_filters.rest_framework import FilterSet
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import School
from apps.api import selectors
from apps.api.enums import Scope
from apps.api.v1.access import caller_of
from apps.api.v1.content import COURSE
from apps.api.v1.filters import BooleanFilter
from apps.api.v1.lists import ListView
from apps.api.v1.shapes import Shape
from apps.content.models import Course

SCHOOL = Shape(
    "School",
    School,
    {"id": "public_id", "slug": "slug", "name": "name"},
    example={
        "id": "9f104f0e-8b67-4f0a-93d5-0b8f6d0e1f1f",
        "slug": "my-school",
        "name": "My School",
    },
)
OFFERED = Shape(
    "CourseOffered",
    Course,
    {**COURSE.fields, "is_published": "is_published", "is_own": "is_own"},
    others={
        "is_published": {
            "type": "boolean",
            "description": "Whether readers see any of it yet: else `/courses` does not have it.",
        },
        "is_own": {
            "type": "boolean",
            "description": "Whether it is this school's alone; else every school may teach it.",
        },
    },
    example={**COURSE.example, "is_published": True, "is_own": False},
)


class OfferedFilters(FilterSet):
    language = django_filters.CharFilter()
    is_published = BooleanFilter()
    is_own = BooleanFilter()

    class Meta:
        model = Course
        fields: tuple[str, ...] = ()


class SchoolFilters(FilterSet):
    slug = django_filters.CharFilter()

    class Meta:
        model = School
        fields: tuple[str, ...] = ()


class Schools(ListView):
    """The schools at which one teaches; of a program, its own."""

    scope = Scope.COURSES_READ
    shape = SCHOOL
    ordering = ("slug", "name")
    filters = SchoolFilters

    def get(self, request: Request) -> Response:
        return self.answer(request, selectors.schools_of(caller_of(request)))


class SchoolCourses(ListView):
    """The courses that a school may teach, those included of which nothing is published yet."""

    scope = Scope.COURSES_READ
    shape = OFFERED
    ordering = ("slug", "title", "updated_at")
    filters = OfferedFilters

    def get(self, request: Request, school: str) -> Response:
        found = selectors.school_in(selectors.schools_of(caller_of(request)), school)
        return self.answer(request, selectors.courses_offered(found))
