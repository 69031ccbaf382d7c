"""Many requests at once about one debate, with real threads: PostgreSQL decides."""

from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.debates import services
from apps.debates.models import Participant, Rating, Stance
from tests.api.conftest import personal_create
from tests.debates.factories import DAY, debate_create, join, post, windows
from tests.quizzes.test_races import together

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def put(client: Client, address: str, body: dict[str, Any]) -> int:
    return int(client.put(address, body, content_type="application/json").status_code)


def test_one_stance_and_one_rating_whatever_is_asked_at_once(
    classroom: Classroom, instructor: User, student: User, classmate: User
) -> None:
    now = timezone.now()
    run = services.run_open(
        debate=debate_create(classroom),
        classroom=classroom,
        windows=windows(now - timedelta(hours=36)),
        actor=instructor,
        now=now,
    )
    client = personal_create(student)
    address = f"/api/v1/debate-runs/{run.public_id}"
    stances = [
        {"value": value, "confidence": 1 + (value + 3) % 5, "side": "for"} for value in range(-3, 4)
    ]
    given = together(
        *(partial(put, client, f"{address}/stances/opening", each) for each in stances)
    )
    assert Counter(given) == {200: 1, 409: 6}
    assert (Participant.objects.count(), Stance.objects.count()) == (1, 1)
    argument = post(join(run, classmate, now=now - DAY), now=now)
    place = f"{address}/arguments/{argument.public_id}/rating"
    rated = together(
        *(partial(put, client, place, {"strength": 1 + number % 5}) for number in range(10))
    )
    assert Counter(rated) == {200: 10}
    argument.refresh_from_db()
    assert (argument.rating_count, argument.rating_sum) == (1, Rating.objects.get().strength)
