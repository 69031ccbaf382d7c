import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from apps.accounts.models import School
from apps.core.errors import NotFound
from apps.integrations import selectors, services
from apps.integrations.enums import DeliveryState, DisabledReason
from apps.integrations.errors import EndpointDisabled
from apps.integrations.models import Delivery, DeliveryAttempt
from tests.integrations.factories import endpoint_create, event_create
from tests.integrations.receiver import DROP, HANG, receiver

pytestmark = pytest.mark.django_db


def test_deliveries_send_due_sends_a_thin_signed_message(school: School) -> None:
    now = timezone.now()
    with receiver() as there:
        endpoint = endpoint_create(school, there.url, now)
        event = event_create(school, now)
        assert services.deliveries_send_due(now=now) == 1
        assert services.deliveries_send_due(now=now) == 0
    [(headers, body)] = there.requests
    assert Webhook(endpoint.secret).verify(body, headers) == {
        "type": "grade.changed",
        "timestamp": now.isoformat(),
        "data": {"id": str(event.subject_id), "actor_id": None, "is_deleted": False},
    }
    delivery = Delivery.objects.get()
    assert headers["webhook-id"] == f"msg_{delivery.public_id.hex}"
    assert (delivery.state, delivery.attempt_count) == (DeliveryState.DELIVERED, 1)
    assert list(DeliveryAttempt.objects.values_list("status", "error")) == [(204, "")]


def test_the_guide_verifies_without_a_library(school: School) -> None:
    now = timezone.now()
    guide = (settings.BASE_DIR / "docs" / "webhooks.md").read_text()
    code = next(part for part in guide.split("```python\n") if part.startswith("import base64"))
    with receiver() as there:
        endpoint = endpoint_create(school, there.url, now)
        services.delivery_test(endpoint=endpoint, now=now)
        services.deliveries_send_due(now=now)
    names: dict[str, Any] = {"SECRET": endpoint.secret}
    exec(code.split("```")[0], names)
    headers, body = there.requests[0]
    assert names["is_ours"](headers, body)
    assert not names["is_ours"](headers, body + b" ")
    assert not names["is_ours"]({**headers, "webhook-timestamp": "1"}, body)


@pytest.mark.parametrize("first", [500, 404, 302, 429, HANG, DROP])
def test_deliveries_send_due_tries_again_under_the_same_id(
    school: School, now: datetime, first: int
) -> None:
    with receiver(lambda number: 204 if number else first) as there:
        endpoint_create(school, there.url, now)
        event_create(school, now)
        assert services.deliveries_send_due(now=now) == 1
        assert Delivery.objects.get().state == DeliveryState.PENDING
        assert services.deliveries_send_due(now=now + timedelta(seconds=1)) == 0
        assert services.deliveries_send_due(now=now + timedelta(seconds=10)) == 1
    assert len(there.requests) == 2
    assert len(set(there.ids)) == 1
    assert there.requests[0][1] == there.requests[1][1]
    assert Delivery.objects.get().state == DeliveryState.DELIVERED


def test_deliveries_send_due_gives_up_after_a_day(school: School, now: datetime) -> None:
    url = "http://127.0.0.1:9/nobody-listens"
    endpoint_create(school, url, now)
    event_create(school, now)
    moment = now
    while services.deliveries_send_due(now=moment):
        moment = max(Delivery.objects.get().due_at, moment)
    delivery = Delivery.objects.get()
    assert delivery.state == DeliveryState.FAILED
    assert delivery.finished_at is not None
    assert timedelta(hours=20) < delivery.finished_at - now <= timedelta(hours=24)
    assert delivery.attempts.count() == delivery.attempt_count > 15


def test_deliveries_send_due_when_the_receiver_is_gone(school: School, now: datetime) -> None:
    with receiver(lambda _number: 410) as there:
        endpoint = endpoint_create(school, there.url, now)
        event_create(school, now)
        services.deliveries_send_due(now=now)
        event_create(school, now)
        services.deliveries_send_due(now=now + timedelta(days=1))
    endpoint.refresh_from_db()
    assert endpoint.disabled_reason == DisabledReason.GONE
    assert len(there.requests) == 1
    assert Delivery.objects.get().state == DeliveryState.FAILED
    with pytest.raises(EndpointDisabled):
        services.delivery_replay(delivery=Delivery.objects.get(), now=now)


