"""A school's webhooks over the API: kept by its own program, and what came of each message."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import School
from apps.integrations.models import Delivery, WebhookEndpoint
from tests.api.conftest import client_create
from tests.api.test_classes import send

pytestmark = pytest.mark.django_db


def test_school_keeps_its_webhooks(lms: Client, school: School, other_school: School) -> None:
    wish = {"url": "https://lms.example/hook", "kinds": ["grade"]}
    made = send(lms, "post", "webhooks", wish)
    assert made.status_code == 201
    assert "secret" not in made.content.decode().replace("secret_", "")
    place = f"webhooks/{made.json()['id']}"
    row = WebhookEndpoint.objects.get()
    faults: list[dict[str, Any]] = [{"url": "http://lms.example/"}, {"url": "x"}]
    for bad in (*faults, {"kinds": ["secrets"]}):
        answer = send(lms, "post", "webhooks", {"url": "https://lms.example/other", **bad})
        assert answer.json()["errors"][0]["field"] == next(iter(bad))
    assert send(lms, "post", "webhooks", wish).json()["errors"][0]["field"] == ""  # twice
    told = send(lms, "post", f"{place}/secret")
    row.refresh_from_db()
    assert (told.status_code, told.json()["secret"]) == (201, row.secret)
    assert "no-store" in told["Cache-Control"]
    tag = lms.get(f"/api/v1/{place}")["ETag"]
    off = send(lms, "patch", place, {"is_enabled": False}, tag)
    assert off.json()["disabled_reason"] == "by_hand"
    assert send(lms, "post", f"{place}/test").json()["code"] == "webhook_disabled"
    on = send(lms, "patch", place, {"is_enabled": True}, off["ETag"])
    assert on.json()["disabled_reason"] == ""
    message = send(lms, "post", f"{place}/test").json()
    assert (message["last_status"], message["last_error"]) == (None, None)
    for status, error in ((503, ""), (None, "TimeoutError: slow")):
        Delivery.objects.get().attempts.create(
            began_at=timezone.now(), duration_seconds=1, status=status, error=error
        )
    Delivery.objects.update(state="failed", finished_at=timezone.now())
    log = lms.get(f"/api/v1/webhook-deliveries?webhook={row.public_id}&state=failed").json()
    assert [(each["id"], each["last_status"], each["last_error"]) for each in log["results"]] == [
        (message["id"], None, "TimeoutError: slow")
    ]
    replayed = send(lms, "post", f"webhook-deliveries/{message['id']}/replay")
    assert (replayed.status_code, replayed.json()["state"]) == (201, "pending")
    assert client_create(other_school).get(f"/api/v1/{place}").status_code == 404
    assert send(lms, "delete", place, tag=on["ETag"]).status_code == 204
    assert not WebhookEndpoint.objects.exists()
