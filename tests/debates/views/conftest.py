import pytest

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.debates.models import DebateRun
from tests.debates.factories import run_create


@pytest.fixture
def run(classroom: Classroom, instructor: User) -> DebateRun:
    return run_create(classroom, instructor)
