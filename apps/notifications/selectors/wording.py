"""What every sentence of a notification is made with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.formats import date_format
from django.utils.timezone import localtime

from apps.accounts.models import User
from apps.notifications.models import Notification


@dataclass(frozen=True, slots=True)
class Reader:
    """roles: {class: what they are in it}, of the classes they are in."""

    user: User
    roles: dict[int, str]
    now: datetime


Wording = dict[int, tuple[str, bool]]  # {notification's pk: (text, whether it is stale)}
Rows = Sequence[Notification]


def moment_text(value: datetime) -> str:
    local = localtime(value)
    return f"{date_format(local, 'DATETIME_FORMAT')} ({local.tzname()})"


def subject_ids(rows: Rows) -> set[UUID]:
    return {row.subject_id for row in rows}
