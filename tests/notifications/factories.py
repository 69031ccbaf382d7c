"""Makers of notifications: what happens, by the product's services, and then the worker."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone, translation

from apps.accounts.models import User
from apps.classrooms.models import Classroom
from apps.grades import services as grades
from apps.grades.models import GradeItem
from apps.notifications import selectors, services
from apps.notifications.models import Notification
from tests.factories import NOW
from tests.grades.factories import manual_create

LATER = NOW + timedelta(minutes=1)


def told(now: datetime = LATER) -> list[tuple[str, str]]:
    """Run the sweep, then say who has been told of what: (name, kind), in order."""
    services.events_tell(now=now)
    rows = Notification.objects.values_list("recipient__display_name", "kind")
    return sorted(rows)


def texts(user: User, now: datetime = LATER) -> list[str]:
    """What `user` reads in the site, the oldest first."""
    rows = Notification.objects.filter(recipient=user).order_by("happened_at", "pk")
    with translation.override("en"), timezone.override("UTC"):
        return [line.text for line in selectors.lines_of(user, list(rows), now)]


def forget() -> None:
    """As if all that happened until now had been told, and forgotten."""
    services.events_tell(now=NOW)
    Notification.objects.all().delete()


def grade_release(
    classroom: Classroom,
    instructor: User,
    *students: User,
    title: str = "Presentation",
    now: datetime = NOW,
) -> GradeItem:
    """A mark by hand for each of these, and then the release."""
    item = manual_create(classroom, actor=instructor, title=title)
    marks = {student.pk: grades.Mark(Decimal("7.25")) for student in students}
    grades.marks_save(item=item, marks=marks, actor=instructor, now=NOW)
    return grades.item_release(item=item, actor=instructor, now=now)
