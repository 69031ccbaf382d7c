"""Reads of what is somebody's, wherever it is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.utils.module_loading import import_string

from apps.accounts.models import User


def keys_of(user: User, now: datetime) -> list[str]:
    """What opens something of the person's without their password, in words of the language in use.

    Asked of each app that settings.ACCOUNT_KEYS names.  Queries: 3.
    """
    found: list[str] = []
    for path, _end in settings.ACCOUNT_KEYS:
        selector: Callable[[User, datetime], list[str]] = import_string(path)
        found += selector(user, now)
    return found
