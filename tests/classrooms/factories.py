"""Makers of classes, through the services that the product uses."""

from collections.abc import Sequence
from typing import Any

from apps.accounts.models import School, User
from apps.classrooms import services
from apps.classrooms.enums import Role
from apps.classrooms.models import Classroom
from apps.content.models import Course
from tests.content.factories import course_create
from tests.factories import NOW, person_create


def classroom_create(
    school: School,
    instructor: User,
    *,
    course: Course | None = None,
    slug: str = "class-course",
    assistants: Sequence[User] = (),
    students: Sequence[User] = (),
    **fields: Any,
) -> Classroom:
    """A class on `course`, or on a new course of the school's own with that slug."""
    classroom = services.classroom_create(
        school=school,
        course=course or course_create(slug=slug, school=school),
        fields={"title": "International relations", "term": "Spring 2026", **fields},
        actor=instructor,
        now=NOW,
    )
    for role, people in ((Role.ASSISTANT, assistants), (Role.STUDENT, students)):
        for person in people:
            services.enrolment_add(
                classroom=classroom, user=person, role=role, actor=instructor, now=NOW
            )
    return classroom


def students_add(classroom: Classroom, count: int, *, actor: User) -> list[User]:
    """That many new people, enrolled as students."""
    people = [person_create() for _ in range(count)]
    for person in people:
        services.enrolment_add(classroom=classroom, user=person, actor=actor, now=NOW)
    return people
