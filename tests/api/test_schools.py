"""Schools and what they may teach: what a script needs to know before it makes a class."""

import pytest
from django.test import Client

from apps.accounts.models import School, User
from apps.classrooms.models import Classroom
from tests.api.conftest import personal_create, program_create
from tests.api.debates.asking import send
from tests.content.factories import course_create, lesson_publish

pytestmark = pytest.mark.django_db
SCHOOLS = "/api/v1/schools"


def test_who_teaches_sees_what_may_be_taught_before_anybody_can_read_it(
    lms: Client,
    classroom: Classroom,
    instructor: User,
    student: User,
    school: School,
    other_school: School,
) -> None:
    course_create(slug="theirs", school=other_school)
    lesson_publish(course_create(slug="shared", school=None))
    for client in (personal_create(instructor), program_create(school, instructor), lms):
        assert [row["slug"] for row in client.get(SCHOOLS).json()["results"]] == [school.slug]
        place = f"{SCHOOLS}/{school.slug}/courses"
        rows = client.get(place, {"ordering": "slug"}).json()["results"]
        assert [(row["slug"], row["is_published"], row["is_own"]) for row in rows] == [
            ("class-course", False, True),
            ("shared", True, False),
        ]
        found = client.get(place, {"is_published": "false", "fields": "slug"}).json()["results"]
        assert found == [{"slug": "class-course"}]
        foreign = client.get(f"{SCHOOLS}/{other_school.slug}/courses")
        assert foreign.status_code == 404
        assert foreign.content == client.get(f"{SCHOOLS}/nowhere/courses").content
    for client in (personal_create(student), program_create(other_school, instructor)):
        assert client.get(SCHOOLS).json()["results"] == []
    wish = {"school": school.slug, "course": rows[0]["slug"], "title": "Region II"}
    made = send(personal_create(instructor), "post", "/api/v1/classrooms", wish)
    assert (made.status_code, made.json()["course"]) == (201, "class-course")
