"""What webhooks do when a person is erased."""

from __future__ import annotations

import json
from uuid import UUID

from apps.integrations.enums import DeliveryState
from apps.integrations.models import Delivery


def person_erase(*, subject_id: UUID) -> None:
    """Leave no message that names the person by their public id, but that of their erasure.

    What they did is still told, as done by nobody; what was done to their account is not.
    subject_id: the person's public id until now.
    """
    mine = Delivery.objects.filter(body__contains=str(subject_id))
    for delivery in list(mine.filter(state=DeliveryState.PENDING)):
        message = json.loads(delivery.body)
        data = message["data"]
        if data["id"] == str(subject_id):
            if not data["is_deleted"]:
                delivery.delete()
            continue
        data["actor_id"] = None
        Delivery.objects.filter(pk=delivery.pk).update(body=json.dumps(message))
    mine.exclude(state=DeliveryState.PENDING).delete()
