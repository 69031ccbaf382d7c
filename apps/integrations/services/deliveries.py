"""From the outbox to the receivers: fan out, take what is due, send it, keep what came of it."""

import json
import random
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import repeat
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F
from standardwebhooks import Webhook

from apps.accounts.models import School
from apps.core import services as core
from apps.core.models import Event
from apps.integrations.enums import DeliveryState, DisabledReason
from apps.integrations.errors import EndpointDisabled
from apps.integrations.kinds import TEST_KIND, is_offered, is_wanted
from apps.integrations.models import Delivery, DeliveryAttempt, WebhookEndpoint
from apps.integrations.retries import WINDOW_SECONDS, wait_seconds
from apps.integrations.selectors import subjects_veiled
from apps.integrations.sending import Answer, post

READER = "webhooks"
EVENTS_AT_ONCE = 500
SENT_AT_ONCE = 16
LEASE = timedelta(seconds=60)  # longer than any batch of requests lasts
SWEEP_SECONDS = 20.0  # after which other sweeps have their turn
WINDOW = timedelta(seconds=WINDOW_SECONDS)
KEPT = timedelta(days=30)


@transaction.atomic
def events_fan_out(*, now: datetime) -> int:
    """Make deliveries of the next events of the outbox.  Returns: how many events were read.

    Locks: EventCursor.  Queries: 5 to 9, whatever the number of events.
    """
    events = core.events_take(reader=READER, limit=EVENTS_AT_ONCE)
    if not events:
        return 0
    schools = dict(School.objects.values_list("pk", "public_id"))
    endpoints = list(WebhookEndpoint.objects.filter(disabled_reason=DisabledReason.NONE))
    veiled = subjects_veiled((event.kind, event.subject_id) for event in events)
    Delivery.objects.bulk_create(
        (
            _delivery(endpoint, event.kind, _data(event, veiled), event.happened_at, now, event.pk)
            for event in events
            for endpoint in endpoints
            if is_offered(event.kind, has_school=event.school_id is not None)
            and event.school_id in {None, schools[endpoint.school_id]}
            and is_wanted(event.kind, endpoint.kinds)
            and event.happened_at >= endpoint.enabled_at
        ),
        batch_size=500,
        ignore_conflicts=True,
    )
    return len(events)


def deliveries_send_due(*, now: datetime) -> int:
    """Read the outbox, then send what is due.  Returns: how many requests were made.

    A delivery is taken by moving its due time ahead, so a worker killed before it noted the
    answer loses nothing: the message is sent again under the same id.
    """
    began, sent = time.monotonic(), 0
    while events_fan_out(now=now) == EVENTS_AT_ONCE:
        if time.monotonic() - began > SWEEP_SECONDS / 2:
            break
    while (elapsed := time.monotonic() - began) < SWEEP_SECONDS:
        moment = now + timedelta(seconds=elapsed)
        taken = _take(moment)
        if not taken:
            break
        with ThreadPoolExecutor(SENT_AT_ONCE) as threads:  # threads speak HTTP alone
            answers = list(threads.map(_send, taken, repeat(moment)))
        for delivery, answer in zip(taken, answers, strict=True):
            _note(delivery, answer, began_at=moment)
        sent += len(taken)
    return sent


def delivery_test(*, endpoint: WebhookEndpoint, now: datetime) -> Delivery:
    """Queue a message that tells of nothing.  Raises: EndpointDisabled."""
    _check_enabled(endpoint)
    delivery = _delivery(endpoint, TEST_KIND, {"id": str(endpoint.public_id)}, now, now, None)
    delivery.save()
    return delivery


@transaction.atomic
def delivery_replay(*, delivery: Delivery, now: datetime) -> Delivery:
    """Send once more, for another day if need be, under the same id.  Raises: EndpointDisabled.

    Locks: Delivery.
    """
    _check_enabled(delivery.endpoint)
    locked = Delivery.objects.select_for_update().get(pk=delivery.pk)
    locked.state, locked.finished_at, locked.attempt_count = DeliveryState.PENDING, None, 0
    locked.due_at, locked.give_up_at = now, now + WINDOW
    locked.save()
    return locked


