from typing import Any

import pytest

from apps.accounts.models import School, User
from apps.content.models import Course
from tests.content.factories import course_create
from tests.factories import instructor_create, person_create

PERMISSION = "content.change_course"


@pytest.fixture
def shared(db: None) -> Course:
    return course_create(slug="shared")


@pytest.fixture
def own(school: School) -> Course:
    return course_create(slug="own", school=school)


@pytest.mark.parametrize("role", ["student", "classmate", "outsider", "anonymous"])
def test_who_teaches_nothing_changes_nothing(
    cast: dict[str, Any], role: str, shared: Course, own: Course
) -> None:
    for course in (shared, own, None):
        assert not cast[role].has_perm(PERMISSION, course)


def test_instructor_changes_the_courses_of_their_school_alone(
    school: School, other_school: School, own: Course, shared: Course
) -> None:
    theirs = course_create(slug="theirs", school=other_school)
    person = instructor_create(school, is_editor=False)
    assert person.has_perm(PERMISSION, own)
    assert person.has_perm(PERMISSION)
    assert not person.has_perm(PERMISSION, theirs)
    assert not person.has_perm(PERMISSION, shared)
    assert set(Course.objects.editable_by(person)) == {own}


def test_editor_changes_shared_courses(instructor: User, own: Course, shared: Course) -> None:
    assert instructor.is_editor
    assert set(Course.objects.editable_by(instructor)) == {own, shared}


def test_superuser_changes_everything_and_inactive_people_nothing(
    own: Course, shared: Course, instructor: User
) -> None:
    superuser = person_create()
    superuser.is_superuser = True
    assert set(Course.objects.editable_by(superuser)) == {own, shared}
    instructor.is_active = False
    assert not Course.objects.editable_by(instructor).exists()
    assert not instructor.has_perm(PERMISSION, own)


def test_course_is_open_to_readers_once_a_lesson_is(shared: Course) -> None:
    assert not Course.objects.with_published_lessons().exists()
