"""How a quiz is taken over the API, for the tests of it."""

import json
from typing import Any

from django.test import Client

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.quizzes.models import Assignment
from tests.quizzes.factories import (
    SPECS,
    assignment_create,
    question_create,
    quiz_create,
)

KINDS = tuple(SPECS)
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)> [a](javascript:alert(1))"
V1 = "/api/v1"


def send(client: Client, method: str, address: str, body: Any = None, **headers: str) -> Any:
    text = json.dumps({} if body is None else body)
    act = getattr(client, method)
    return act(f"{V1}/{address}", text, content_type="application/json", headers=headers)


def given_at(assignment: Assignment) -> str:
    return f"classrooms/{assignment.classroom.public_id}/assignments/{assignment.public_id}"


def given(classroom: Classroom, instructor: User, *kinds: str, **more: Any) -> Assignment:
    questions = [question_create(classroom.course, kind) for kind in kinds or ("short_text",)]
    return assignment_create(
        classroom, instructor, quiz_create(classroom.course, *questions), **more
    )


def begin(client: Client, assignment: Assignment) -> dict[str, Any]:
    answer = send(client, "post", f"{given_at(assignment)}/attempts")
    assert answer.status_code == 201, answer.content
    body: dict[str, Any] = answer.json()
    return body


def save(client: Client, attempt: str, position: int, **body: Any) -> Any:
    return send(client, "put", f"attempts/{attempt}/items/{position}", body)


def change(client: Client, address: str, body: Any, tag: str = "") -> Any:
    tag = tag or client.get(f"{V1}/{address}")["ETag"]
    return send(client, "patch", address, body, **{"If-Match": tag})
