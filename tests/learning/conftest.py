import pytest

from apps.content.models import Course, Lesson
from tests.content.factories import course_create
from tests.learning.factories import lesson_create


@pytest.fixture
def course(db: None) -> Course:
    """A course that nobody has opened, of one published lesson."""
    return course_create()


@pytest.fixture
def lesson(course: Course) -> Lesson:
    """Its lesson, of the sections one, two and three, without a check-up."""
    return lesson_create(course)