def deliveries_delete_old(*, now: datetime) -> None:
    """Forget deliveries that were finished a month ago, with their attempts."""
    Delivery.objects.filter(finished_at__lt=now - KEPT).delete()
    # What waited for an endpoint that was switched off.
    Delivery.objects.filter(state=DeliveryState.PENDING, give_up_at__lt=now - KEPT).delete()


def _check_enabled(endpoint: WebhookEndpoint) -> None:
    if not endpoint.is_enabled:
        raise EndpointDisabled("This webhook is switched off; switch it on first.")


def _data(event: Event, veiled: Mapping[UUID, UUID]) -> dict[str, Any]:
    return {
        "id": str(veiled.get(event.subject_id, event.subject_id)),
        "actor_id": str(event.actor_id) if event.actor_id else None,
        "is_deleted": event.is_tombstone,
    }


def _delivery(
    endpoint: WebhookEndpoint,
    kind: str,
    data: Mapping[str, Any],
    happened_at: datetime,
    now: datetime,
    event_id: int | None,
) -> Delivery:
    return Delivery(
        public_id=uuid4(),
        endpoint=endpoint,
        event_id=event_id,
        kind=kind,
        body=json.dumps({"type": kind, "timestamp": happened_at.isoformat(), "data": data}),
        due_at=now,
        give_up_at=now + WINDOW,
        created_at=now,
    )


@transaction.atomic
def _take(now: datetime) -> list[Delivery]:
    """Some deliveries that are due and now this worker's for as long as LEASE.  Queries: 2."""
    taken = list(
        Delivery.objects.filter(
            state=DeliveryState.PENDING,
            due_at__lte=now,
            endpoint__disabled_reason=DisabledReason.NONE,
        )
        .select_related("endpoint")
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("due_at")[:SENT_AT_ONCE]
    )
    for delivery in taken:
        delivery.due_at = now + LEASE
    pks = [delivery.pk for delivery in taken]
    Delivery.objects.filter(pk__in=pks).update(due_at=now + LEASE)
    return taken


def _send(delivery: Delivery, now: datetime) -> Answer:
    return post(
        delivery.endpoint.url,
        body=delivery.body.encode(),
        headers=_headers(delivery, now),
        private_hosts=settings.WEBHOOK_PRIVATE_HOSTS,
    )


def _headers(delivery: Delivery, now: datetime) -> dict[str, str]:
    """Source: the Standard Webhooks specification, "Signature scheme" and "Key rotation"."""
    endpoint, message_id = delivery.endpoint, f"msg_{delivery.public_id.hex}"
    keys = [endpoint.secret]
    if endpoint.previous_secret_until and now < endpoint.previous_secret_until:
        keys.append(endpoint.previous_secret)
    return {
        "Content-Type": "application/json",
        "User-Agent": "Majlis-Webhooks/1",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(
            Webhook(key).sign(message_id, now, delivery.body) for key in keys
        ),
    }


@transaction.atomic
def _note(delivery: Delivery, answer: Answer, *, began_at: datetime) -> None:
    """Keep what came of an attempt, and decide what follows.

    A failure changes nothing for a delivery that another worker has taken meanwhile.
    """
    # Deleted with its endpoint while it was sent: there is nothing to keep.
    if not Delivery.objects.select_for_update().filter(pk=delivery.pk).exists():
        return
    DeliveryAttempt.objects.create(
        delivery=delivery,
        began_at=began_at,
        duration_seconds=answer.seconds,
        status=answer.status,
        error=answer.error,
    )
    ended_at = began_at + timedelta(seconds=answer.seconds)
    rows = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.PENDING)
    count = {"attempt_count": F("attempt_count") + 1}
    if answer.is_success:
        rows.update(state=DeliveryState.DELIVERED, finished_at=ended_at, **count)
        return
    wait = wait_seconds(delivery.attempt_count + 1, random.random())  # noqa: S311 - no secret
    due_at = ended_at + timedelta(seconds=wait)
    mine = rows.filter(due_at=delivery.due_at)
    if answer.status == 410:
        mine.update(state=DeliveryState.FAILED, finished_at=ended_at, **count)
        WebhookEndpoint.objects.filter(pk=delivery.endpoint_id).update(
            disabled_reason=DisabledReason.GONE
        )
    elif due_at > delivery.give_up_at:
        mine.update(state=DeliveryState.FAILED, finished_at=ended_at, **count)
    else:
        mine.update(due_at=due_at, **count)
