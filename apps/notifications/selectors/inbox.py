"""What somebody is told in the site."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.classrooms.enums import STAFF_ROLES
from apps.classrooms.models import Enrolment
from apps.core.errors import NotFound
from apps.notifications.enums import FOR_STAFF, Kind
from apps.notifications.models import Notification
from apps.notifications.selectors.lines import Line, lines_of

PAGE = 40
COUNTED = 100  # beyond it a number says no more than “many”


@dataclass(frozen=True, slots=True)
class Group:
    """What happened in one class on one day; class_title: "" where it is about no class."""

    class_title: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    groups: list[Group]


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of it.  unread, read: the newest day first.

    unread_count: of all pages, COUNTED at most.  later, earlier: numbers of pages, None for none.
    """

    unread: list[Day]
    read: list[Day]
    unread_count: int
    later: int | None
    earlier: int | None


def inbox_of(user: User, number: int, now: datetime) -> Inbox:
    """The page `number`, from 1: first what is unread, then the rest, each the newest first.

    Queries: 2, and twice those of lines_of.
    """
    start = (number - 1) * PAGE
    rows = list(
        listed_to(user)
        .annotate(is_read=Q(read_at__isnull=False))
        .order_by("is_read", "-happened_at", "-pk")[start : start + PAGE + 1]
    )
    lines = lines_of(user, rows[:PAGE], now)
    return Inbox(
        unread=_days(line for line in lines if line.notification.read_at is None),
        read=_days(line for line in lines if line.notification.read_at is not None),
        unread_count=unread_count(user, now),
        later=number - 1 if number > 1 else None,
        earlier=number + 1 if len(rows) > PAGE else None,
    )


def unread_count(user: User, now: datetime) -> int:
    """How many unread ones a look at the list would show, COUNTED at most.

    Queries: 1, and those of lines_of where there are any.
    """
    rows = list(listed_to(user).filter(read_at__isnull=True).order_by("-happened_at")[:COUNTED])
    return len(lines_of(user, rows, now)) if rows else 0


def notification_for(user: User, public_id: UUID) -> Notification:
    """One of the person's own.  Raises: NotFound.  Queries: 1."""
    row = Notification.objects.filter(recipient=user, public_id=public_id).first()
    if row is None:
        raise NotFound(_("There is no such notification."))
    return row


def teaches(user: User) -> bool:
    """Whether they mark and moderate in any class.  Queries: 1."""
    return Enrolment.objects.active().filter(user=user, role__in=STAFF_ROLES).exists()


def kinds_for(user: User) -> list[Kind]:
    """Of what they are ever told.  Queries: 1."""
    is_staff = teaches(user)
    return [kind for kind in Kind if is_staff or kind not in FOR_STAFF]


def listed_to(user: User) -> QuerySet[Notification]:
    """What the site tells; through a school's program, what is about that school's classes."""
    rows = Notification.objects.filter(recipient=user, is_listed=True)
    through = user.through_school_id
    return rows if through is None else rows.filter(classroom__school=through)


def _days(lines: Iterable[Line]) -> list[Day]:
    """By the reader's days, and in each by class, in the order of the newest."""
    return [
        Day(day, _groups(list(these)))
        for day, these in groupby(lines, key=lambda line: localdate(line.notification.happened_at))
    ]


def _groups(lines: list[Line]) -> list[Group]:
    titles: dict[int | None, Group] = {}
    for line in lines:
        key = line.notification.classroom_id
        titles.setdefault(key, Group(line.class_title, [])).lines.append(line)
    return list(titles.values())
