"""A course of the instructor's school, one of a foreign school, and people around them."""

from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import School, User
from apps.content.models import Course, Lesson
from tests import factories
from tests.content import factories as content


@pytest.fixture
def course(school: School) -> Course:
    return content.course_create(slug="sco", school=school)


@pytest.fixture
def foreign_course(other_school: School) -> Course:
    return content.course_create(slug="neva-course", school=other_school)


@pytest.fixture
def shared_course(db: None) -> Course:
    return content.course_create(slug="shared", school=None)


@pytest.fixture
def lesson(course: Course) -> Lesson:
    """Two sections, published as edition 1."""
    return content.lesson_publish(
        course,
        content.section("invitation", heading="An invitation"),
        content.section("choice", heading="The choice", body="He chose [@khan1961]."),
    )


@pytest.fixture
def colleague(school: School) -> User:
    """A second instructor of the same school."""
    return factories.instructor_create(school, email="colleague@quaid.example", name="Maryam Ali")


@pytest.fixture
def local_instructor(school: School) -> User:
    """An instructor who may not change the shared courses."""
    return factories.instructor_create(
        school, email="local@quaid.example", name="Sana Mir", is_editor=False
    )


@pytest.fixture
def author(instructor: User) -> Client:
    """The instructor, signed in."""
    client = Client()
    client.force_login(instructor)
    return client


def form_data(lesson: Lesson, **changes: Any) -> dict[str, Any]:
    """What the lesson's page would post if nothing but `changes` were typed."""
    sections = list(lesson.sections.order_by("position"))
    readings = list(lesson.further_reading.select_related("reference").order_by("position"))
    data: dict[str, Any] = {
        "title": lesson.title,
        "objectives": "\n".join(lesson.objectives),
        "summary": "\n".join(lesson.summary),
        "questions": "\n".join(lesson.questions),
        "expected_revision": lesson.revision,
        "sections-TOTAL_FORMS": len(sections),
        "sections-INITIAL_FORMS": len(sections),
        "further_reading-TOTAL_FORMS": len(readings),
        "further_reading-INITIAL_FORMS": len(readings),
    }
    for index, section in enumerate(sections):
        data |= {
            f"sections-{index}-row_id": str(section.public_id),
            f"sections-{index}-heading": section.heading,
            f"sections-{index}-anchor": section.anchor,
            f"sections-{index}-body": section.body,
            f"sections-{index}-position": index + 1,
            f"sections-{index}-sources": " ".join(
                source.paragraph.number for source in section.sources.all()
            ),
        }
    for index, reading in enumerate(readings):
        data |= {
            f"further_reading-{index}-work": reading.reference.key,
            f"further_reading-{index}-note": reading.note,
            f"further_reading-{index}-position": index + 1,
        }
    return {**data, **changes}
