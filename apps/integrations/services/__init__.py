"""Every write of webhooks. Admin, API and worker call these."""

from apps.integrations.services.deliveries import (
    deliveries_delete_old,
    deliveries_send_due,
    delivery_replay,
    delivery_test,
    events_fan_out,
)
from apps.integrations.services.endpoints import (
    endpoint_create,
    endpoint_delete,
    endpoint_disable,
    endpoint_enable,
    endpoint_rotate_secret,
    endpoint_update,
)

__all__ = [
    "deliveries_delete_old",
    "deliveries_send_due",
    "delivery_replay",
    "delivery_test",
    "endpoint_create",
    "endpoint_delete",
    "endpoint_disable",
    "endpoint_enable",
    "endpoint_rotate_secret",
    "endpoint_update",
    "events_fan_out",
]
