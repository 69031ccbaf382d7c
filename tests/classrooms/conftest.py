import pytest

from apps.accounts.models import User
from apps.classrooms.models import Classroom, Enrolment


@pytest.fixture
def enrolment(classroom: Classroom, student: User) -> Enrolment:
    """The student's place in the class."""
    found: Enrolment = classroom.enrolments.select_related("user").get(user=student)
    return found
