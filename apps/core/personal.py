"""What the outbox gives to a copy of everything about a person."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from apps.core.exports import ExportTable, rows_of
from apps.core.models import Event


def export_tables(public_id: UUID) -> list[ExportTable]:
    """public_id: the person's."""
    mine = Event.objects.filter(Q(actor_id=public_id) | Q(subject_id=public_id)).order_by("pk")
    return [
        ExportTable(
            "events/events",
            _("The record of events"),
            _("That you did something, or something was done to your account: what kind, when."),
            ("core.Event",),
            rows_of(mine, at="happened_at", kind="kind"),
        ),
    ]
