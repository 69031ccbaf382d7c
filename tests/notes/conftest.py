import pytest

from apps.classrooms.models import Classroom
from apps.content.models import Lesson
from tests.notes import factories


@pytest.fixture
def lesson(classroom: Classroom) -> Lesson:
    return factories.lesson_create(classroom)
