"""Reads of the outbox: what happened at a school, and what left a list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from apps.accounts.models import School
from apps.core.models import Event
from apps.integrations import kinds


def changes(school: School, since: int, until: int) -> QuerySet[Event]:
    """What happened at a school, or to what every school may teach, after one event up to another.

    The same kinds as webhooks tell.
    """
    own = Q(school_id=school.public_id) & _of_nouns(kinds.NOUNS)
    shared = Q(school_id__isnull=True) & _of_nouns(kinds.SHARED_NOUNS)
    return Event.objects.filter(own | shared, id__gt=since, id__lte=until)


def gone(
    within: UUID, kinds: Sequence[str], since: datetime, rows: QuerySet[Any], known_by: str
) -> QuerySet[Any]:
    """What went from the list `rows` of a class or course since, as {subject_id, gone_at}.

    kinds: the events by which something leaves that list; what came back is in `rows` again.
    known_by: the event by which it came to be seen; "": it always was.
    """
    events = Event.objects.filter(within_id=within, kind__in=kinds, happened_at__gte=since)
    still = rows.order_by().filter(public_id=OuterRef("subject_id"))
    events = events.filter(~Exists(still))
    if known_by:
        shown = Event.objects.filter(subject_id=OuterRef("subject_id"), kind=known_by)
        events = events.filter(Exists(shown))
    found = events.order_by().values("subject_id").annotate(gone_at=Max("happened_at"))
    return found.order_by("gone_at", "subject_id")


def _of_nouns(nouns: Iterable[str]) -> Q:
    wanted = Q()
    for noun in nouns:
        wanted |= Q(kind__startswith=f"{noun}.")
    return wanted
