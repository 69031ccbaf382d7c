from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import School, User
from apps.integrations import services
from apps.integrations.models import Delivery, WebhookEndpoint
from tests.integrations.factories import endpoint_create

pytestmark = pytest.mark.django_db

ENDPOINTS = "admin:integrations_webhookendpoint_changelist"
DELIVERIES = "admin:integrations_delivery_changelist"
ClientOf = Callable[[User], Client]


def test_admin_of_another_school_finds_nothing(
    school: School, foreign_instructor: User, client_of: ClientOf, now: datetime
) -> None:
    endpoint = endpoint_create(school, "https://lms.example/a", now)
    delivery = services.delivery_test(endpoint=endpoint, now=now)
    client = client_of(foreign_instructor)
    for row, name in ((endpoint, "webhookendpoint"), (delivery, "delivery")):
        address = reverse(f"admin:integrations_{name}_change", args=[row.pk])
        assert client.get(address).status_code == 404
    client.post(reverse(ENDPOINTS), {"action": "test_send", "_selected_action": [endpoint.pk]})
    client.post(reverse(DELIVERIES), {"action": "replay", "_selected_action": [delivery.pk]})
    assert list(Delivery.objects.all()) == [delivery]
    endpoint_data = {"school": school.pk, "url": "https://lms.example/b", "kinds": "[]"}
    client.post(reverse("admin:integrations_webhookendpoint_add"), endpoint_data)
    assert WebhookEndpoint.objects.count() == 1


def test_admin_makes_tries_and_replays(
    school: School, instructor: User, client_of: ClientOf, now: datetime
) -> None:
    client = client_of(instructor)
    add = reverse("admin:integrations_webhookendpoint_add")
    fields = {"school": school.pk, "url": "http://lms.example/a", "kinds": '["grade"]'}
    assert "https://" in str(client.post(add, fields).content)
    client.post(add, {**fields, "url": "https://lms.example/a"})
    endpoint = WebhookEndpoint.objects.get()
    assert endpoint.kinds == ["grade"]
    page = client.get(reverse("admin:integrations_webhookendpoint_change", args=[endpoint.pk]))
    assert endpoint.secret in page.content.decode()
    chosen = {"_selected_action": [endpoint.pk]}
    client.post(reverse(ENDPOINTS), {"action": "test_send", **chosen})
    client.post(reverse(ENDPOINTS), {"action": "secret_rotate", **chosen})
    endpoint_now = WebhookEndpoint.objects.get()
    assert endpoint_now.previous_secret == endpoint.secret != endpoint_now.secret
    delivery = Delivery.objects.get()
    delivery.state, delivery.finished_at = "failed", now
    delivery.save()
    log = client.get(reverse("admin:integrations_delivery_change", args=[delivery.pk]))
    assert log.status_code == 200
    client.post(reverse(DELIVERIES), {"action": "replay", "_selected_action": [delivery.pk]})
    assert Delivery.objects.get().state == "pending"
    client.post(reverse(ENDPOINTS), {"action": "disable", **chosen})
    client.post(reverse(ENDPOINTS), {"action": "test_send", **chosen})
    assert Delivery.objects.count() == 1
