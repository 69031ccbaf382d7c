import pytest
from django.core.cache import cache

from apps.classrooms.models import Classroom
from apps.content.models import Lesson
from tests.notes import factories


@pytest.fixture
def limits_fresh(db: None) -> None:
    """Flushing a database leaves the cache's table, and with it what limits rates."""
    cache.clear()


@pytest.fixture
def lesson(classroom: Classroom) -> Lesson:
    return factories.lesson_create(classroom)
