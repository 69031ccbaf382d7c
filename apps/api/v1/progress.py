"""How far one has come in a course, by the rule of the site or by one's own word."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import User
from apps.api import selectors
from apps.api.enums import Scope
from apps.api.v1.access import PERSONS, ApiView, person_of
from apps.api.v1.details import DetailView, answer_one
from apps.api.v1.inputs import Input, read
from apps.api.v1.lists import Row
from apps.api.v1.repeats import idempotent
from apps.api.v1.shapes import MOMENT, STRING, STRINGS, Json, or_null
from apps.learning import selectors as learning
from apps.learning import services
from apps.learning.enums import LessonState
from apps.learning.reading import MAX_ANCHORS, MAX_LESSONS, Place, Report, join

_INTEGER: Json = {"type": "integer"}
_STATE: Json = {"type": "string", "enum": list(LessonState.values)}
LESSON: Json = {
    "title": "LessonProgress",
    "type": "object",
    "properties": {
        "unit": STRING,
        "lesson": STRING,
        "state": _STATE,
        "sections": {**STRINGS, "description": "The anchors of all sections."},
        "seen": {**STRINGS, "description": "Those that were seen."},
        "resume": {**or_null(STRING), "description": "The section to go on from."},
        "resume_at": or_null(MOMENT),
        "is_declared": {"type": "boolean", "description": "Read by one's own word."},
        "is_retracted": {"type": "boolean", "description": "Unread by one's own word."},
        "is_check_up_due": {"type": "boolean", "description": "Only the check-up is lacking."},
        "touched_at": or_null(MOMENT),
    },
    "examples": [
        {
            "unit": "membership",
            "lesson": "invitation",
            "state": "begun",
            "sections": ["invitation", "answer"],
            "seen": ["invitation"],
            "resume": "answer",
            "resume_at": "2026-10-02T09:00:00Z",
            "is_declared": False,
            "is_retracted": False,
            "is_check_up_due": False,
            "touched_at": "2026-10-02T09:00:00Z",
        }
    ],
}
_TAKEN: Json = {
    "type": "object",
    "properties": {
        "lessons": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"course": STRING, "unit": STRING, "lesson": STRING, "state": _STATE},
            },
        }
    },
}


class WordIn(Input):
    is_read = serializers.BooleanField()


class SeenIn(Input):
    course = serializers.CharField(max_length=80, help_text="The course's slug.")
    unit = serializers.CharField(max_length=80)
    lesson = serializers.CharField(max_length=80)
    seen = serializers.ListField(
        child=serializers.CharField(max_length=80), max_length=MAX_ANCHORS, default=list
    )
    resume = serializers.CharField(
        max_length=80, default="", allow_blank=True, help_text="The section to go on from; with at."
    )
    at = serializers.DateTimeField(required=False, help_text="When the reader was there.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["resume"] and "at" not in attrs:
            raise serializers.ValidationError({"at": ["A moment is needed with `resume`."]})
        return attrs


class ProgressIn(Input):
    lessons = serializers.ListField(child=SeenIn(), max_length=MAX_LESSONS)


class CourseProgress(DetailView):
    """How far one has come in a course, lesson by lesson."""

    scope = Scope.PROGRESS
    callers = PERSONS
    body = {
        "type": "object",
        "properties": {
            "course": STRING,
            "read": {**_INTEGER, "description": "How many lessons are read."},
            "percent": _INTEGER,
            "next": {**or_null(STRING), "description": "unit/lesson to go on with, if any is."},
            "lessons": {
                "type": "array",
                "items": {key: LESSON[key] for key in ("type", "properties")},
            },
        },
    }

    def get(self, request: Request, course: str) -> HttpResponseBase:
        person = person_of(request)
        standing = _standing(person, selectors.course_by_key(course).slug)
        following = standing.next
        return answer_one(
            request,
            {
                "course": standing.slug,
                "read": standing.read_count,
                "percent": standing.percent,
                "next": following and following.key,
                "lessons": [_row(lesson) for lesson in standing.lessons],
            },
        )


class LessonWord(ApiView):
    """Say that one has read a lesson, or has not after all; what was seen stays known."""

    write_scope = Scope.PROGRESS
    callers = PERSONS
    body = LESSON
    bodies = {"put": WordIn}

    @idempotent
    def put(self, request: Request, course: str, unit: str, lesson: str) -> Response:
        person = person_of(request)
        row = learning.lesson_published(selectors.course_by_key(course).slug, unit, lesson)
        say = (
            services.lesson_declare if read(request, WordIn)["is_read"] else services.lesson_retract
        )
        say(reader=person, lesson=row, now=timezone.now())
        standing = _standing(person, row.unit.course.slug)
        key = f"{unit}/{lesson}"
        return Response(_row(next(each for each in standing.lessons if each.key == key)))


class Progress(ApiView):
    """Tell which sections were seen, of up to 50 lessons; what comes twice or late takes nothing.

    Lessons that are not published, and sections that a lesson has not, are passed over.
    """

    write_scope = Scope.PROGRESS
    callers = PERSONS
    body = _TAKEN
    bodies = {"post": ProgressIn}
    statuses = {"post": (200,)}

    @idempotent
    def post(self, request: Request) -> Response:
        person = person_of(request)
        reports = _reports(read(request, ProgressIn)["lessons"])
        states = services.progress_record(reader=person, reports=reports, now=timezone.now())
        return Response(
            {
                "lessons": [
                    {"course": at.course, "unit": at.unit, "lesson": at.lesson, "state": state}
                    for at, state in states.items()
                ]
            }
        )


def _reports(rows: list[Row]) -> list[Report]:
    """Two reports of one lesson become one."""
    merged: dict[Place, Report] = {}
    for row in rows:
        place = Place(row["course"], row["unit"], row["lesson"])
        at = row.get("at") if row["resume"] else None
        report = Report(place, frozenset(row["seen"]), row["resume"], at)
        merged[place] = join(merged[place], report) if place in merged else report
    return list(merged.values())


def _standing(person: User, slug: str) -> learning.CourseStanding:
    (standing,) = learning.progress_of(person, [learning.course_followed(slug)])
    return standing


def _row(lesson: learning.LessonStanding) -> Row:
    anchors = [section["id"] for section in lesson.sections]
    return {
        "unit": lesson.unit_slug,
        "lesson": lesson.slug,
        "state": lesson.state,
        "sections": anchors,
        "seen": [anchor for anchor in anchors if anchor in lesson.seen],
        "resume": lesson.resume["id"] if lesson.resume else None,
        "resume_at": lesson.resume_at,
        "is_declared": lesson.is_declared,
        "is_retracted": lesson.is_retracted,
        "is_check_up_due": lesson.is_check_up_due,
        "touched_at": lesson.touched_at,
    }
