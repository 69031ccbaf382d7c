"""Who gets what from every address of quizzes: one declared matrix, tested whole."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import get_resolver, reverse

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.content.models import SourceParagraph
from apps.quizzes import services
from apps.quizzes.enums import QuizKind
from apps.quizzes.models import Response
from tests.content.factories import lesson_publish
from tests.factories import NOW
from tests.quizzes.factories import (
    assignment_create,
    question_create,
    quiz_create,
    right_saves,
)

pytestmark = pytest.mark.django_db

ROLES = (
    "student",
    "classmate",
    "assistant",
    "instructor",
    "outsider",
    "foreign_instructor",
    "anonymous",
)
# Statuses in the order of ROLES. 302 is the log-in page for the anonymous, and for others what
# follows; 405 says that the address takes POST alone.
EVERYBODY = (200, 200, 200, 200, 200, 200, 302)
SENT_ON = (302, 302, 302, 302, 302, 302, 302)
MEMBERS = (200, 200, 200, 200, 404, 404, 302)
OWN = (200, 404, 404, 404, 404, 404, 302)
OWN_SENT_ON = (302, 404, 404, 404, 404, 404, 302)  # the attempt has been handed in
OWN_OR_STAFF = (200, 404, 200, 200, 404, 404, 302)
STUDENTS_SENT_ON = (302, 302, 404, 404, 404, 404, 302)
STAFF = (404, 404, 200, 200, 404, 404, 302)
INSTRUCTOR = (404, 404, 404, 200, 404, 404, 302)
DONE = (404, 404, 404, 302, 404, 404, 302)
POST_ALONE = (405, 405, 405, 405, 405, 405, 302)
# For a script: no redirect, and nothing is looked up before what it sent can be read.
SCRIPT_GET = (405, 405, 405, 405, 405, 405, 405)
SCRIPT_POST = (422, 422, 422, 422, 422, 422, 401)

# name: (GET, POST with nothing in it)
ROUTES = {
    "practices": (EVERYBODY, EVERYBODY),
    "practice": (EVERYBODY, EVERYBODY),
    "practice-start": (POST_ALONE, SENT_ON),
    "check-up": (SENT_ON, SENT_ON),
    "assignments": (MEMBERS, MEMBERS),
    "assignment": (MEMBERS, MEMBERS),
    "assignment-start": (POST_ALONE, STUDENTS_SENT_ON),
    "attempt": (OWN_SENT_ON, OWN_SENT_ON),
    "attempt-save": (SCRIPT_GET, SCRIPT_POST),
    "attempt-confirm": (OWN_SENT_ON, OWN_SENT_ON),
    "attempt-submit": (POST_ALONE, OWN_SENT_ON),
    "attempt-review": (OWN_OR_STAFF, OWN_OR_STAFF),
    "contest": (OWN, OWN),
    "contest-withdraw": (POST_ALONE, OWN_SENT_ON),
    "assignment-create": (INSTRUCTOR, INSTRUCTOR),
    "objections": (STAFF, STAFF),
    "objection": (STAFF, INSTRUCTOR),
    "assignment-settings": (INSTRUCTOR, INSTRUCTOR),
    "assignment-publish": (POST_ALONE, DONE),
    "assignment-withdraw": (POST_ALONE, DONE),
    "assignment-delete": (POST_ALONE, DONE),
    "assignment-analysis": (STAFF, STAFF),
    "marking": (STAFF, STAFF),
    "mark": (STAFF, STAFF),
    "correction": (INSTRUCTOR, INSTRUCTOR),
}
ClientOf = Callable[[User | AnonymousUser], Client]


@pytest.fixture
def places(class_cast: dict[str, Any], classroom: Classroom) -> dict[str, Any]:
    """What the addresses name: the student's attempt at an essay, objected to by them."""
    student, instructor, course = class_cast["student"], class_cast["instructor"], classroom.course
    lesson = lesson_publish(course)
    quiz_create(
        course,
        slug="check",
        kind=QuizKind.CHECK_UP,
        lesson=f"{lesson.unit.slug}/{lesson.slug}",
        is_practice=True,
    )
    question = question_create(course, "essay")
    assignment = assignment_create(
        classroom,
        instructor,
        quiz_create(course, question),
        attempt_limit=3,
        is_marked_anonymously=False,
    )
    attempt = services.assignment_start(assignment=assignment, student=student, now=NOW)
    services.attempt_submit(
        attempt_id=attempt.public_id, student=student, saves=right_saves(attempt), now=NOW
    )
    contest = services.contest_open(
        response=Response.objects.get(attempt=attempt),
        text="It is unclear.",
        paragraph=SourceParagraph.objects.filter(article__course=course).first(),
        reference=None,
        locator="",
        student=student,
        now=NOW,
    )
    return {
        "course": course.slug,
        "quiz": "check",
        "unit": lesson.unit.slug,
        "lesson": lesson.slug,
        "public_id": classroom.public_id,
        "assignment_id": assignment.public_id,
        "attempt_id": attempt.public_id,
        "question_id": question.public_id,
        "contest_id": contest.public_id,
        "position": 1,
    }


def patterns() -> list[Any]:
    return get_resolver("apps.quizzes.urls").url_patterns


def address_of(name: str, places: dict[str, Any]) -> str:
    pattern = next(each for each in patterns() if each.name == name)
    wanted = pattern.pattern.converters
    return reverse(f"quizzes:{name}", kwargs={key: places[key] for key in wanted})


def test_matrix_names_every_route() -> None:
    assert [pattern.name for pattern in patterns()] == list(ROUTES)


@pytest.mark.parametrize("role", ROLES)
def test_routes_answer_each_role(
    role: str,
    places: dict[str, Any],
    class_cast: dict[str, User | AnonymousUser],
    client_of: ClientOf,
) -> None:
    client = client_of(class_cast[role])
    found = {}
    for name in ROUTES:
        address = address_of(name, places)
        found[name] = (client.get(address).status_code, client.post(address).status_code)
    place = ROLES.index(role)
    assert found == {name: (get[place], post[place]) for name, (get, post) in ROUTES.items()}
