"""All results as a file: the same as the list tells, for who asked alone, for a day."""

import csv
import io
import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from apps.accounts.models import School, User
from apps.api import personal, services
from apps.api.models import Job, JobPart
from apps.api.services import exports
from apps.classrooms import services as classrooms
from apps.classrooms.models import Classroom
from apps.grades import services as grades
from tests.api.conftest import client_create, personal_create
from tests.grades.factories import manual_create, score, source_create

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(classroom: Classroom, instructor: User, student: User, classmate: User) -> Classroom:
    """A column that is shown, with a reason that a spreadsheet would compute; one that is held."""
    shown, held = source_create(classroom), manual_create(classroom, actor=instructor)
    score(shown, classmate, "4")
    by: dict[str, Any] = {"actor": instructor, "now": timezone.now()}
    grades.grade_override(item=shown, student=student, points=Decimal("8.5"), reason="=1+1", **by)
    grades.marks_save(item=held, marks={student.pk: grades.Mark(Decimal(7))}, **by)
    return classroom


def export(client: Client, address: str, **wish: Any) -> Any:
    """The job, done."""
    begun = client.post(f"/api/v1/{address}", wish, content_type="application/json")
    assert begun.status_code == 202, begun.content
    services.jobs_run_due(now=timezone.now())
    done = client.get(begun["Location"]).json()
    assert (done["state"], done["failure"]) == ("done", "")
    return done


def fetched(client: Client, job: Any) -> tuple[int, str]:
    answer: Any = client.get(job["result"]["file"])
    if answer.status_code != 200:
        return answer.status_code, ""
    return 200, b"".join(answer.streaming_content).decode()


def test_file_of_results_is_what_the_list_tells(
    book: Classroom, lms: Client, instructor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "ROWS", 2)  # several parts
    address = f"classrooms/{book.public_id}/results"
    listed = lms.get(f"/api/v1/{address}").json()["results"]
    job = export(lms, f"{address}/jobs")
    status, text = fetched(lms, job)
    rows = [json.loads(line) for line in text.splitlines()]
    assert (status, job["result"]["rows"]) == (200, len(listed))
    assert {row["id"]: row for row in rows} == {row["id"]: row for row in listed}
    assert [row["points"] for row in rows if row["status"] == "held"] == [None]
    everywhere = export(lms, "results/jobs", format="csv")
    table = list(csv.DictReader(io.StringIO(fetched(lms, everywhere)[1])))
    assert {row["id"] for row in table} == {row["id"] for row in listed}
    assert {row["classroom_id"] for row in table} == {str(book.public_id)}
    assert max(row["reason"] for row in table) == "'=1+1"
    # From the watermark on nothing is missed, and what is older is left out.
    later = export(lms, f"{address}/jobs", changed_since="2199-01-01T00:00:00Z")
    assert (later["result"]["rows"], fetched(lms, later)) == (0, (200, ""))
    since = job["result"]["watermark"]  # it goes into an address as it is
    again = export(lms, f"{address}/jobs", changed_since=since)
    newer = lms.get(f"/api/v1/{address}?changed_since={since}").json()["results"]
    assert 0 < again["result"]["rows"] == len(newer) < len(listed)


def test_file_is_for_its_caller_for_a_day_and_while_they_see_the_class(
    book: Classroom, lms: Client, assistant: User, instructor: User, school: School
) -> None:
    address = f"classrooms/{book.public_id}/results/jobs"
    mine = personal_create(assistant)
    job, of_all = export(mine, address), export(mine, "results/jobs")
    jobless = client_create(school, ["jobs"])
    for other in (lms, personal_create(instructor), Client()):
        assert fetched(other, job)[0] in (401, 404)
    assert fetched(jobless, job)[0] == 403  # following work is not reading grades
    again = personal_create(assistant)
    assert [fetched(again, each)[0] for each in (job, of_all)] == [200, 200]
    classrooms.enrolment_remove(
        enrolment=book.enrolments.get(user=assistant), actor=instructor, now=timezone.now()
    )
    assert [fetched(mine, each)[0] for each in (job, of_all)] == [404, 404]
    own = export(lms, address)
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1), tick=False):
        services.leftovers_delete(now=timezone.now())
        assert not JobPart.objects.exists()
        assert Job.objects.count() == 3  # what became of it is kept for a week
        fresh = client_create(school)
        assert fetched(fresh, own)[0] == 404


def test_file_that_speaks_of_who_is_erased_goes_with_them(
    book: Classroom, lms: Client, classmate: User, outsider: User
) -> None:
    job = export(lms, f"classrooms/{book.public_id}/results/jobs")
    personal.person_erase(user=outsider, subject_id=outsider.public_id, names=[])
    assert fetched(lms, job)[0] == 200
    personal.person_erase(user=classmate, subject_id=classmate.public_id, names=[])
    assert fetched(lms, job)[0] == 404
