"""Telling people, once each: from the outbox and the clock to notifications and letters."""

from apps.notifications.services.choices import (
    Choice,
    choices_save,
    letters_end,
    letters_reschedule,
)
from apps.notifications.services.letters import (
    letter_compose,
    letters_make,
    letters_send_due,
    letters_unsubscribe,
    message_id,
    unsubscribe_url,
)
from apps.notifications.services.reading import (
    notification_read,
    notifications_delete_old,
    notifications_read,
)
from apps.notifications.services.telling import (
    deadlines_tell,
    events_fan_out,
    events_tell,
    phases_tell,
)

__all__ = [
    "Choice",
    "choices_save",
    "deadlines_tell",
    "events_fan_out",
    "events_tell",
    "letter_compose",
    "letters_end",
    "letters_make",
    "letters_reschedule",
    "letters_send_due",
    "letters_unsubscribe",
    "message_id",
    "notification_read",
    "notifications_delete_old",
    "notifications_read",
    "phases_tell",
    "unsubscribe_url",
]
