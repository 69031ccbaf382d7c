"""Two at once, with real threads: SQLite lets one writer in at a time, so PostgreSQL decides."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from apps.accounts import services
from apps.accounts.models import School, User
from tests.accounts.steps import NEW_PASSWORD

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

CROWD = 4


def at_once(act: Callable[[], Any]) -> list[Any]:
    """What `act` returned in each of CROWD threads that began it together."""
    barrier = Barrier(CROWD)

    def run(_number: int) -> Any:
        try:
            connection.ensure_connection()
            barrier.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(CROWD) as pool:
        return list(pool.map(run, range(CROWD)))


def test_school_ensure_default_at_once_makes_one_school(now: datetime) -> None:
    schools = at_once(lambda: services.school_ensure_default(now=now))
    assert schools == [School.objects.get()] * CROWD


def test_sign_up_at_once_makes_one_account_and_answers_alike() -> None:
    form = {"display_name": "Ayesha", "email": "a@quaid.example", "password1": NEW_PASSWORD}
    answers = at_once(lambda: Client().post("/accounts/signup/", form))
    assert {(answer.status_code, answer.headers["Location"]) for answer in answers} == {
        (302, "/accounts/confirm-email/")
    }
    assert User.objects.get().email == "a@quaid.example"
    assert len(mail.outbox) == 1  # one letter in three minutes, whoever was first