@pytest.mark.parametrize(
    ("kind", "whose", "is_told"),
    [
        ("grade.changed", "own", True),
        ("grade.changed", "foreign", False),
        ("grade.changed", "nobody's", False),
        ("lesson.published", "nobody's", True),
        ("attempt.submitted", "nobody's", False),
        ("person.created", "nobody's", False),
        ("lesson.saved", "own", False),
    ],
)
def test_events_fan_out_to_whom_it_concerns(
    school: School, other_school: School, now: datetime, kind: str, whose: str, is_told: bool
) -> None:
    endpoint_create(school, "https://lms.example/a", now, ["grade", "lesson.published", "attempt"])
    event_create({"own": school, "foreign": other_school, "nobody's": None}[whose], now, kind)
    assert services.events_fan_out(now=now) > 0
    assert Delivery.objects.exists() is is_told


def test_events_fan_out_from_when_the_endpoint_began(school: School, now: datetime) -> None:
    event_create(school, now - timedelta(seconds=1))
    endpoint_create(school, "https://lms.example/a", now)
    services.events_fan_out(now=now)
    assert not Delivery.objects.exists()


def test_endpoint_rotate_secret_signs_with_both_for_a_day(school: School) -> None:
    now = timezone.now()
    with receiver() as there:
        endpoint = endpoint_create(school, there.url, now)
        old = endpoint.secret
        endpoint = services.endpoint_rotate_secret(endpoint=endpoint, now=now)
        services.delivery_test(endpoint=endpoint, now=now)
        services.deliveries_send_due(now=now)
        headers, body = there.requests[0]
        for secret in (old, endpoint.secret):
            assert json.loads(body) == Webhook(secret).verify(body, headers)
        endpoint.previous_secret_until = now
        endpoint.save()
        services.delivery_replay(delivery=Delivery.objects.get(), now=now)
        services.deliveries_send_due(now=now)
    headers, body = there.requests[1]
    assert headers["webhook-id"] == there.requests[0][0]["webhook-id"]
    Webhook(endpoint.secret).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(old).verify(body, headers)


def test_endpoint_update_keeps_what_changed_meanwhile(school: School, now: datetime) -> None:
    endpoint = endpoint_create(school, "https://lms.example/a", now)
    rotated = services.endpoint_rotate_secret(endpoint=endpoint, now=now)
    services.endpoint_update(endpoint=endpoint, fields={"description": "The LMS"})
    endpoint.refresh_from_db()
    assert (endpoint.description, endpoint.secret) == ("The LMS", rotated.secret)


@pytest.mark.parametrize(
    "fields",
    [
        {"url": "http://lms.example/hook"},
        {"url": "ftp://lms.example/hook"},
        {"url": "https://user:password@lms.example/hook"},
        {"kinds": ["person.created"]},
        {"kinds": "grade"},
    ],
)
def test_endpoint_create_refuses(school: School, now: datetime, fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as refused:
        services.endpoint_create(
            school=school, fields={"url": "https://lms.example/hook", **fields}, now=now
        )
    assert list(refused.value.message_dict) == list(fields)


def test_selectors_of_another_school(school: School, other_school: School, now: datetime) -> None:
    endpoint = endpoint_create(school, "https://lms.example/a", now)
    delivery = services.delivery_test(endpoint=endpoint, now=now)
    assert selectors.endpoint_of(school, endpoint.public_id) == endpoint
    assert selectors.delivery_of(school, delivery.public_id) == delivery
    with pytest.raises(NotFound):
        selectors.endpoint_of(other_school, endpoint.public_id)
    with pytest.raises(NotFound):
        selectors.delivery_of(other_school, delivery.public_id)


def test_deliveries_delete_old_keeps_a_month(school: School, now: datetime) -> None:
    endpoint = endpoint_create(school, "https://lms.example/a", now)
    for days in (31, 29):
        delivery = services.delivery_test(endpoint=endpoint, now=now)
        delivery.finished_at = now - timedelta(days=days)
        delivery.save()
    services.deliveries_delete_old(now=now)
    assert [row.finished_at for row in Delivery.objects.all()] == [now - timedelta(days=29)]
