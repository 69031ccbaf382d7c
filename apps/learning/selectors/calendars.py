"""The deadlines of one student's running classes, as a file for their own calendar."""

from __future__ import annotations

import hashlib
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.errors import NotFound
from apps.learning.calendars import Entry, calendar_of
from apps.learning.models import CalendarFeed
from apps.learning.selectors.duties import (
    Deadline,
    agendas_of,
    debate_deadlines,
    learning_of,
    quiz_deadline,
)


def token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def feed_of(user: User) -> CalendarFeed | None:
    """Queries: 1."""
    return CalendarFeed.objects.filter(reader=user).first()


def keys_of(user: User, _now: datetime) -> list[str]:
    """The address, where the person has one, in words.  Queries: 1."""
    return [_("the address of your calendar")] if feed_of(user) else []


def reader_of_feed(token: str) -> User:
    """Whose address this is, as long as it is theirs.  Raises: NotFound.  Queries: 1."""
    feed = (
        CalendarFeed.objects.filter(token_hash=token_digest(token), reader__is_active=True)
        .select_related("reader")
        .first()
    )
    if feed is None:
        raise NotFound(_("There is no such calendar."))
    return feed.reader


def calendar_file(user: User, now: datetime) -> bytes:
    """Every date that `user`'s running classes have set, as it holds for them, in their language.

    Titles of what is set and of the class; no name, no grade, nothing of what was handed in.
    Queries: 3.
    """
    learning = learning_of(user)
    quizzes, debates = agendas_of(user, learning, now)
    with translation.override(user.language or settings.LANGUAGE_CODE):
        deadlines = [
            quiz_deadline(quiz)
            for quiz in quizzes
            if quiz.assignment.classroom_id in learning.running
        ]
        for debate in debates:
            deadlines += debate_deadlines(debate)
        return calendar_of(
            [_entry(each, each.at) for each in deadlines if each.at is not None],
            name=_("Majlis: deadlines"),
            host=urlsplit(settings.SITE_URL).hostname or "localhost",
            url=settings.SITE_URL + reverse("learning:home"),
        )


def _entry(deadline: Deadline, at: datetime) -> Entry:
    return Entry(
        uid=deadline.uid,
        summary=f"{capfirst(deadline.what)}: {deadline.title}",
        category=deadline.class_title,
        url=settings.SITE_URL + deadline.path,
        at=at,
        changed_at=deadline.changed_at or at,
    )
