"""What learning gives to a copy of everything about a person, and does when one is erased."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.exports import ExportTable, rows_of
from apps.learning.models import CalendarFeed, LessonProgress


def export_tables(user: User, _now: datetime) -> list[ExportTable]:
    return [
        ExportTable(
            "learning/progress",
            _("How far you have read"),
            _("For each lesson: the sections you have seen, where you stopped, what you said."),
            ("learning.LessonProgress",),
            rows_of(
                LessonProgress.objects.filter(reader=user).order_by("pk"),
                lesson="lesson__title",
                seen="seen",
                stopped_at="resume_anchor",
                stopped_there_at="resume_at",
                first_opened_at="first_opened_at",
                updated_at="updated_at",
                read_at="read_at",
                marked_as_read_at="declared_at",
                taken_back_at="retracted_at",
            ),
        ),
        ExportTable(
            "learning/calendar",
            _("Your calendar address"),
            _("Since when you have one. The address itself is nowhere kept."),
            ("learning.CalendarFeed",),
            rows_of(CalendarFeed.objects.filter(reader=user), made_at="created_at"),
        ),
    ]


def person_erase(*, user: User, names: Sequence[str], now: datetime) -> None:  # noqa: ARG001
    """Forget what the person has read."""
    LessonProgress.objects.filter(reader=user).delete()
    CalendarFeed.objects.filter(reader=user).delete()
