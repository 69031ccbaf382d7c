"""What notifications give to a copy of everything about a person, and do when one is erased."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.exports import ExportTable, rows_of
from apps.notifications.models import Letter, Notification, Preference, Rhythm


def export_tables(user: User, _now: datetime) -> list[ExportTable]:
    return [
        ExportTable(
            "notifications/notifications",
            _("What you were told"),
            _("Of what kind, about which page, and when. No words of anybody are kept in it."),
            ("notifications.Notification",),
            rows_of(
                Notification.objects.filter(recipient=user).order_by("pk"),
                at="happened_at",
                kind="kind",
                about="subject_kind",
                page="path",
                read_at="read_at",
            ),
        ),
        ExportTable(
            "notifications/letters",
            _("Letters to you"),
            _("That you were written to, and when. What a letter said is not kept."),
            ("notifications.Letter",),
            rows_of(
                Letter.objects.filter(recipient=user).order_by("pk"),
                made_at="made_at",
                period="slot_at",
                state="state",
                finished_at="finished_at",
            ),
        ),
        ExportTable(
            "notifications/choices",
            _("How you want to be told"),
            _("Your choices, where they differ from what everybody begins with."),
            ("notifications.Preference", "notifications.Rhythm"),
            [
                *rows_of(
                    Preference.objects.filter(user=user).order_by("pk"),
                    kind="kind",
                    in_site="in_site",
                    by_email="by_email",
                ),
                *rows_of(
                    Rhythm.objects.filter(user=user),
                    letters="frequency",
                    hour="hour",
                    weekday="weekday",
                ),
            ],
        ),
    ]


def person_erase(*, user: User, names: Sequence[str], now: datetime) -> None:  # noqa: ARG001
    """Forget what the person was told, and tell them nothing more."""
    Notification.objects.filter(recipient=user).delete()
    for model in (Letter, Preference, Rhythm):
        key = "recipient" if model is Letter else "user"
        model._base_manager.filter(**{key: user}).delete()  # noqa: SLF001
