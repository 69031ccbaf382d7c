"""What every app writes (events), and what keeps an installation alive."""

from apps.core.services.backups import (
    backup_create,
    backup_restore,
    backups_delete_old,
    backups_expire,
)
from apps.core.services.cursors import events_settled, events_take
from apps.core.services.erasing import (
    counts_forget,
    erasing,
    events_forget,
    leftovers_clean,
    letters_forget,
    words_redact,
)
from apps.core.services.events import event_append, events_append
from apps.core.services.sweeps import (
    expired_rows_delete,
    heartbeat_write,
    sweep_claim,
    sweeps_run,
    tables_analyse,
)

__all__ = [
    "backup_create",
    "backup_restore",
    "backups_delete_old",
    "backups_expire",
    "counts_forget",
    "erasing",
    "event_append",
    "events_append",
    "events_forget",
    "events_settled",
    "events_take",
    "expired_rows_delete",
    "heartbeat_write",
    "leftovers_clean",
    "letters_forget",
    "sweep_claim",
    "sweeps_run",
    "tables_analyse",
    "words_redact",
]
