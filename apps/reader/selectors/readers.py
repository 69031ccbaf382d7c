"""Who is reading, in the plain case, at the price of two rows and nothing compiled."""

from __future__ import annotations

import re

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections, router
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from apps.accounts.models import User

SESSION = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"
FIELDS = ["id", "public_id", "password", "email", "display_name", "language", "is_staff"]
PERSON = f"SELECT {', '.join(FIELDS)} FROM accounts_user WHERE id = %s AND is_active"  # noqa: S608

_KEY = re.compile(r"[a-z0-9]{32}")


def reader_of(session_key: str) -> User | None:
    """The person whose session this plainly is; None: ask django.contrib.auth.get_user.

    Accepts what get_user accepts and less: a session that has not expired, made by a log-in of
    ours, of an active person whose password and the installation's key are still those of the
    log-in. An expired or forged session, or one under an older key, is left to Django's rules.
    The person has FIELDS loaded.  Queries: 2.
    """
    if not _KEY.fullmatch(session_key):
        return None
    connection = connections[router.db_for_read(User)]
    with connection.cursor() as cursor:
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        cursor.execute(SESSION, [session_key, now])
        row = cursor.fetchone()
        values = SessionStore(session_key).decode(row[0]) if row else {}
        if values.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
            return None
        cursor.execute(PERSON, [int(values[SESSION_KEY])])
        row = cursor.fetchone()
    if row is None:
        return None
    user = User.from_db(connection.alias, FIELDS, row)
    is_same = constant_time_compare(values.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
    return user if is_same else None
