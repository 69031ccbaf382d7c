from typing import Any

import pytest
import time_machine

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.debates.models import DebateRun, Participant
from tests.debates.factories import during, join, run_create


@pytest.fixture(autouse=True)
def _arguing() -> Any:
    with time_machine.travel(during("arguing"), tick=False):
        yield


@pytest.fixture
def run(classroom: Classroom, instructor: User) -> DebateRun:
    return run_create(classroom, instructor)


@pytest.fixture
def author(run: DebateRun, student: User) -> Participant:
    return join(run, student)
