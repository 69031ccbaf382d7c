"""Every event arrives at a receiver that misbehaves, though the worker is killed on the way."""

import os
import random
import signal
import time
from datetime import datetime, timedelta

import pytest
from django.db import connections

from apps.accounts.models import School
from apps.integrations import services
from apps.integrations.enums import DeliveryState
from apps.integrations.models import Delivery
from tests.integrations.factories import endpoint_create, event_create
from tests.integrations.receiver import DROP, HANG, Receiver, receiver

WAYS = [204, 204, 204, 204, 204, 204, 500, 503, DROP]


def work_until_killed(now: datetime, there: Receiver, requests: int) -> None:
    """Fork a worker; kill it once the receiver has had `requests` more."""
    connections.close_all()  # a connection must not be shared by two processes
    goal = len(there.requests) + requests
    pid = os.fork()
    if pid == 0:
        try:
            services.deliveries_send_due(now=now)
        finally:
            os._exit(0)
    until = time.monotonic() + 10
    while len(there.requests) < goal and time.monotonic() < until:
        time.sleep(0.005)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("count", [50, pytest.param(1000, marks=pytest.mark.long)])
def test_no_event_is_lost_when_workers_are_killed(
    school: School, now: datetime, count: int
) -> None:
    chance = random.Random(count)
    hanging = {chance.randrange(count) for _number in range(4)}

    def answer(number: int) -> int:
        return HANG if number in hanging else chance.choice(WAYS)

    with receiver(answer) as there:
        endpoint = endpoint_create(school, there.url, now)
        for _number in range(count):
            event_create(school, now)
        for number in range(4):
            work_until_killed(now + timedelta(minutes=2 * number), there, count // 10)
        # It disappears for a while, and comes back.
        services.endpoint_update(
            endpoint=endpoint, fields={"url": "http://127.0.0.1:9/nobody-listens"}
        )
        services.deliveries_send_due(now=now + timedelta(minutes=10))
        services.endpoint_update(endpoint=endpoint, fields={"url": there.url})
        moment = now + timedelta(minutes=20)
        while Delivery.objects.filter(state=DeliveryState.PENDING).exists():
            services.deliveries_send_due(now=moment)
            moment += timedelta(minutes=30)
    delivered = Delivery.objects.filter(state=DeliveryState.DELIVERED)
    made = {f"msg_{public_id.hex}" for public_id in delivered.values_list("public_id", flat=True)}
    assert len(made) == count
    assert made == set(there.accepted) == set(there.ids)
    assert len(there.ids) > count
