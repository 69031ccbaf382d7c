"""What the page of privacy itself gives to a copy, and does when its person is erased."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.exports import ExportTable, rows_of
from apps.privacy.models import ErasureRequest, ExportRequest


def export_tables(user: User, _now: datetime) -> list[ExportTable]:
    return [
        ExportTable(
            "account/copies",
            _("Copies that you asked for"),
            _("When, and how large; a copy holds no other copy."),
            ("privacy.ExportRequest",),
            rows_of(
                ExportRequest.objects.filter(user=user).order_by("pk"),
                requested_at="requested_at",
                ready_at="ready_at",
                given_up_at="failed_at",
                bytes="size_bytes",
            ),
        ),
        ExportTable(
            "account/erasure",
            _("Your wish to be erased"),
            _("When you asked, and when it will be done."),
            ("privacy.ErasureRequest",),
            rows_of(
                ErasureRequest.objects.filter(user=user),
                requested_at="requested_at",
                due_at="due_at",
            ),
        ),
    ]


def person_erase(*, user: User, names: Sequence[str], now: datetime) -> None:  # noqa: ARG001
    """Drop the person's copies; the wish to be erased goes last of all."""
    ExportRequest.objects.filter(user=user).delete()
