"""One key, one effect; and nothing is changed that has changed since it was seen."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.api import services
from apps.api.models import IdempotentRequest
from apps.classrooms.models import Classroom, Enrolment, Invitation
from apps.core.models import Event

WISH = {"email": "guest@quaid.example", "name": "Guest"}


def invite(client: Client, classroom: Classroom, key: str, wish: Any = WISH) -> Any:
    address = f"/api/v1/classrooms/{classroom.public_id}/invitations"
    headers: Any = {"Idempotency-Key": key}
    return client.post(address, wish, content_type="application/json", headers=headers)


@pytest.mark.django_db
def test_same_request_with_its_key_has_one_effect(lms: Client, classroom: Classroom) -> None:
    first, second = (invite(lms, classroom, "a") for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert "Idempotency-Replayed" not in first
    assert second["Idempotency-Replayed"] == "true"
    assert Event.objects.filter(kind="invitation.created").count() == 1
    third = invite(lms, classroom, "b")
    assert third.json()["id"] == first.json()["id"]
    assert Event.objects.filter(kind="invitation.created").count() == 2


@pytest.mark.django_db
def test_key_names_one_request_of_one_caller(
    lms: Client,
    classroom: Classroom,
    instructor: User,
    client_of: Callable[[User], Client],
) -> None:
    assert invite(lms, classroom, "a").status_code == 201
    other = invite(lms, classroom, "a", {"email": "other@quaid.example"})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    mine = invite(client_of(instructor), classroom, "a", {"email": "third@quaid.example"})
    assert mine.status_code == 201
    for key in ("", "k" * 256):
        assert invite(lms, classroom, key).json()["errors"][0]["field"] == "Idempotency-Key"


@pytest.mark.django_db
def test_request_that_failed_had_no_effect_and_may_be_sent_again(
    lms: Client, classroom: Classroom
) -> None:
    Classroom.objects.update(archived_at=timezone.now())
    assert invite(lms, classroom, "a").json()["code"] == "classroom_archived"
    Classroom.objects.update(archived_at=None)
    assert invite(lms, classroom, "a").status_code == 201


@pytest.mark.django_db
def test_answers_are_forgotten_after_a_day(lms: Client, classroom: Classroom) -> None:
    invite(lms, classroom, "a")
    now = timezone.now()
    services.leftovers_delete(now=now)
    assert IdempotentRequest.objects.count() == 1
    services.leftovers_delete(now=now + timedelta(hours=24))
    assert IdempotentRequest.objects.count() == 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_hundred_at_once_with_one_key_have_one_effect(lms: Client, classroom: Classroom) -> None:
    at_once, headers = 20, dict(lms.defaults)
    barrier = Barrier(at_once)

    def run(_number: int) -> list[int]:
        client = Client()
        client.defaults.update(headers)
        try:
            connection.ensure_connection()
            barrier.wait()
            return [invite(client, classroom, "one").status_code for _ in range(5)]
        finally:
            connection.close()

    with ThreadPoolExecutor(at_once) as pool:
        statuses = [status for each in pool.map(run, range(at_once)) for status in each]
    assert len(statuses) == 100
    assert set(statuses) <= {201, 409}
    assert Event.objects.filter(kind="invitation.created").count() == 1
    assert invite(lms, classroom, "one")["Idempotency-Replayed"] == "true"
    assert Invitation.objects.count() == 1


@pytest.mark.django_db
def test_person_is_changed_only_as_they_were_seen(
    lms: Client, classroom: Classroom, student: User
) -> None:
    row = Enrolment.objects.get(classroom=classroom, user=student)
    address = f"/api/v1/classrooms/{classroom.public_id}/enrolments/{row.public_id}"

    def send(method: str, tag: str | None, body: Any = None) -> Any:
        headers: Any = {} if tag is None else {"If-Match": tag}
        act = getattr(lms, method)
        return act(address, body or {}, content_type="application/json", headers=headers)

    seen = lms.get(address)
    known: Any = {"If-None-Match": seen["ETag"]}
    assert lms.get(address, headers=known).status_code == 304
    assert send("patch", None, {"sis_id": "7"}).json()["code"] == "precondition_required"
    saved = send("patch", seen["ETag"], {"sis_id": "7"})
    assert (saved.status_code, saved.json()["sis_id"]) == (200, "7")
    stale = send("patch", seen["ETag"], {"sis_id": "8"})
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition_failed")
    assert lms.get(address)["ETag"] == saved["ETag"]
    assert lms.get(f"/api/v1/classrooms/{classroom.public_id}/enrolments/sis:7").json() == (
        saved.json()
    )
    for field in ("id", "user_id", "name", "removed_at", "updated_at", "is_staff"):
        assert send("patch", "*", {field: "x"}).json()["errors"][0]["field"] == field
    assert send("delete", seen["ETag"]).status_code == 412
    assert send("delete", saved["ETag"]).status_code == 204
    row.refresh_from_db()
    assert (row.sis_id, row.role, row.removed_at is not None) == ("7", "student", True)
