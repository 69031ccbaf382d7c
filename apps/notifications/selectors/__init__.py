"""Reads of notifications: whom an event concerns, and what its reader may see of it."""

from apps.notifications.selectors.clocks import clock_of, preferences_of, rhythm_of
from apps.notifications.selectors.inbox import (
    COUNTED,
    Day,
    Group,
    Inbox,
    inbox_of,
    kinds_for,
    listed_to,
    notification_for,
    teaches,
    unread_count,
)
from apps.notifications.selectors.letters import letter_lines
from apps.notifications.selectors.lines import Line, lines_of

__all__ = [
    "COUNTED",
    "Day",
    "Group",
    "Inbox",
    "Line",
    "clock_of",
    "inbox_of",
    "kinds_for",
    "letter_lines",
    "lines_of",
    "listed_to",
    "notification_for",
    "preferences_of",
    "rhythm_of",
    "teaches",
    "unread_count",
]
