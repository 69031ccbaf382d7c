"""What every app writes (events), and what keeps an installation alive."""

from apps.core.services.backups import backup_create, backup_restore
from apps.core.services.cursors import events_take
from apps.core.services.events import event_append, events_append
from apps.core.services.sweeps import (
    expired_rows_delete,
    heartbeat_write,
    sweep_claim,
    sweeps_run,
)

__all__ = [
    "backup_create",
    "backup_restore",
    "event_append",
    "events_append",
    "events_take",
    "expired_rows_delete",
    "heartbeat_write",
    "sweep_claim",
    "sweeps_run",
]
