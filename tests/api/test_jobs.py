"""Long work: asked for, done by the worker, and told only to whoever asked."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import School
from apps.api import services
from apps.api.models import Job
from apps.classrooms.models import Classroom, Invitation
from tests.api.conftest import client_create

pytestmark = pytest.mark.django_db


def ask(client: Client, classroom: Classroom, count: int) -> Any:
    people = [{"email": f"person{n}@quaid.example", "sis_id": f"{n}"} for n in range(count)]
    people[-1]["sis_id"] = "0"  # somebody else's
    address = f"/api/v1/classrooms/{classroom.public_id}/roster/jobs"
    return client.post(address, {"people": people}, content_type="application/json")


def test_long_list_is_put_by_the_worker(
    lms: Client, classroom: Classroom, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.api.services.jobs.PART", 2)
    asked = ask(lms, classroom, 5)
    assert (asked.status_code, asked.json()["state"]) == (202, "waiting")
    assert services.jobs_run_due(now=timezone.now()) == 1
    assert services.jobs_run_due(now=timezone.now()) == 0
    told = lms.get(asked["Location"]).json()
    assert (told["state"], told["done_count"], told["total_count"]) == ("done", 5, 5)
    assert told["result"]["counts"] == {"invited": 4, "refused": 1}
    assert [(row["number"], row["code"]) for row in told["result"]["refused"]] == [
        (5, "sis_id_taken")
    ]
    assert Invitation.objects.count() == 4
    assert Job.objects.get().wish == {}  # no address stays
    another = client_create(school)  # even of the same school
    assert another.get(asked["Location"]).status_code == 404
    assert another.get("/api/v1/jobs").json()["results"] == []


def test_job_whose_worker_died_goes_on_where_it_was(lms: Client, classroom: Classroom) -> None:
    ask(lms, classroom, 3)
    now = timezone.now()
    Job.objects.update(state="running", done_count=1, due_at=now)
    services.jobs_run_due(now=now)
    assert Invitation.objects.count() == 2
    assert Job.objects.get().state == "done"


def test_who_may_no_longer_changes_nothing(lms: Client, classroom: Classroom) -> None:
    ask(lms, classroom, 3)
    Job.objects.update(wish={"classroom": "11111111-1111-4111-8111-111111111111", "people": [{}]})
    services.jobs_run_due(now=timezone.now())
    job = Job.objects.get()
    assert (job.state, job.failure, job.wish) == ("failed", "not_found", {})
    assert not Invitation.objects.exists()
