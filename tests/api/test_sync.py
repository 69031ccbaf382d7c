"""The example that integrators copy, against a live server; and the class list that it puts."""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from email.message import Message
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from apps.accounts.models import School, User
from apps.api import services
from apps.api.models import AccessToken
from apps.classrooms.models import Classroom, Enrolment, Invitation
from apps.grades import services as grades
from apps.grades.enums import GradeEventKind
from examples.lms_sync import sync
from examples.lms_sync.sync import Majlis, Refused
from tests.api.test_schema import faults_of, operations, whole
from tests.factories import NOW
from tests.grades.factories import score, source_create

__all__ = ["whole"]  # a fixture

README = Path(sync.__file__).with_name("README.md").read_text(encoding="utf-8")
SCOPES = re.findall(r"--scope (\S+)", README)  # all that the script is said to need
AMINA = {"email": "amina@example.edu", "name": "Amina", "role": "student", "sis_id": "1007"}


class Line:
    """A network that loses the answers to the first `drops` requests, after they were served."""

    def __init__(self, drops: int = 0) -> None:
        self.drops, self.waits = drops, 0

    def send(self, request: Any, *, timeout: float) -> Any:
        answer = urlopen(request, timeout=timeout)
        if self.drops:
            self.drops -= 1
            answer.close()
            raise URLError("The line was cut.")
        return answer

    def sleep(self, _seconds: float) -> None:
        self.waits += 1


@pytest.fixture
def majlis_of(live_server: LiveServer, school: School) -> Callable[..., Majlis]:
    def make(line: Line) -> Majlis:
        now = timezone.now()
        client, secret = services.client_create(school=school, name="LMS", scopes=SCOPES, now=now)
        url = live_server.url
        return Majlis(url, str(client.public_id), secret, send=line.send, sleep=line.sleep)

    return make


@pytest.mark.django_db(transaction=True)
def test_script_keeps_an_lms_in_step(
    majlis_of: Callable[..., Majlis], classroom: Classroom, student: User, tmp_path: Path
) -> None:
    line = Line(drops=2)  # the token's answer, and the class list's
    majlis = majlis_of(line)
    enrolment = classroom.enrolments.get(user=student)
    key = str(classroom.public_id)
    people = [AMINA, {"email": student.email, "sis_id": "1"}]
    assert [row["outcome"] for row in majlis.roster_put(key, people)] == ["invited", "changed"]
    assert line.waits == 2
    enrolment.refresh_from_db()
    assert enrolment.sis_id == "1"

    item = source_create(classroom)
    score(item, student, "4")
    store = tmp_path / "grades.json"
    majlis.grades_pull(key, store)

    def told() -> dict[str, tuple[str, float | None]]:
        rows = json.loads(store.read_text())["grades"].values()
        return {
            row["user_sis_id"]: (row["status"], row["points"])
            for row in rows
            if row["item_id"] == str(item.public_id)
        }

    assert told() == {"1": ("graded", 4)}
    grades.grades_record(
        item=item,
        scores={student.pk: grades.Score(Decimal(7), "Corrected")},
        kind=GradeEventKind.SCORE,
        actor=None,
        now=timezone.now(),
    )
    AccessToken.objects.update(expires_at=NOW)  # the script asks for another
    assert majlis.grades_pull(key, store) >= 1
    assert told() == {"1": ("graded", 7)}
    grades.item_hold(item=item, actor=None, now=timezone.now())
    majlis.grades_pull(key, store)
    assert told() == {"1": ("held", None)}
    with pytest.raises(Refused, match="404 not_found"):
        majlis.grades_pull("sis:nobody", store)


def refusal(status: int, **problem: Any) -> HTTPError:
    body = BytesIO(json.dumps(problem).encode())
    return HTTPError("https://majlis.example/", status, "", Message(), body)


def test_script_waits_for_what_is_still_being_served_and_says_what_was_refused() -> None:
    answers = [
        BytesIO(b'{"access_token": "t"}'),
        refusal(409, code="request_running"),
        refusal(503),
        BytesIO(b'{"results": []}'),
        refusal(400, code="invalid", detail="No.", errors=[{"field": "people.2", "message": "x"}]),
    ]
    keys: list[str | None] = []

    def send(request: Any, *, timeout: float) -> Any:
        assert timeout > 0
        keys.append(request.get_header("Idempotency-key"))
        answer = answers.pop(0)
        if isinstance(answer, HTTPError):
            raise answer
        return answer

    waits: list[float] = []
    majlis = Majlis("https://majlis.example", "id", "secret", send=send, sleep=waits.append)
    assert majlis.roster_put("sis:IR-2", [AMINA]) == []
    assert (len(waits), len(set(keys[1:]))) == (2, 1)  # all tries of one act have one key
    with pytest.raises(Refused, match=r"400 invalid: No\.\n  people\.2: x"):
        majlis.roster_put("sis:IR-2", [AMINA])


def put(client: Client, classroom: Classroom, people: list[dict[str, Any]]) -> Any:
    address = f"/api/v1/classrooms/{classroom.public_id}/roster"
    return client.put(address, {"people": people}, content_type="application/json")


@pytest.mark.django_db
def test_list_that_is_put_twice_changes_once(
    lms: Client, classroom: Classroom, student: User, whole: dict[str, Any]
) -> None:
    people = [AMINA, {"email": student.email.upper(), "role": "assistant", "sis_id": "7"}]
    first = put(lms, classroom, people)
    assert [row["outcome"] for row in first.json()["results"]] == ["invited", "changed"]
    schema = operations(whole)["put_roster"]["responses"]["200"]["content"]["application/json"]
    assert faults_of(whole, schema["schema"], first.json()) == []
    Invitation.objects.update(letter_due_at=None)  # the letter was sent
    again = put(lms, classroom, people)
    assert [row["outcome"] for row in again.json()["results"]] == ["unchanged", "unchanged"]
    assert Invitation.objects.get().letter_due_at is None
    assert Enrolment.objects.get(user=student).role == "assistant"


@pytest.mark.django_db
def test_one_that_is_refused_does_not_stop_the_others(
    lms: Client, classroom: Classroom, instructor: User
) -> None:
    sole = {"email": instructor.email, "role": "student"}
    answer = put(lms, classroom, [sole, AMINA, {**AMINA, "email": "other@example.edu"}])
    assert [(row["outcome"], row.get("code")) for row in answer.json()["results"]] == [
        ("refused", "last_instructor"),
        ("invited", None),
        ("refused", "sis_id_taken"),
    ]
    assert [row.email for row in Invitation.objects.all()] == [AMINA["email"]]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "people",
    [[], [AMINA] * 501, [{"email": "no address"}], [{**AMINA, "is_staff": True}], "x", [None]],
)
def test_list_that_is_none_is_refused_whole(lms: Client, classroom: Classroom, people: Any) -> None:
    answer = put(lms, classroom, people)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert not Invitation.objects.exists()


@pytest.mark.django_db
def test_cost_of_an_unchanged_list_does_not_grow(
    lms: Client, classroom: Classroom, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    people = [{"email": f"person{n}@example.edu", "sis_id": f"id-{n}"} for n in range(40)]
    put(lms, classroom, people)
    with django_assert_max_num_queries(10):
        put(lms, classroom, people)
