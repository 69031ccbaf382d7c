"""The conventions that every list and error keeps, and the pull of changed grades."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from apps.accounts.models import School, User
from apps.api.models import RequestWindow
from apps.api.v1 import access
from apps.classrooms.models import Classroom, Enrolment
from apps.grades import services as grades
from tests.classrooms.factories import students_add
from tests.content import factories
from tests.factories import NOW
from tests.grades.factories import manual_create

pytestmark = pytest.mark.django_db


def walk(client: Client, address: str, side: str = "next") -> list[dict[str, Any]]:
    """Every row from `address` to the end of the list, by the links of its pages."""
    rows: list[dict[str, Any]] = []
    link: str | None = address
    while link:
        body = client.get(link).json()
        rows = [*rows, *body["results"]] if side == "next" else [*body["results"], *rows]
        link = body[side]
    return rows


def test_pages_hold_every_row_once_in_both_directions(
    lms: Client, classroom: Classroom, instructor: User
) -> None:
    students_add(classroom, 7, actor=instructor)
    address = f"/api/v1/classrooms/{classroom.public_id}/enrolments"
    forward = walk(lms, f"{address}?page_size=3")
    assert [row["id"] for row in forward] == sorted(
        str(public_id) for public_id in Enrolment.objects.values_list("public_id", flat=True)
    )
    first = lms.get(f"{address}?page_size=3")
    assert first["Link"] == f'<{first.json()["next"]}>; rel="next"'
    second = lms.get(first.json()["next"]).json()
    assert lms.get(second["previous"]).json()["results"] == first.json()["results"]
    assert lms.get(second["previous"]).json()["previous"] is None


@pytest.mark.parametrize("students", [1, 200])
def test_list_costs_the_same_whatever_its_length(
    students: int,
    lms: Client,
    classroom: Classroom,
    instructor: User,
    django_assert_num_queries: Callable[..., Any],
) -> None:
    students_add(classroom, students, actor=instructor)
    address = f"/api/v1/classrooms/{classroom.public_id}/enrolments?page_size=200"
    lms.get(address)
    with django_assert_num_queries(4):  # token with client, count, class, rows
        assert lms.get(address).status_code == 200
    with django_assert_num_queries(5):  # and what left the list since
        assert lms.get(f"{address}&updated_since=2020-01-01T00:00:00Z").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "cursor=x",
        "cursor=WzFd",
        "cursor=WyJuIiwgIngiXQ==",
        "page_size=0",
        "page_size=201",
        "page_size=%C2%B2",
        "fields=secret_hash",
        "updated_since=soon",
        "classroom__school=1",
        "ordering=school",
        "ordering=",
        "is_archived=yes",
        "is_archived=1",
    ],
)
def test_value_that_is_none_is_a_problem_that_names_it(lms: Client, query: str) -> None:
    answer = lms.get(f"/api/v1/classrooms?{query}")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["code"] == "invalid"
    assert [fault["field"] for fault in answer.json()["errors"]] == [
        query.split("=", maxsplit=1)[0]
    ]


def test_lists_are_filtered_and_show_the_fields_asked_for(
    lms: Client, classroom: Classroom
) -> None:
    Classroom.objects.filter(pk=classroom.pk).update(sis_id="IR-1")
    address = "/api/v1/classrooms?fields=sis_id,title&sis_id="
    assert lms.get(f"{address}IR-1").json()["results"] == [
        {"sis_id": "IR-1", "title": classroom.title}
    ]
    assert lms.get(f"{address}IR-2").json()["results"] == []
    assert lms.get("/api/v1/classrooms/sis:IR-1/enrolments").status_code == 200


def test_token_endpoint_speaks_oauth(school: School, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError, match=rf"no school my-school; there are: .*{school.slug}"):
        call_command("api_client", "my-school", "Moodle")
    call_command("api_client", school.slug, "Moodle", "--scope", "classes:read")
    lines = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())

    def ask(fields: dict[str, str]) -> Any:
        body, kind = urlencode(fields), "application/x-www-form-urlencoded"
        return Client().post("/api/v1/oauth/token", body, content_type=kind)

    form = {
        "grant_type": "client_credentials",
        "client_id": lines["client_id"],
        "client_secret": lines["client_secret"],
    }
    good = ask(form)
    assert (good.status_code, good["Cache-Control"]) == (200, "no-store")
    assert good.json()["scope"] == "classes:read"
    bearer: Any = {"Authorization": f"Bearer {good.json()['access_token']}"}
    assert Client().get("/api/v1/classrooms", headers=bearer).status_code == 200
    for change, status, error in (
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "wrong"}, 401, "invalid_client"),
        ({"scope": "grades:read"}, 400, "invalid_scope"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ):
        bad = ask(form | change)
        assert (bad.status_code, bad.json()["error"]) == (status, error)


def test_unknown_token_is_challenged(db: None) -> None:
    bearer: Any = {"Authorization": "Bearer nonsense"}
    answer = Client().get("/api/v1/classrooms", headers=bearer)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json()["code"] == "authentication_failed"


def test_caller_beyond_the_limit_is_told_when_to_come_back(lms: Client) -> None:
    first = lms.get("/api/v1/courses")
    left = access.REQUESTS_A_MINUTE - 1
    assert first["RateLimit-Remaining"] == str(left)
    with time_machine.travel(NOW, tick=False):
        RequestWindow.objects.update(
            requests=access.REQUESTS_A_MINUTE, minute=int(NOW.timestamp()) // 60
        )
        answer = lms.get("/api/v1/courses")
    assert answer.status_code == 429
    assert answer.json()["code"] == "throttled"
    assert answer["Retry-After"] == "60"


def test_lesson_that_is_known_is_not_sent_again(classroom: Classroom) -> None:
    lesson = factories.lesson_publish(classroom.course, factories.section())
    address = f"/api/v1/courses/{classroom.course.slug}/lessons/{lesson.unit.slug}/{lesson.slug}"
    whole = Client().get(address)
    assert whole.json()["edition"] == 1
    tag: Any = {"If-None-Match": whole["ETag"]}
    assert Client().get(address, headers=tag).status_code == 304


def test_results_tell_each_change_once_and_again_when_shown(
    lms: Client, classroom: Classroom, instructor: User, student: User
) -> None:
    item = manual_create(classroom, actor=instructor)
    address = f"/api/v1/classrooms/{classroom.public_id}/results"
    mine = {"item_id": str(item.public_id), "user_id": str(student.public_id)}

    def pull(since: str = "") -> list[tuple[Any, ...]]:
        rows = walk(lms, f"{address}?changed_since={since}" if since else address)
        return [
            (row["status"], row["points"], row["version"])
            for row in rows
            if row.items() >= mine.items()
        ]

    day = timedelta(days=1)
    grades.marks_save(
        item=item,
        marks={student.pk: grades.Mark(item.max_points)},
        actor=instructor,
        now=NOW,
    )
    held = grades.item_hold(item=item, actor=instructor, now=NOW + day)
    assert pull() == [("held", None, 1)]
    grades.item_release(item=held, actor=instructor, now=NOW + 2 * day)
    since = (NOW + 2 * day).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert pull(since) == [("graded", float(item.max_points), 1)]
    after = (NOW + 3 * day).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert pull(after) == []


def test_watermark_lies_before_the_question(lms: Client, classroom: Classroom) -> None:
    asked = timezone.now()
    body = lms.get(f"/api/v1/classrooms/{classroom.public_id}/results").json()
    watermark = datetime.fromisoformat(body["watermark"])
    assert watermark < asked - timedelta(minutes=4)
