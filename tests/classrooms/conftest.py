import pytest
from django.core.cache import cache

from apps.accounts.models import User
from apps.classrooms.models import Classroom, Enrolment


@pytest.fixture(autouse=True)
def limits_fresh(db: None) -> None:
    """No test inherits another's rate limits: flushing a database leaves the cache's table."""
    cache.clear()


@pytest.fixture
def enrolment(classroom: Classroom, student: User) -> Enrolment:
    """The student's place in the class."""
    found: Enrolment = classroom.enrolments.select_related("user").get(user=student)
    return found
